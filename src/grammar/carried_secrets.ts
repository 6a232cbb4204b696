/**
 * Secrets that a text carries openly, percent-encoded as links have them, or in Base64.
 * @module
 */

import { findSecrets, type SecretMatch } from "./secrets.ts";

/** Double encoding is what redirects make; more is made by nobody. */
const ROUNDS = 2;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
/** The shortest secret that is known is 20 characters, 27 in Base64. */
const SHORTEST_WORD = 27;

/**
 * The rule of the first secret that a text carries, openly or percent-encoded, in Base64 or not.
 * Linear.
 */
export function carriedSecret(text: string): string | undefined {
  return carriedIn(text, undefined);
}

/** The same for several readings of one text, of which some become one another by decoding: none is looked at twice. */
export function carriedSecretInAny(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const text of texts) {
    const rule = carriedIn(text, seen);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

function carriedIn(text: string, seen: Set<string> | undefined): string | undefined {
  let view = text;
  for (let round = 0; round <= ROUNDS; round++) {
    if (seen?.has(view) !== true) {
      const [first] = findCarriedSecrets(view);
      if (first !== undefined) return first.rule;
      seen?.add(view);
    }
    const decoded = view.includes("%") ? view.replace(ESCAPES, decodeEscapes) : view;
    if (decoded === view) return undefined;
    view = decoded;
  }
  return undefined;
}

/** Finds secrets, and words of Base64 that hold one, in order and without overlaps. Linear. */
export function findCarriedSecrets(text: string): readonly SecretMatch[] {
  const open = findSecrets(text);
  const words = base64Words(text);
  const encoded = words.length === 0 ? NONE : words.flatMap(inBase64);
  if (encoded.length === 0) return open;
  const all = [...open, ...encoded].sort((a, b) => a.start - b.start);
  let end = 0;
  return all.filter((one) => {
    const apart = one.start >= end;
    if (apart) end = one.end;
    return apart;
  });
}

const NONE: readonly SecretMatch[] = [];

interface Base64Word {
  readonly word: string;
  readonly start: number;
}

/** Characters of both alphabets of Base64. */
const IN_BASE64 = Uint8Array.from(
  { length: 128 },
  (_, code) => /[0-9A-Za-z+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

const NOT_BASE64 = /[^0-9A-Za-z+/_-]/g;

/** Looks only at every 27th character until one is of the alphabet. */
function base64Words(text: string): readonly Base64Word[] {
  const words: Base64Word[] = [];
  let from = 0;
  for (let probe = SHORTEST_WORD - 1; probe < text.length; probe = from + SHORTEST_WORD - 1) {
    let start = probe;
    while (start >= from && IN_BASE64[text.charCodeAt(start)] === 1) start--;
    if (start >= from) {
      from = start + 1;
      continue;
    }
    NOT_BASE64.lastIndex = probe;
    const end = NOT_BASE64.test(text) ? NOT_BASE64.lastIndex - 1 : text.length;
    words.push({ word: text.slice(from, end), start: from });
    from = end + 1;
  }
  return words;
}

function inBase64({ word, start }: Base64Word): readonly SecretMatch[] {
  const [first] = findSecrets(decodeBase64(word));
  return first === undefined ? [] : [{ rule: first.rule, start, end: start + word.length }];
}

/** Decodes as far as whole groups of four go; the alphabet is known to be right. */
function decodeBase64(word: string): string {
  const whole = word.length % 4 === 1 ? word.slice(0, -1) : word;
  return atob(whole.replaceAll("-", "+").replaceAll("_", "/"));
}

/** Byte for byte: secrets are ASCII, and whatever is not UTF-8 may stand beside them. */
function decodeEscapes(escapes: string): string {
  let bytes = "";
  for (let at = 1; at < escapes.length; at += 3) {
    bytes += String.fromCharCode(parseInt(escapes.slice(at, at + 2), 16));
  }
  return bytes;
}
