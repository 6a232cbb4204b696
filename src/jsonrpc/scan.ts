/**
 * The strict scan: what JSON.parse would swallow or be drowned by, found in the bytes before it runs.
 *
 * Whether the bytes are JSON at all is left to JSON.parse. The scan only has to see every byte of
 * valid JSON as JSON.parse does; on other bytes it may find any fault, or none.
 * @module
 */

import type { Limits } from "../base/limits.ts";
import type { ParseFault, Sender } from "./message.ts";
import { type LongNumber, Numbers } from "./numbers.ts";
import { ObjectKeys } from "./object_keys.ts";
import { findQuoteOrBackslash, NEAR, type Words, wordsOf } from "./plain_bytes.ts";
import { hex4, lowSurrogateAt } from "./unescape.ts";

/** What the scan of a frame is bounded by. */
export interface ScanOptions {
  readonly sender: Sender;
  readonly limits: Limits;
  /** How many values the frame may still hold; `maxMessageValues` less those of other members of its batch. */
  readonly maxValues: number;
}

/** What the scan saw. */
export type Scanned =
  | {
    readonly ok: true;
    /** JSON values, containers and scalars alike. */
    readonly values: number;
    /** The numbers that a double would not print back as they were written. */
    readonly longNumbers: readonly LongNumber[];
    /** Some escape is half of a surrogate pair (an upstream's only; a client's is a fault). */
    readonly loneSurrogates: boolean;
    /** A CR or LF stands between tokens. */
    readonly lineBreaks: boolean;
  }
  | { readonly ok: false; readonly fault: ParseFault; readonly values: number };

const ARRAY = -1;
const MAX_QUOTED = 200; // characters of a key or number that go into a fault

const keys = new ObjectKeys();
const numbers = new Numbers();
/** For each open container where its keys start in `keys`, or ARRAY. */
let bases = new Int32Array(128);

/** Scans one JSON document. Not reentrant; holds nothing of the frame afterwards. */
export function scan(bytes: Uint8Array, options: ScanOptions): Scanned {
  keys.begin(bytes);
  numbers.begin();
  try {
    return scanDocument(bytes, options);
  } finally {
    keys.end();
  }
}

