/**
 * Reads a file line by line, holding one line of bounded length.
 * @module
 */

import { MAX_LINE_BYTES } from "./line.ts";

/** What of a file is handed out. */
export interface LineVisitor {
  /** A line without its newline. The bytes are valid until it returns. */
  line(bytes: Uint8Array): void;
  /** A line longer than the bound: its first bytes. */
  longLine(start: Uint8Array): void;
  /** What stands behind the last newline, if anything; cut to the bound. */
  rest(bytes: Uint8Array): void;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * Visits every line of a file in order.
 *
 * @throws What opening or reading the file throws.
 */
export async function readLines(path: string, visitor: LineVisitor): Promise<void> {
  using file = await Deno.open(path, { read: true });
  const chunk = new Uint8Array(CHUNK_BYTES);
  const open = new OpenLine();
  for (;;) {
    const read = await file.read(chunk);
    if (read === null) break;
    const bytes = chunk.subarray(0, read);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      open.end(bytes.subarray(from, end), visitor);
      from = end + 1;
    }
    open.add(bytes.subarray(from));
  }
  if (open.length > 0) visitor.rest(open.bytes);
}

/** The line that is being read; keeps no more of it than a line may have. */
class OpenLine {
  #kept = new Uint8Array(8 * 1024);
  #length = 0;

  /** Bytes of the line so far, those not kept included. */
  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return this.#kept.subarray(0, Math.min(this.#length, MAX_LINE_BYTES));
  }

  add(bytes: Uint8Array): void {
    const from = Math.min(this.#length, MAX_LINE_BYTES);
    const taken = bytes.subarray(0, MAX_LINE_BYTES - from);
    if (from + taken.length > this.#kept.length) {
      const larger = new Uint8Array(
        Math.min(MAX_LINE_BYTES, Math.max(2 * this.#kept.length, from + taken.length)),
      );
      larger.set(this.#kept.subarray(0, from));
      this.#kept = larger;
    }
    this.#kept.set(taken, from);
    this.#length += bytes.length;
  }

  end(bytes: Uint8Array, visitor: LineVisitor): void {
    if (this.#length === 0 && bytes.length < MAX_LINE_BYTES) {
      visitor.line(bytes);
      return;
    }
    this.add(bytes);
    if (this.#length < MAX_LINE_BYTES) visitor.line(this.bytes);
    else visitor.longLine(this.bytes);
    this.#length = 0;
  }
}
