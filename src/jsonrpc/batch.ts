/**
 * Cuts a batch (revision 2025-03-26 only) into the bytes of its members.
 * @module
 */

import { endOfString, type Words, wordsOf } from "./plain_bytes.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** The members of a batch as bytes, or why there are none. */
export type Split =
  | { readonly ok: true; readonly members: readonly Uint8Array[] }
  | { readonly ok: false; readonly fault: "broken" | "too_many" };

/** Tells whether the first byte that is no white space opens an array. */
export function opensBatch(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) at++;
  return bytes[at] === OPEN_ARRAY;
}

/**
 * Cuts an array at its own commas. Each member must still be read: only strings and brackets are
 * understood here, so that valid JSON is cut rightly and anything else gives members that fail.
 */
export function splitBatch(bytes: Uint8Array, maxMembers: number): Split {
  const members: Uint8Array[] = [];
  let at = bytes.indexOf(OPEN_ARRAY) + 1;
  let from = at;
  let depth = 1;
  let words: Words | undefined;
  while (at < bytes.length) {
    const byte = bytes[at++] ?? 0;
    if (byte === QUOTE) {
      words ??= wordsOf(bytes);
      at = endOfString(bytes, { view: words, from: at }) + 1;
    } else if ((byte | 0x20) === 0x7b) depth++; // "[" or "{"
    else if ((byte | 0x20) === 0x7d && --depth === 0) {
      if (byte !== CLOSE_ARRAY || !isBlank(bytes, at, bytes.length)) break;
      if (members.length > 0 || !isBlank(bytes, from, at - 1)) {
        if (members.length === maxMembers) return { ok: false, fault: "too_many" };
        members.push(bytes.subarray(from, at - 1));
      }
      return { ok: true, members };
    } else if (byte === COMMA && depth === 1) {
      if (members.length === maxMembers) return { ok: false, fault: "too_many" };
      members.push(bytes.subarray(from, at - 1));
      from = at;
    }
  }
  return { ok: false, fault: "broken" };
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isSpace(bytes[at] ?? 0)) return false;
  return true;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
