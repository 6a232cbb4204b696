/**
 * Forwards the child's stderr: line by line, marked, printable, and not more than people can read.
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import { printable } from "../../base/log.ts";
import type { ByteReader } from "./reader.ts";
import type { Timers } from "./timers.ts";

/** Options of {@linkcode ChildLog}. */
export interface ChildLogOptions {
  /** Stands before each line, in brackets. */
  readonly name: string;
  /** Receives each line, newline included. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

const BUFFER_BYTES = 64 * 1024; // Linux pipe size, pipe(7)
/** What is shown of a line. */
const MAX_LINE_BYTES = 8 * 1024;
/** What is shown in a window, with what a short line costs at least. */
const MAX_SHOWN_BYTES = 1024 * 1024;
const MIN_LINE_COST_BYTES = 256;
/** What is read in a window; a child that writes more has to wait, as it would for any reader. */
const MAX_READ_BYTES = 16 * 1024 * 1024;
const WINDOW_MS = 1_000;
/** A question without a newline ("Ok to proceed?") is shown after that. */
const PARTIAL_MS = 300;
const NEWLINE = 10;

/** Forwards a child's stderr until that ends. */
export function forwardChildLog(reader: ByteReader, options: ChildLogOptions): Promise<void> {
  return new ChildLog(reader, options).run();
}

/** Forwards one stderr. */
export class ChildLog {
  readonly #reader: ByteReader;
  readonly #options: ChildLogOptions;
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #lineBytes = 0;
  #lineIsCut = false;
  #windowStartMs = -Infinity;
  #shownBytes = 0;
  #readBytes = 0;
  #dropped = 0;
  #cancelPartial = () => {};
  #wake = () => {};
  #cancelled = false;

  constructor(reader: ByteReader, options: ChildLogOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** Forwards until the child closes its stderr, or `cancel`. */
  async run(): Promise<void> {
    let room = new Uint8Array(BUFFER_BYTES);
    while (!this.#cancelled) {
      const bytes = await this.#reader.read(room).catch(() => undefined); // broken: it has ended
      if (bytes === undefined || bytes.length === 0) break;
      this.#take(bytes);
      room = new Uint8Array(bytes.buffer);
      if (this.#readBytes > MAX_READ_BYTES) await this.#rest();
    }
    this.#cancelPartial();
    this.#endLine();
    this.#confess();
  }

  /** Ends `run`. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#wake();
    await this.#reader.cancel();
  }

  #take(bytes: Uint8Array): void {
    this.#cancelPartial();
    this.#window();
    this.#readBytes += bytes.length;
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      if (this.#full) this.#skipLine();
      else {
        this.#hold(bytes.subarray(start, end));
        this.#endLine();
      }
    }
    this.#hold(bytes.subarray(start));
    if (this.#lineBytes > 0) {
      this.#cancelPartial = this.#options.timers.after(PARTIAL_MS, () => this.#endLine());
    }
  }

  get #full(): boolean {
    return this.#shownBytes >= MAX_SHOWN_BYTES;
  }

  /** Waits for the next window. */
  async #rest(): Promise<void> {
    const { clock, timers } = this.#options;
    const leftMs = this.#windowStartMs + WINDOW_MS - clock.monotonicMs();
    await new Promise<void>((resolve) => {
      const cancel = timers.after(Math.max(0, leftMs), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #window(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#windowStartMs < WINDOW_MS) return;
    this.#windowStartMs = nowMs;
    this.#shownBytes = 0;
    this.#readBytes = 0;
    this.#confess();
  }

  #hold(part: Uint8Array): void {
    const fits = part.subarray(0, MAX_LINE_BYTES - this.#lineBytes);
    this.#line.set(fits, this.#lineBytes);
    this.#lineBytes += fits.length;
    if (fits.length < part.length) this.#lineIsCut = true;
  }

  #skipLine(): void {
    this.#lineBytes = 0;
    this.#lineIsCut = false;
    this.#dropped++;
  }

  #endLine(): void {
    const size = this.#lineBytes;
    const cut = this.#lineIsCut;
    this.#lineBytes = 0;
    this.#lineIsCut = false;
    if (size === 0) return;
    this.#shownBytes += Math.max(size, MIN_LINE_COST_BYTES);
    const text = new TextDecoder().decode(this.#line.subarray(0, size));
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
