/**
 * Turns entries into lines of a chain: each holds the hash of the one before and its own.
 *
 * `hash` is taken over the bytes of the line before `,"hash":`; `prev` is the last member before it.
 * Lines are made into one buffer, which is written at once and then committed, or rolled back.
 * @module
 */

import type { AuditEntry } from "./entry.ts";
import { HeadCache } from "./head_cache.ts";
import { isMessage, isoTime, messageBody, otherLine } from "./line.ts";
import { quoteAll } from "./quote.ts";
import type { Prefix, Seal } from "./seal.ts";

/** The `prev` of a chain's first line. */
export const NO_HASH = "0".repeat(64);

/** What the first line of a file says besides its seal. */
export interface ChainHeader {
  /** Random id of the chain. */
  readonly chain: string;
  /** Place of the file in its chain, from 1. */
  readonly part: number;
  readonly startedMs: number;
  /** The file that the chain comes from, when this is not its first. */
  readonly continues?: Continues;
  /** The file that stands before this one but whose chain could not go on. */
  readonly after?: { readonly file: string; readonly why: string };
}

/** The file before in the same chain. */
export interface Continues {
  readonly file: string;
  /** What stood behind its last whole line: a line that a crash tore. */
  readonly torn?: { readonly bytes: number; readonly sha256: string };
}

/** The end of a chain: lines so far, headers included, and the hash of the last in hex. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

/** The end of a chain without lines. */
export const CHAIN_START: ChainEnd = { seq: 0, hash: NO_HASH };

const FIRST_BUFFER_BYTES = 64 * 1024;
const MAX_KEPT_BYTES = 1024 * 1024;
const HASH_TEXT = 64;

const encoder = new TextEncoder();
const PREV = encoder.encode(',"prev":"');
const HASH = encoder.encode('","hash":"');
const END = encoder.encode('"}\n');
/** Bytes of a line between its text and its hash, and behind its text. */
const LINK_BYTES = PREV.length + HASH_TEXT + HASH.length;
const CLOSING_BYTES = LINK_BYTES + HASH_TEXT + END.length;

/** Writes the lines of one chain into a buffer. */
export class ChainWriter {
  readonly #seal: Seal;
  readonly #heads: HeadCache;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #length = 0;
  #seq = 0;
  /** `,"prev":"…","hash":"` of the next line, and the hash in it. */
  readonly #link = new Uint8Array(LINK_BYTES);
  readonly #prev = this.#link.subarray(PREV.length, PREV.length + HASH_TEXT);
  #goodSeq = 0;
  readonly #goodPrev = new Uint8Array(HASH_TEXT);

  constructor(seal: Seal, end: ChainEnd) {
    this.#seal = seal;
    this.#heads = new HeadCache(seal);
    this.#goodSeq = this.#seq = end.seq;
    this.#link.set(PREV);
    this.#link.set(HASH, PREV.length + HASH_TEXT);
    encoder.encodeInto(end.hash, this.#goodPrev);
    this.#prev.set(this.#goodPrev);
  }

  /** The end of what was committed. */
  get end(): ChainEnd {
    return { seq: this.#goodSeq, hash: new TextDecoder().decode(this.#goodPrev) };
  }

  /** The lines made since the last commit. Valid until the next call. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Makes the first line of a file. */
  begin(header: ChainHeader): void {
    const { chain, part, startedMs, continues, after } = header;
    let text = `{"v":1,"type":"chain","chain":"${chain}","part":${part},` +
      `"seal":"${this.#seal.name}","started":"${isoTime(startedMs)}"`;
    if (continues !== undefined) {
      text += `,"continues":{"file":${quoteAll(continues.file)}`;
      const { torn } = continues;
      if (torn !== undefined) {
        text += `,"torn":{"bytes":${torn.bytes},"sha256":"${torn.sha256}"}`;
      }
      text += "}";
    }
    if (after !== undefined) {
      text += `,"after":{"file":${quoteAll(after.file)},"why":${quoteAll(after.why)}}`;
    }
    this.#line(`${text},"seq":${this.#seq + 1}`, undefined);
  }

  /** Makes the line of an entry. */
  add(entry: AuditEntry): void {
    if (!isMessage(entry)) {
      this.#line(otherLine(entry, this.#seq + 1), undefined);
      return;
    }
    const { head, prefix } = this.#heads.of(entry);
    this.#line(messageBody(entry, this.#seq + 1, head), prefix);
  }

  /** The lines made are in the file. */
  commit(): void {
    this.#goodSeq = this.#seq;
    this.#goodPrev.set(this.#prev);
    this.#clear();
  }

  /** The lines made are in no file: the next ones take their place. */
  rollback(): void {
    this.#seq = this.#goodSeq;
    this.#prev.set(this.#goodPrev);
    this.#clear();
  }

  #clear(): void {
    this.#length = 0;
    if (this.#buffer.length > MAX_KEPT_BYTES) this.#resize(FIRST_BUFFER_BYTES);
  }

  /** Appends a line: the prefix, the text, and the two hashes. */
  #line(text: string, prefix: Prefix | undefined): void {
    const from = this.#length;
    const prefixBytes = prefix === undefined ? 0 : prefix.bytes.length;
    const needed = from + prefixBytes + 3 * text.length + CLOSING_BYTES; // UTF-8: 3 bytes a unit
    if (needed > this.#buffer.length) this.#resize(Math.max(needed, 2 * this.#buffer.length));
    const buffer = this.#buffer;
    if (prefix !== undefined) buffer.set(prefix.bytes, from);
    let at = from + prefixBytes;
    at += encoder.encodeInto(text, buffer.subarray(at)).written;
    buffer.set(this.#link, at);
    const to = at + PREV.length + HASH_TEXT + 1; // the quote that closes prev
    const hexAt = at + LINK_BYTES;
    this.#seal.write(buffer, { from, to, prefix, hexAt });
    this.#prev.set(buffer.subarray(hexAt, hexAt + HASH_TEXT));
    buffer.set(END, hexAt + HASH_TEXT);
    this.#length = hexAt + HASH_TEXT + END.length;
    this.#seq++;
  }

  #resize(length: number): void {
    const larger = new Uint8Array(length);
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
