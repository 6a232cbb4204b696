/**
 * A child that is spoken to by lines, for whoever moves its messages elsewhere than to our stdout.
 * @module
 */

import { type Clock, systemClock } from "../../base/clock.ts";
import type { Limits } from "../../base/limits.ts";
import type { Logger } from "../../base/log.ts";
import type { IncomingFrame } from "../../gateway/channel.ts";
import type { Cleared } from "../../gateway/clear.ts";
import { type Child, type ChildOptions, ending, KILLED, spawnChild } from "./child.ts";
import { ChildLog } from "./child_log.ts";
import { LineSplitter } from "./lines.ts";
import { Stopper } from "./stopper.ts";
import { atMost, systemTimers, type Timers } from "./timers.ts";
import { FrameWriter } from "./writer.ts";

/** Options of {@linkcode LineChild}. */
export interface LineChildOptions extends ChildOptions {
  /** How the child's lines on stderr are marked. */
  readonly name: string;
  readonly limits: Pick<Limits, "maxLineBytes" | "transportTimeoutMs">;
  readonly log: Logger;
  /** Receives each line of the child's stderr, newline included; must not block. */
  readonly note: (line: string) => void;
  /** Takes a frame; no more is read while it waits, and the frame is valid for as long. */
  readonly onFrame: (frame: IncomingFrame) => Promise<void> | undefined;
  /** Called once when nothing more will come, with the reason in words. */
  readonly onEnd: (detail: string) => void;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** How long a read may take when the child itself has ended; longer, and somebody else holds the pipe. */
const LAST_READ_MS = 100;
/** The most reads after its end: what a pipe holds whose writers are dead. */
const LAST_READS = 64;

/** A running child. */
export class LineChild {
  readonly #options: LineChildOptions;
  readonly #time: { readonly clock: Clock; readonly timers: Timers };
  readonly #child: Child;
  readonly #writer: FrameWriter;
  readonly #stopper: Stopper;
  readonly #over = Promise.withResolvers<void>();
  /** Reads so far. */
  #reads = 0;
  #isReading = false;
  /** Settles when no process of the child's group is left and all it said was read. */
  readonly gone: Promise<void>;

  /**
   * Starts it.
   *
   * @throws {SpawnError} when it cannot be started.
   */
  constructor(options: LineChildOptions) {
    const time = this.#time = {
      clock: options.clock ?? systemClock,
      timers: options.timers ?? systemTimers,
    };
    this.#options = options;
    this.#child = spawnChild(options);
    this.#writer = new FrameWriter(this.#child.stdin, {
      ...time,
      stallMs: options.limits.transportTimeoutMs,
      onFailure: (failure) =>
        this.#stopper.stop(failure === "closed" ? "upstream_deaf" : "upstream_stalled"),
    });
    this.#stopper = new Stopper(this.#child, {
      ...time,
      onStop: () => void this.#writer.close(),
      onOver: () => this.#over.resolve(),
    });
    this.gone = this.#run();
  }

  /** Sends a message; settles when the next one may be sent. What is sent to one that ended is lost. */
  async send(cleared: Cleared, kind: "forward" | "answer"): Promise<void> {
    this.#writer.add(cleared, kind);
    await this.#writer.go(kind);
  }

  /** Ends it; `hurried` when whoever waits for that is impatient. */
  stop({ hurried }: { readonly hurried: boolean }): void {
    this.#stopper.stop(hurried ? "signalled" : "client_done");
  }

  async #run(): Promise<void> {
    const { name, note, log, onEnd } = this.#options;
    const childLog = new ChildLog(this.#child.stderr, { ...this.#time, name, write: note });
    const logged = childLog.run();
    const brief = { ms: LAST_READ_MS, timers: this.#time.timers };
    const isOurs = () =>
      this.#stopper.reason === "signalled" ||
      this.#stopper.reason === "client_done";
    const exited = this.#child.exited.then((status) => {
      this.#stopper.stop("upstream_exited");
      return status;
    });
    const read = this.#read().then(() => this.#stopper.stop("upstream_silent"));
    const status = await Promise.race([exited, this.#over.promise.then(() => KILLED)]);
    await this.#lastReads(read);
    onEnd(`the server ${ending(status)}`);
    log.log(isOurs() ? "DEBUG" : "WARNING", `the server ${ending(status)}`, { upstream: name });
    await this.#stopper.sweep();
    this.#stopper.dispose();
    this.#writer.abandon();
    await atMost(logged, brief);
    await Promise.all([this.#child.stdout.cancel(), childLog.cancel(), read, logged]);
  }

  /** Waits for the last of its output to be read and taken, however long whoever takes it needs. */
  async #lastReads(read: Promise<void>): Promise<void> {
    const [first, wait] = [this.#reads, { ms: LAST_READ_MS, timers: this.#time.timers }];
    let isOver = false;
    const over = read.finally(() => isOver = true);
    for (let seen = -1; !isOver;) {
      const isStuck = this.#isReading && seen === this.#reads;
      if (isStuck || this.#reads > first + LAST_READS) await this.#child.stdout.cancel();
      seen = this.#reads;
      await atMost(over, wait);
    }
  }

  async #read(): Promise<void> {
    const { limits, onFrame } = this.#options;
    const { stdout } = this.#child;
    const lines = new LineSplitter(limits);
    for (let isLast = false; !isLast;) {
      this.#isReading = true;
      const bytes = await stdout.read(lines.room()).catch(() => new Uint8Array(0)); // broken: it has ended
      this.#isReading = false;
      this.#reads++;
      isLast = bytes.length === 0;
      for (const frame of isLast ? lines.end(bytes) : lines.took(bytes)) await onFrame(frame);
    }
  }
}
