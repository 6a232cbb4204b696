/**
 * Writes frames to one peer, in order, and notices when that peer takes nothing.
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import { type Cleared, isCleared } from "../../gateway/clear.ts";
import type { Timers } from "./timers.ts";

/** Where bytes go: `Deno.stdout`, or the child's stdin. */
export interface ByteSink {
  /** Takes some of the bytes; gives how many, all when it says nothing. Rejects when the peer is gone. */
  write(bytes: Uint8Array): Promise<number | void>;
  /** Ends the stream; must not throw. */
  close(): Promise<void>;
}

/** Why a writer gave up. */
export type WriterFailure = "closed" | "stalled";

/** Options of {@linkcode FrameWriter}. */
export interface WriterOptions {
  /** How long the peer may take no byte of a write that waits. */
  readonly stallMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called once when the peer is gone or takes nothing. */
  readonly onFailure: (failure: WriterFailure) => void;
}

/** Frames up to this size are copied together; longer ones are written from where they lie. */
const SMALL_BYTES = 16 * 1024;
const BUFFER_BYTES = 64 * 1024; // Linux pipe size, pipe(7)
/** The most that one write holds, so that a slow peer is seen to make progress. */
const SLICE_BYTES = 256 * 1024;
/** What may be on its way before the sender of frames has to wait. */
const FORWARD_AHEAD_BYTES = 64 * 1024;
/** The same for answers, which go against the stream and must not stop it. */
const ANSWERS_AHEAD_BYTES = 1024 * 1024;
const NEWLINE = 10;

interface Piece {
  readonly bytes: Uint8Array;
  /** The writer's own memory, to be filled again once it is written. */
  readonly own: Uint8Array<ArrayBuffer> | undefined;
}

interface Waiter {
  /** Goes on when so many bytes have been written in all. */
  readonly until: number;
  readonly go: () => void;
}

/**
 * An ordered writer with one write under way; frames that arrive meanwhile leave together.
 *
 * `add` frames, then `go`. Small frames are copied by `add`. When a long frame is among them, `go`
 * gives a promise: the memory of the frame must stay as it is until that is fulfilled.
 */
export class FrameWriter {
  readonly #sink: ByteSink;
  readonly #options: WriterOptions;
  /** What leaves before `#fill`, in order. */
  readonly #queue: Piece[] = [];
  #fill = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #spare: Uint8Array<ArrayBuffer> | undefined;
  #added = 0;
  #written = 0;
  /** Bytes of answers added since the queue was last seen empty or waited for. */
  #answers = 0;
  #mustHold = false;
  readonly #waiters: Waiter[] = [];
  #writing = false;
  #progressMs = 0;
  #cancelWatch: (() => void) | undefined;
  #ended = false;

  constructor(sink: ByteSink, options: WriterOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /** Puts a message in line that goes on. */
  forward({ cleared }: { readonly cleared: Cleared }): void {
    this.add(cleared, "forward");
  }

  /** Puts a frame in line. Dropped when the writer has ended. */
  add(cleared: Cleared, kind: "forward" | "answer"): void {
    // INVARIANT: Only gateway/clear.ts makes Cleared; only Cleared can be sent.
    if (!isCleared(cleared)) throw new TypeError("Cannot send a message: it was not cleared");
    if (this.#ended) return;
    const { bytes } = cleared;
    this.#added += bytes.length + 1;
    if (kind === "answer") this.#answers += bytes.length + 1;
    if (bytes.length > SMALL_BYTES) {
      this.#turn();
      this.#queue.push({ bytes, own: undefined });
      if (kind === "forward") this.#mustHold = true;
    } else {
      if (this.#filled + bytes.length + 1 > BUFFER_BYTES) this.#turn();
      this.#fill.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
    this.#fill[this.#filled++] = NEWLINE;
  }

  /** Starts to write what was added. Gives a promise when whoever added frames of this kind has to wait. */
  go(kind: "forward" | "answer"): Promise<void> | undefined {
    if (this.#ended) return undefined;
    if (this.#added === this.#written) {
      this.#answers = 0;
      return undefined;
    }
    if (!this.#writing) this.#run();
    const ahead = this.#added - this.#written;
    const wait = kind === "answer"
      ? this.#answers > ANSWERS_AHEAD_BYTES
      : this.#mustHold || ahead > FORWARD_AHEAD_BYTES;
    if (!wait) return undefined;
    if (kind === "answer") this.#answers = 0;
    else this.#mustHold = false;
    return this.flush();
  }

  /** Waits until all that was added is written, or the writer has ended. */
  flush(): Promise<void> {
    if (this.#ended || this.#added === this.#written) return Promise.resolve();
    return new Promise((go) => this.#waiters.push({ until: this.#added, go }));
  }

  /** Writes what was added, then ends the stream. */
  async close(): Promise<void> {
    await this.flush();
    this.abandon();
    await this.#sink.close();
  }

  /** Writes no more and forgets what waits. */
  abandon(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queue.length = 0;
    this.#filled = 0;
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    for (const waiter of this.#waiters.splice(0)) waiter.go();
  }

  /** True when the writer ended while the peer was still reading from the memory of a frame. */
  get stuck(): boolean {
    return this.#ended && this.#writing;
  }

  /** Moves the small frames so far into the queue. */
  #turn(): void {
    if (this.#filled === 0) return;
    this.#queue.push({ bytes: this.#fill.subarray(0, this.#filled), own: this.#fill });
    this.#fill = this.#spare ?? new Uint8Array(BUFFER_BYTES);
    this.#spare = undefined;
    this.#filled = 0;
  }

  /** Writes until nothing is left. The first write starts before this returns. */
  async #run(): Promise<void> {
    this.#writing = true;
    try {
      for (;;) {
        if (this.#queue.length === 0) this.#turn();
        const piece = this.#queue.shift();
        if (piece === undefined) break;
        await this.#write(piece.bytes);
        if (this.#ended) break;
        this.#spare ??= piece.own;
        this.#settle();
      }
    } catch {
      this.#fail("closed"); // the peer closed its end: there is nobody to tell why
    } finally {
      this.#writing = false;
    }
  }

  async #write(buffer: Uint8Array): Promise<void> {
    for (let at = 0; at < buffer.length && !this.#ended;) {
      const rest = buffer.length - at;
      const slice = rest === buffer.length && rest <= SLICE_BYTES
        ? buffer
        : buffer.subarray(at, at + SLICE_BYTES);
      this.#progressMs = this.#options.clock.monotonicMs();
      if (this.#cancelWatch === undefined) this.#watch(this.#options.stallMs);
      const taken = (await this.#sink.write(slice)) ?? slice.length;
      if (taken === 0) throw new Error("Cannot write: the peer takes nothing");
      at += taken;
      this.#written += taken;
    }
  }

  /** Looks again after `ms` whether the write that waits has made progress. One timer serves many writes. */
  #watch(ms: number): void {
    this.#cancelWatch = this.#options.timers.after(ms, () => {
      this.#cancelWatch = undefined;
      if (!this.#writing || this.#ended) return;
      const left = this.#progressMs + this.#options.stallMs - this.#options.clock.monotonicMs();
      if (left <= 0) this.#fail("stalled");
      else this.#watch(left);
    });
  }

  #settle(): void {
    let next = this.#waiters[0];
    while (next !== undefined && next.until <= this.#written) {
      this.#waiters.shift();
      next.go();
      next = this.#waiters[0];
    }
  }

  #fail(failure: WriterFailure): void {
    if (this.#ended) return;
    this.abandon();
    this.#options.onFailure(failure);
  }
}