function scanDocument(bytes: Uint8Array, { sender, limits, maxValues }: ScanOptions): Scanned {
  const end = bytes.length;
  const { maxDepth } = limits;
  const fromClient = sender === "client";
  const maxMembers = fromClient ? limits.maxObjectMembers : Infinity;
  if (bases.length <= maxDepth) bases = new Int32Array(maxDepth + 1);
  const base = bases;
  let at = 0;
  let depth = 0;
  let values = 0;
  let keysFrom = ARRAY; // of the innermost container
  let expectKey = false;
  let loneSurrogates = false;
  let lineBreaks = false;
  let words: Words | undefined;

  while (at < end) {
    const byte = bytes[at] ?? 0;
    switch (byte) {
      case 0x22: { // "
        const start = ++at;
        let escaped = false;
        let near = start + NEAR;
        for (;;) {
          if (at >= end) return failed({ code: "not_json", detail: "a string has no end" }, values);
          const inner = bytes[at] ?? 0;
          if (inner === 0x22) break;
          if (inner === 0x5c) {
            escaped = true;
            if (bytes[at + 1] !== 0x75) at += 2;
            else {
              const unit = hex4(bytes, at + 2);
              if (unit < 0) {
                return failed({ code: "not_json", detail: `a bad escape at byte ${at}` }, values);
              }
              at += 6;
              if ((unit & 0xf800) === 0xd800) {
                if (unit < 0xdc00 && lowSurrogateAt(bytes, at)) at += 6;
                else if (fromClient) return failed({ code: "lone_surrogate" }, values);
                else loneSurrogates = true;
              }
            }
            near = at + NEAR;
          } else if (++at === near) {
            words ??= wordsOf(bytes);
            at = findQuoteOrBackslash(words, at);
            near = at + NEAR;
          }
        }
        if (expectKey) {
          expectKey = false;
          const index = keys.push(start, at, escaped);
          if (index - keysFrom >= maxMembers) {
            return failed(overLimit("maxObjectMembers", maxMembers), values);
          }
          if (bytes[start] === 0x5f || escaped) {
            if (keys.is(index, "__proto__")) {
              return failed({ code: "forbidden_key", key: "__proto__" }, values);
            }
          }
          // See base/json.ts, endsNameInBackslash().
          if (escaped && keys.lastByte(index) === 0x5c) {
            return failed({ code: "forbidden_key", key: keys.text(index) }, values);
          }
        } else if (++values > maxValues) return tooManyValues(limits, values);
        at++;
        break;
      }
      case 0x2c: // ,
        expectKey = keysFrom !== ARRAY;
        at++;
        break;
      case 0x3a: // :
      case 0x20:
      case 0x09:
        at++;
        break;
      case 0x0a:
      case 0x0d:
        lineBreaks = true;
        at++;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (depth === maxDepth) {
          return failed({ code: "too_deep", limit: "maxDepth", max: maxDepth }, values);
        }
        if (++values > maxValues) return tooManyValues(limits, values);
        base[depth++] = keysFrom;
        expectKey = byte === 0x7b;
        keysFrom = expectKey ? keys.count : ARRAY;
        at++;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        if (depth === 0 || (byte === 0x7d) !== (keysFrom !== ARRAY)) return unexpected(at, values);
        if (keysFrom !== ARRAY) {
          const twin = keys.close(keysFrom);
          if (twin >= 0) {
            const key = keys.text(twin).slice(0, MAX_QUOTED);
            return failed({ code: "duplicate_key", key }, values);
          }
        }
        keysFrom = base[--depth] ?? ARRAY;
        expectKey = false;
        at++;
        break;
      case 0x74: // true
      case 0x66: // false
      case 0x6e: // null
        if (++values > maxValues) return tooManyValues(limits, values);
        at += byte === 0x66 ? 5 : 4;
        break;
      default: {
        const isNumber = byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
        if (!isNumber || expectKey) return unexpected(at, values);
        if (++values > maxValues) return tooManyValues(limits, values);
        const start = at;
        let isInteger = true;
        while (++at < end) {
          const inner = bytes[at] ?? 0;
          if (inner >= 0x30 && inner <= 0x39) continue;
          if (inner !== 0x2e && (inner | 0x20) !== 0x65 && inner !== 0x2b && inner !== 0x2d) break;
          isInteger = false;
        }
        // A shorter integer survives a double, but for -0.
        const isShort = at - start <= 15 && (byte !== 0x2d || bytes[start + 1] !== 0x30);
        if (!isInteger || !isShort) numbers.note(bytes, start, at);
      }
    }
  }
  if (depth !== 0) return failed({ code: "not_json", detail: "the text ends too early" }, values);
  const settled = numbers.settle(bytes);
  switch (settled.kind) {
    case "malformed":
      return failed({ code: "not_json", detail: "a malformed number" }, values);
    case "out_of_range": {
      const text = settled.text.slice(0, MAX_QUOTED);
      return failed({ code: "number_out_of_range", text }, values);
    }
    case "kept":
      return { ok: true, values, longNumbers: settled.numbers, loneSurrogates, lineBreaks };
  }
}

function failed(fault: ParseFault, values: number): Scanned {
  return { ok: false, fault, values };
}

function overLimit(limit: keyof Limits, max: number): ParseFault {
  return { code: "too_large", limit, max };
}

function tooManyValues(limits: Limits, values: number): Scanned {
  return failed(overLimit("maxMessageValues", limits.maxMessageValues), values);
}

function unexpected(at: number, values: number): Scanned {
  return failed({ code: "not_json", detail: `an unexpected byte at ${at}` }, values);
}
