/**
 * Secrets that a text carries openly, percent-encoded as links have them, or in Base64.
 * @module
 */

import { findSecrets, type SecretMatch } from "./secrets.ts";

/** Double encoding is what redirects make; more is made by nobody. */
const ROUNDS = 2;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
/** The shortest secret that is known is 20 characters, 27 in Base64. */
const BASE64_WORDS = /[0-9A-Za-z+/_-]{27,}/g;

/**
 * The rule of the first secret that a text carries, openly or percent-encoded, in Base64 or not.
 * Linear.
 */
export function carriedSecret(text: string): string | undefined {
  let view = text;
  for (let round = 0; round <= ROUNDS; round++) {
    const [first] = findCarriedSecrets(view);
    if (first !== undefined) return first.rule;
    const decoded = view.includes("%") ? view.replace(ESCAPES, decodeEscapes) : view;
    if (decoded === view) return undefined;
    view = decoded;
  }
  return undefined;
}

/** Finds secrets, and words of Base64 that hold one, in order and without overlaps. Linear. */
export function findCarriedSecrets(text: string): readonly SecretMatch[] {
  const open = findSecrets(text);
  const encoded = [...text.matchAll(BASE64_WORDS)].flatMap(inBase64);
  if (encoded.length === 0) return open;
  const all = [...open, ...encoded].sort((a, b) => a.start - b.start);
  return all.filter((one, place) => one.start >= (all[place - 1]?.end ?? 0));
}

function inBase64(word: RegExpExecArray): readonly SecretMatch[] {
  const [text] = word;
  const [first] = findSecrets(decodeBase64(text));
  if (first === undefined) return [];
  return [{ rule: first.rule, start: word.index, end: word.index + text.length }];
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
