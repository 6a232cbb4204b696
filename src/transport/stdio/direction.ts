/**
 * One direction of a conversation: bytes of one side become frames, frames become dispositions,
 * and the next bytes are read when those are on their way.
 * @module
 */

import type { Disposition, Dispositions, IncomingFrame } from "../../gateway/channel.ts";
import { LineSplitter } from "./lines.ts";
import type { ByteReader } from "./reader.ts";
import type { Timers } from "./timers.ts";
import type { FrameWriter } from "./writer.ts";

/** Takes what goes to the other side: a {@linkcode FrameWriter} fits. */
export interface Onward {
  /** Puts a message in line. */
  forward(disposition: Extract<Disposition, { readonly kind: "forward" }>): void;
  /** Starts to send what is in line. Gives a promise when no more may be read before. */
  go(kind: "forward"): Promise<void> | undefined;
  /** True when it will never take anything again, and the memory of frames is not to be touched. */
  readonly stuck: boolean;
}

/** Options of {@linkcode Direction}. */
export interface DirectionOptions {
  readonly reader: ByteReader;
  readonly maxLineBytes: number;
  /** Judges frames; they are valid until what it gives is settled and sent. */
  readonly judge: (frames: readonly IncomingFrame[]) => Dispositions;
  /** To the other side. */
  readonly onward: Onward;
  /** To the side that is read. */
  readonly back: FrameWriter;
  readonly timers: Timers;
}

/** The most reads after {@linkcode Direction.finish}: what a pipe holds whose writers are dead. */
const LAST_READS = 64;
/** How long such a read may take; longer, and somebody outside the group holds the pipe. */
const LAST_READ_MS = 50;
/** How long a judgement may take when the end is near. */
const LAST_JUDGEMENT_MS = 1_000;

const NOTHING = new Uint8Array(0);

/** Pumps one direction. */
export class Direction {
  readonly #options: DirectionOptions;
  readonly #lines: LineSplitter;
  #state: "reading" | "handling" | "ended" = "handling";
  #heard = false;
  #stopped = false;
  #readsLeft = Infinity;
  #onPause = () => {};
  #hurried = false;
  #giveUp: (() => void) | undefined;
  #cancelLimit = () => {};

  constructor(options: DirectionOptions) {
    this.#options = options;
    this.#lines = new LineSplitter(options);
  }

  /** True when at least one frame has come. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Runs until the input ends. Rejects when `judge` does. */
  async run(): Promise<void> {
    try {
      while (!this.#stopped && !this.#options.onward.stuck) {
        const bytes = await this.#read();
        const last = bytes.length === 0;
        const frames = last ? this.#lines.end(bytes) : this.#lines.took(bytes);
        if (frames.length > 0) {
          this.#heard = true;
          const handled = this.#handle(frames);
          if (handled !== undefined) await handled;
        }
        if (last) break;
      }
    } finally {
      this.#pause("ended");
    }
  }

  /** Takes no more than what was read already; a judgement may not take long from here on. */
  stop(): void {
    this.#stopped = true;
    this.#hurry();
  }

  /** Takes no more than what the pipe still holds; a judgement may not take long from here on. */
  finish(): void {
    this.#readsLeft = LAST_READS;
    this.#hurry();
    if (this.#state === "reading") void this.#options.reader.cancel();
  }

  /** Waits until nothing that was read waits to be judged or sent. */
  idle(): Promise<void> {
    if (this.#state !== "handling") return Promise.resolve();
    return new Promise((resolve) => this.#onPause = resolve);
  }

  async #read(): Promise<Uint8Array<ArrayBuffer>> {
    const { reader, timers } = this.#options;
    const room = this.#lines.room();
    let done = () => {};
    if (this.#readsLeft !== Infinity) {
      if (this.#readsLeft-- <= 0) return NOTHING;
      done = timers.after(LAST_READ_MS, () => void reader.cancel());
    }
    this.#pause("reading");
    try {
      return await reader.read(room);
    } catch {
      return NOTHING; // a broken pipe has ended
    } finally {
      this.#state = "handling";
      done();
    }
  }

  #pause(state: "reading" | "ended"): void {
    this.#state = state;
    this.#onPause();
  }

  #handle(frames: readonly IncomingFrame[]): Promise<void> | undefined {
    const dispositions = this.#options.judge(frames);
    if (dispositions instanceof Promise) return this.#handleLater(dispositions);
    return this.#send(dispositions);
  }

  async #handleLater(dispositions: Promise<readonly Disposition[]>): Promise<void> {
    const settled = await new Promise<readonly Disposition[]>((resolve, reject) => {
      this.#giveUp = () => resolve([]);
      if (this.#hurried) this.#limit();
      dispositions.then(resolve, reject);
    });
    this.#giveUp = undefined;
    this.#cancelLimit();
    await this.#send(settled);
  }

  #hurry(): void {
    if (this.#hurried) return;
    this.#hurried = true;
    if (this.#giveUp !== undefined) this.#limit();
  }

  /** Ends the wait for the judgement under way when it takes too long; what it says is not sent. */
  #limit(): void {
    this.#cancelLimit = this.#options.timers.after(LAST_JUDGEMENT_MS, () => this.#giveUp?.());
  }

  #send(dispositions: readonly Disposition[]): Promise<void> | undefined {
    const { onward, back } = this.#options;
    for (const disposition of dispositions) {
      switch (disposition.kind) {
        case "forward":
          onward.forward(disposition);
          break;
        case "answer":
          back.add(disposition.cleared, "answer");
          break;
        case "drop":
          break;
      }
    }
    const forwarded = onward.go("forward");
    const answered = back.go("answer");
    if (forwarded === undefined) return answered;
    return answered === undefined ? forwarded : forwarded.then(() => answered);
  }
}
