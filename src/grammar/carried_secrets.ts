/**
 * Secrets that a text carries openly, percent-encoded as links have them, or in Base64.
 * @module
 */

import { findSecrets } from "./secrets.ts";

/** Double encoding is what redirects make; more is made by nobody. */
const ROUNDS = 2;
const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;
/** The shortest secret that is known is 20 characters, 27 in Base64. */
const BASE64_WORDS = /[0-9A-Za-z+/_-]{27,}/g;

/** The rule of the first secret found in a text or in what its encoded parts say. Linear. */
export function carriedSecret(text: string): string | undefined {
  let view = text;
  for (let round = 0; round <= ROUNDS; round++) {
    const rule = findSecrets(view)[0]?.rule ?? inBase64(view);
    if (rule !== undefined) return rule;
    const decoded = view.includes("%") ? view.replace(ESCAPES, decodeEscapes) : view;
    if (decoded === view) return undefined;
    view = decoded;
  }
  return undefined;
}

function inBase64(text: string): string | undefined {
  for (const [word] of text.matchAll(BASE64_WORDS)) {
    const rule = findSecrets(decodeBase64(word))[0]?.rule;
    if (rule !== undefined) return rule;
  }
  return undefined;
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
