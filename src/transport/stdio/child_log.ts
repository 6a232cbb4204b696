/**
 * Forwards the child's stderr: line by line, marked, printable, and not more than people can read.
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import { printable } from "../../base/log.ts";
import type { ByteReader } from "./reader.ts";
import type { Timers } from "./timers.ts";

/** Options of {@linkcode forwardChildLog}. */
export interface ChildLogOptions {
  /** Stands before each line, in brackets. */
  readonly name: string;
  /** Receives each line, newline included. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

const BUFFER_BYTES = 64 * 1024;
/** What is shown of a line. */
const MAX_LINE_BYTES = 8 * 1024;
/** What is shown in a second. */
const MAX_WINDOW_BYTES = 1024 * 1024;
const WINDOW_MS = 1_000;
/** A question without a newline ("Ok to proceed?") is shown after that. */
const PARTIAL_MS = 300;
const NEWLINE = 10;

/** Forwards until the child closes its stderr or the reader is cancelled. */
export async function forwardChildLog(
  reader: ByteReader,
  options: ChildLogOptions,
): Promise<void> {
  const log = new ChildLog(options);
  let room = new Uint8Array(BUFFER_BYTES);
  for (;;) {
    const bytes = await reader.read(room).catch(() => undefined); // a broken stderr has ended
    if (bytes === undefined || bytes.length === 0) break;
    log.take(bytes);
    room = new Uint8Array(bytes.buffer);
  }
  log.end();
}

class ChildLog {
  readonly #options: ChildLogOptions;
  readonly #held = new Uint8Array(MAX_LINE_BYTES);
  #heldBytes = 0;
  #cut = false;
  #windowStartMs = -Infinity;
  #windowBytes = 0;
  #dropped = 0;
  #cancelPartial = () => {};

  constructor(options: ChildLogOptions) {
    this.#options = options;
  }

  take(bytes: Uint8Array): void {
    this.#cancelPartial();
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      this.#hold(bytes.subarray(start, end));
      this.#line();
    }
    this.#hold(bytes.subarray(start));
    if (this.#heldBytes > 0) {
      this.#cancelPartial = this.#options.timers.after(PARTIAL_MS, () => this.#line());
    }
  }

  end(): void {
    this.#cancelPartial();
    this.#line();
    this.#confess();
  }

  #hold(part: Uint8Array): void {
    const fits = part.subarray(0, MAX_LINE_BYTES - this.#heldBytes);
    this.#held.set(fits, this.#heldBytes);
    this.#heldBytes += fits.length;
    if (fits.length < part.length) this.#cut = true;
  }

  #line(): void {
    const size = this.#heldBytes;
    const cut = this.#cut;
    this.#heldBytes = 0;
    this.#cut = false;
    if (size === 0) return;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#confess();
      this.#windowStartMs = nowMs;
      this.#windowBytes = 0;
    }
    if (this.#windowBytes + size > MAX_WINDOW_BYTES) {
      this.#dropped++;
      return;
    }
    this.#windowBytes += size;
    const text = new TextDecoder().decode(this.#held.subarray(0, size));
    // A progress bar draws over itself with carriage returns.
    const parts = text.split("\r").filter((part) => part !== "");
    for (const [index, part] of parts.entries()) {
      this.#write(printable(part) + (cut && index === parts.length - 1 ? " … (cut)" : ""));
    }
  }

  #confess(): void {
    if (this.#dropped > 0) this.#write(`… ${this.#dropped} lines dropped: too many in a second`);
    this.#dropped = 0;
  }

  #write(line: string): void {
    this.#options.write(`[${printable(this.#options.name)}] ${line}\n`);
  }
}
