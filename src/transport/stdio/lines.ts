/**
 * Cuts bytes into newline-ended frames, in place and within a bound.
 *
 * MCP, stdio (all revisions): one message per line, no newline inside.
 * @module
 */

import type { IncomingFrame, OversizeFrame } from "../../gateway/channel.ts";
import { IdFinder } from "../../jsonrpc/id_finder.ts";

/** Options of {@linkcode LineSplitter}. */
export interface LineOptions {
  /** The longest line, without its line end. */
  readonly maxLineBytes: number;
}

const BUFFER_BYTES = 64 * 1024; // Linux pipe size, pipe(7)
const MIN_ROOM_BYTES = 16 * 1024;
/** Buffers above this are given back after the line that needed them: at once above the second, */
const SMALL_BYTES = 4 * BUFFER_BYTES;
const KEPT_BYTES = 16 * 1024 * 1024;
/** else after so many reads that had no use for them. Fresh memory costs 2 ms a megabyte (measured). */
const KEPT_READS = 64;
/** Memory that is not written to costs nothing, copying does. */
const GROWTH = 4;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** A line that is too long: what is known of it while the rest goes by. */
interface Skip {
  readonly finder: IdFinder;
  bytes: number;
  told: boolean;
}

/**
 * Splits what is read into lines. The reader reads straight into {@linkcode LineSplitter.room}, so
 * that a line is copied only when its buffer has to grow.
 *
 * Frames are views into the buffer: they are valid until the next call of `room`.
 * Holds at most `maxLineBytes` and one read; a longer line becomes one {@linkcode OversizeFrame} and
 * is skipped to its end. One `\r` before the newline belongs to the line end; empty lines are skipped.
 */
export class LineSplitter {
  readonly #max: number;
  #buffer = new Uint8Array(BUFFER_BYTES);
  /** The unfinished line is `#buffer[#from..#to]`. */
  #from = 0;
  #to = 0;
  /** Reads since a line last needed more than the smallest buffer. */
  #idleReads = 0;
  #skip: Skip | undefined;

  constructor({ maxLineBytes }: LineOptions) {
    this.#max = maxLineBytes;
  }

  /** Gives the memory to read the next bytes into. Frames given before are void from here on. */
  room(): Uint8Array<ArrayBuffer> {
    const held = this.#to - this.#from;
    const size = this.#buffer.length;
    if (held >= BUFFER_BYTES - MIN_ROOM_BYTES) this.#idleReads = 0;
    else if (size > SMALL_BYTES && (size > KEPT_BYTES || ++this.#idleReads > KEPT_READS)) {
      this.#resize(BUFFER_BYTES);
    }
    if (this.#from > 0) this.#buffer.copyWithin(0, this.#from, this.#to);
    this.#from = 0;
    this.#to = held;
    if (this.#buffer.length - held < MIN_ROOM_BYTES) {
      this.#resize(Math.min(GROWTH * size, this.#max + 2 * MIN_ROOM_BYTES));
    }
    return this.#buffer.subarray(held);
  }

  /** Takes the bytes that were read: the start of the last `room`, or the memory that replaced it. */
  took(bytes: Uint8Array<ArrayBuffer>): readonly IncomingFrame[] {
    if (bytes.buffer !== this.#buffer.buffer) this.#buffer = new Uint8Array(bytes.buffer);
    const frames: IncomingFrame[] = [];
    let start = 0;
    let newline = bytes.indexOf(NEWLINE);
    if (this.#skip !== undefined) {
      const end = newline < 0 ? bytes.length : newline;
      this.#goBy(bytes.subarray(0, end), { last: newline >= 0, frames });
      if (newline < 0) return frames;
      start = newline + 1;
      this.#from = this.#to + start;
      newline = bytes.indexOf(NEWLINE, start);
    }
    for (; newline >= 0; newline = bytes.indexOf(NEWLINE, start)) {
      this.#line(this.#to + newline, frames);
      start = newline + 1;
      this.#from = this.#to + start;
    }
    this.#to += bytes.length;
    const held = this.#to - this.#from;
    if (held > this.#max && lineEnd(this.#buffer, this.#from, this.#to) - this.#from > this.#max) {
      this.#skip = { finder: new IdFinder(), bytes: 0, told: false };
      this.#goBy(this.#buffer.subarray(this.#from, this.#to), { last: false, frames });
      this.#from = this.#to = 0;
    }
    return frames;
  }

  /**
   * At the end of the input: a last line without a newline is a line. `memory` is what the last
   * `room` became; what was held is forgotten when that was lost.
   */
  end(memory: Uint8Array<ArrayBuffer>): readonly IncomingFrame[] {
    const frames: IncomingFrame[] = [];
    if (memory.buffer !== this.#buffer.buffer) this.#buffer = new Uint8Array(memory.buffer);
    if (this.#skip !== undefined) this.#goBy(new Uint8Array(0), { last: true, frames });
    else if (this.#to <= this.#buffer.length) this.#line(this.#to, frames);
    this.#from = this.#to = 0;
    return frames;
  }

  #line(newline: number, frames: IncomingFrame[]): void {
    const end = lineEnd(this.#buffer, this.#from, newline);
    const line = this.#buffer.subarray(this.#from, end);
    if (line.length > this.#max) {
      this.#skip = { finder: new IdFinder(), bytes: 0, told: false };
      this.#goBy(line, { last: true, frames });
    } else if (line.length > 0) frames.push(line);
  }

  /** Lets a part of a line that is too long go by; tells of the line as soon as enough is known. */
  #goBy(
    part: Uint8Array,
    { last, frames }: { readonly last: boolean; readonly frames: IncomingFrame[] },
  ): void {
    const skip = this.#skip;
    if (skip === undefined) return;
    skip.bytes += part.length;
    if (!skip.told) {
      skip.finder.push(part);
      const { id, hasMethod } = skip.finder;
      if (last || (id !== undefined && hasMethod)) {
        skip.told = true;
        frames.push(oversize({ id, hasMethod, bytes: skip.bytes, max: this.#max }));
      }
    }
    if (last) this.#skip = undefined;
  }

  #resize(size: number): void {
    const old = this.#buffer;
    this.#buffer = new Uint8Array(size);
    this.#buffer.set(old.subarray(this.#from, this.#to));
    this.#to -= this.#from;
    this.#from = 0;
    old.buffer.transfer(0); // frees it; the collector would take its time
  }
}

/** Where a line ends that a newline (or the end of what is known) follows: before one `\r`. */
function lineEnd(buffer: Uint8Array, from: number, newline: number): number {
  return newline > from && buffer[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
}

function oversize(
  { id, hasMethod, bytes, max }: Pick<OversizeFrame, "id" | "hasMethod" | "bytes" | "max">,
): OversizeFrame {
  return { oversize: true, bytes, limit: "maxLineBytes", max, id, hasMethod };
}
