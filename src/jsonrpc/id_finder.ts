/**
 * Finds the id of a message that cannot be held or read: too long, too deep or broken.
 * @module
 */

import { DEFAULT_LIMITS } from "../base/limits.ts";
import { isRequestId } from "./envelope.ts";
import type { RequestId } from "./message.ts";
import { endOfString, type Words, wordsOf } from "./plain_bytes.ts";
import { unescape } from "./unescape.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const CASE_BIT = 0x20;
/** An escape is up to six times as long as what it stands for. */
const ESCAPE_BYTES = 6;
const MAX_KEY_BYTES = ESCAPE_BYTES * "method".length;

type Key = "id" | "method" | "other";

/** Where in the line the finder is. `text`: inside a string. `scalar`: inside the number that may be the id. */
type Place = "before" | "tokens" | "text" | "scalar" | "after";

/**
 * Reads a line in one pass, chunk by chunk, and keeps no more of it than an id may have bytes.
 *
 * The id is that of the outermost object, and is known once its value has ended. Two ids in one
 * object are none, as one cannot tell which of them the other side would take. A batch has no id.
 */
export class IdFinder {
  readonly #maxIdBytes: number;
  #place: Place = "before";
  /** The chunk at hand as words, once a string was met. */
  #view: Words | undefined;
  #depth = 0;
  /** The last byte of the chunk before was the backslash of an escape. */
  #escaping = false;
  /** The next string of the outermost object is a key. */
  #expectKey = false;
  #key: Key = "other";
  /** The bytes of the token at hand when it is a key of the outermost object or its id. */
  #token: Uint8Array = new Uint8Array(MAX_KEY_BYTES);
  /** Bytes in `#token`; -1 when the token is not kept. */
  #tokenEnd = -1;
  #ids = 0;
  #id: RequestId | undefined;
  #hasMethod = false;

  constructor(maxIdBytes: number = DEFAULT_LIMITS.maxIdBytes) {
    this.#maxIdBytes = maxIdBytes;
  }

  /** The id of the outermost object, when it has one and that is a valid one. */
  get id(): RequestId | undefined {
    return this.#ids === 1 ? this.#id : undefined;
  }

  /** Whether the outermost object has a member `method`. */
  get hasMethod(): boolean {
    return this.#hasMethod;
  }

  /** Takes the next bytes of the line. */
  push(chunk: Uint8Array): void {
    this.#view = undefined;
    let at = 0;
    while (at < chunk.length) {
      switch (this.#place) {
        case "before":
          at = this.#before(chunk, at);
          break;
        case "tokens":
          at = this.#tokens(chunk, at);
          break;
        case "text":
          at = this.#text(chunk, at);
          break;
        case "scalar":
          at = this.#scalar(chunk, at);
          break;
        case "after":
          return;
      }
    }
  }

