/**
 * Finds the id of a message that cannot be held or read: too long, too deep or broken.
 * @module
 */

import { DEFAULT_LIMITS } from "../base/limits.ts";
import { isRequestId } from "./envelope.ts";
import type { RequestId } from "./message.ts";
import { findQuoteOrBackslash, type Words, wordsOf } from "./plain_bytes.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** An escape is up to six times as long as what it stands for. */
const ESCAPE_BYTES = 6;
const NEAR = 32; // bytes of a string read one by one, as in scan.ts

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
  #depth = 0;
  /** The last byte of the chunk before was the backslash of an escape. */
  #escaping = false;
  /** The next string of the outermost object is a key. */
  #expectKey = false;
  #key: "id" | "method" | "other" = "other";
  /** The bytes of the token at hand when it is a key of the outermost object or its id. */
  #token: Uint8Array | undefined;
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

  #tokens(chunk: Uint8Array, from: number): number {
    let at = from;
    let depth = this.#depth;
    while (at < chunk.length) {
      const byte = chunk[at] ?? 0;
      if (byte === QUOTE) {
        const isId = !this.#expectKey && this.#key === "id";
        this.#tokenEnd = depth === 1 && (this.#expectKey || isId) ? 0 : -1;
        this.#place = "text";
        this.#depth = depth;
        return at + 1;
      }
      // "{" and "[", "}" and "]" differ in one bit of case
      if ((byte | 0x20) === OPEN_OBJECT) {
        if (depth === 1) this.#key = "other";
        depth++;
      } else if ((byte | 0x20) === CLOSE_OBJECT) {
        if (--depth === 0) {
          this.#place = "after";
          return at + 1;
        }
      } else if (depth === 1 && !isSpace(byte)) {
        if (byte === COMMA) {
          this.#expectKey = true;
          this.#key = "other";
        } else if (byte === COLON) this.#expectKey = false;
        else if (!this.#expectKey && this.#key === "id") {
          this.#tokenEnd = 0;
          this.#place = "scalar";
          this.#depth = depth;
          return at;
        }
      }
      at++;
    }
    this.#depth = depth;
    return at;
  }

  #text(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#escaping) {
      this.#escaping = false;
      at++;
    }
    let near = at + NEAR;
    let words: Words | undefined;
    while (at < chunk.length) {
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.#keep(chunk, from, at);
        this.#place = "tokens";
        if (this.#tokenEnd >= 0) this.#ended(true);
        return at + 1;
      }
      if (byte === BACKSLASH) {
        at += 2;
        near = at + NEAR;
      } else if (++at >= near) {
        words ??= wordsOf(chunk);
        at = findQuoteOrBackslash(words, at);
        near = at + NEAR;
      }
    }
    this.#escaping = at > chunk.length;
    this.#keep(chunk, from, chunk.length);
    return chunk.length;
  }

  #scalar(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at] ?? 0;
      if (byte === COMMA || (byte | 0x20) === CLOSE_OBJECT || isSpace(byte)) {
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

  /** Adds bytes to the token, or gives the token up when it is longer than any that is sought. */
  #keep(chunk: Uint8Array, from: number, to: number): void {
    if (this.#tokenEnd < 0 || from >= to) return;
    this.#token ??= new Uint8Array(ESCAPE_BYTES * Math.max(this.#maxIdBytes, "method".length));
    const end = this.#tokenEnd + to - from;
    if (end > this.#token.length) {
      this.#tokenEnd = -1;
      if (this.#expectKey) this.#key = "other";
      return;
    }
    this.#token.set(chunk.subarray(from, to), this.#tokenEnd);
    this.#tokenEnd = end;
  }

  /** A key of the outermost object or the value of its id has ended. */
  #ended(isText: boolean): void {
    const value = this.#tokenEnd < 0 ? undefined : parse(
      this.#token?.subarray(0, this.#tokenEnd) ?? new Uint8Array(0),
      isText,
    );
    this.#tokenEnd = -1;
    if (this.#expectKey) {
      this.#key = value === "id" || value === "method" ? value : "other";
      if (value === "id") this.#ids++;
      if (value === "method") this.#hasMethod = true;
    } else {
      this.#key = "other";
      this.#id = value;
      if (!isRequestId(value, this.#maxIdBytes)) this.#id = undefined;
    }
  }
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