  #before(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++] ?? 0;
      if (byte === OPEN_OBJECT) {
        this.#place = "tokens";
        this.#depth = 1;
        this.#expectKey = true;
        return at;
      }
      // 0xef 0xbb 0xbf is a byte order mark: it makes the line unreadable, not its id
      if (!isSpace(byte) && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) {
        this.#place = "after";
        return at;
      }
    }
    return at;
  }

  /** Reads tokens of the outermost object, up to a string, a container in it, or its end. */
  #tokens(chunk: Uint8Array, from: number): number {
    if (this.#depth > 1) return this.#nested(chunk, from);
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++] ?? 0;
      if (byte === QUOTE) {
        this.#tokenEnd = this.#expectKey || this.#seeksValue() ? 0 : -1;
        this.#place = "text";
        return at;
      }
      // "{" and "[", "}" and "]" differ in one bit of case
      if ((byte | CASE_BIT) === OPEN_OBJECT) {
        this.#key = "other";
        this.#depth = 2;
        return this.#nested(chunk, at);
      }
      if ((byte | CASE_BIT) === CLOSE_OBJECT) {
        this.#place = "after";
        return at;
      }
      if (byte === COMMA) {
        this.#expectKey = true;
        this.#key = "other";
      } else if (byte === COLON) this.#expectKey = false;
      else if (!this.#expectKey && this.#seeksValue() && !isSpace(byte)) {
        this.#tokenEnd = 0;
        this.#place = "scalar";
        return at - 1;
      }
    }
    return at;
  }

  /** Passes over a container in the outermost object: only brackets and strings matter. */
  #nested(chunk: Uint8Array, from: number): number {
    const end = chunk.length;
    let depth = this.#depth;
    let at = from;
    while (at < end) {
      const byte = chunk[at++] ?? 0;
      if (byte === QUOTE) {
        this.#view ??= wordsOf(chunk);
        at = endOfString(chunk, { view: this.#view, from: at }) + 1;
        if (at > end) {
          this.#tokenEnd = -1;
          this.#depth = depth;
          return this.#cut(chunk, at - 1);
        }
      } else if (byte > COLON) {
        const upper = byte | CASE_BIT;
        if (upper === OPEN_OBJECT) depth++;
        else if (upper === CLOSE_OBJECT && --depth === 1) break;
      }
    }
    this.#depth = depth;
    return at;
  }

  #text(chunk: Uint8Array, from: number): number {
    const start = this.#escaping ? from + 1 : from;
    this.#escaping = false;
    this.#view ??= wordsOf(chunk);
    const end = endOfString(chunk, { view: this.#view, from: start });
    if (this.#tokenEnd === 0 && this.#expectKey && end < chunk.length) {
      this.#tokenEnd = -1; // the whole key is in this chunk
      this.#place = "tokens";
      this.#foundKey(keyOf(chunk, from, end));
      return end + 1;
    }
    this.#keep(chunk, from, Math.min(end, chunk.length));
    if (end >= chunk.length) return this.#cut(chunk, end);
    this.#place = "tokens";
    if (this.#tokenEnd >= 0) this.#ended(true);
    return end + 1;
  }

  /** The chunk ends in a string. */
  #cut(chunk: Uint8Array, end: number): number {
    this.#place = "text";
    this.#escaping = end > chunk.length;
    return chunk.length;
  }

  #scalar(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at] ?? 0;
      if (byte === COMMA || (byte | CASE_BIT) === CLOSE_OBJECT || isSpace(byte)) {
        this.#keep(chunk, from, at);
        this.#place = "tokens";
        this.#ended(false);
        return at;
      }
      at++;
    }
    this.#keep(chunk, from, at);
    return at;
  }

  /** Whether the value at hand is that of the one id. */
  #seeksValue(): boolean {
    return this.#key === "id" && this.#ids === 1;
  }

  /** Adds bytes to the token, or gives the token up when it is longer than any that is sought. */
  #keep(chunk: Uint8Array, from: number, to: number): void {
    const held = this.#tokenEnd;
    if (held < 0) return;
    const end = held + to - from;
    const most = this.#expectKey ? MAX_KEY_BYTES : ESCAPE_BYTES * this.#maxIdBytes;
    if (end > most) {
      this.#tokenEnd = -1;
      return;
    }
    if (this.#token.length < most) this.#token = grown(this.#token, most);
    const token = this.#token;
    for (let at = from; at < to; at++) token[held + at - from] = chunk[at] ?? 0;
    this.#tokenEnd = end;
  }

  /** A key of the outermost object or the value of its id has ended. */
  #ended(isText: boolean): void {
    const end = this.#tokenEnd;
    this.#tokenEnd = -1;
    if (this.#expectKey) return this.#foundKey(end < 0 ? "other" : keyOf(this.#token, 0, end));
    const value = end < 0 ? undefined : parse(this.#token.subarray(0, end), isText);
    this.#id = isRequestId(value, this.#maxIdBytes) ? value : undefined;
    this.#key = "other";
  }

  #foundKey(key: Key): void {
    this.#key = key;
    if (key === "id") this.#ids++;
    if (key === "method") this.#hasMethod = true;
  }
}

function grown(token: Uint8Array, length: number): Uint8Array {
  const larger = new Uint8Array(length);
  larger.set(token);
  return larger;
}

/** Which of the keys sought `bytes[start..end]` spells. Cheap: a line may hold millions of keys. */
function keyOf(bytes: Uint8Array, start: number, end: number): Key {
  if (end - start > MAX_KEY_BYTES) return "other";
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH) continue;
    const out = new Uint8Array(MAX_KEY_BYTES);
    return plainKeyOf(out, 0, unescape(bytes, { start, end, out, at: 0 }));
  }
  return plainKeyOf(bytes, start, end);
}

function plainKeyOf(bytes: Uint8Array, start: number, end: number): Key {
  if (spells(bytes, { start, end, name: "id" })) return "id";
  return spells(bytes, { start, end, name: "method" }) ? "method" : "other";
}

function spells(
  bytes: Uint8Array,
  { start, end, name }: { readonly start: number; readonly end: number; readonly name: string },
): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at++) {
    if (bytes[start + at] !== name.charCodeAt(at)) return false;
  }
  return true;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The string or number that a token says, when it is well-formed and a number is written as an integer. */
function parse(token: Uint8Array, isText: boolean): string | number | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(token);
    const value: unknown = JSON.parse(isText ? `"${text}"` : text);
    if (typeof value === "string") return value.isWellFormed() ? value : undefined;
    return typeof value === "number" && String(value) === text ? value : undefined;
  } catch {
    return undefined; // broken text has no id
  }
}
