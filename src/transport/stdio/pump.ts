/**
 * The stdio shim: two directions, client to child and child to client, around one channel.
 *
 * MCP, stdio: messages on stdin and stdout, one a line; stderr is for people. The directions run
 * independently, each reads no further than what it read was sent on, and both write to the client
 * through one ordered writer.
 * @module
 */

import { type Clock, systemClock } from "../../base/clock.ts";
import type { Limits } from "../../base/limits.ts";
import type { Logger } from "../../base/log.ts";
import type { Channel, Dispositions, IncomingFrame } from "../../gateway/channel.ts";
import { type Child, ending, type ExitStatus, KILLED } from "./child.ts";
import { ChildLog } from "./child_log.ts";
import { Direction } from "./direction.ts";
import { type ByteFile, type ByteReader, fileReader } from "./reader.ts";
import { type Signals, systemSignals } from "./signals.ts";
import { Stopper, type StopReason } from "./stopper.ts";
import { atMost, systemTimers, type Timers } from "./timers.ts";
import { type ByteSink, FrameWriter, type WriterFailure } from "./writer.ts";

/** Options of {@linkcode runShim}. */
export interface ShimOptions {
  /** The conversation; the client's messages wait for it. When it rejects, the child is ended. */
  readonly channel: Promise<Channel>;
  /** A child that was just spawned. */
  readonly child: Child;
  /** How the child's lines on stderr are marked. */
  readonly name: string;
  readonly limits: Pick<Limits, "maxLineBytes" | "transportTimeoutMs">;
  readonly log: Logger;
  /** Receives each line of the child's stderr, newline included; must not block. */
  readonly note: (line: string) => void;
  /** `Deno.stdin` by default. It is closed when the shim ends. */
  readonly stdin?: ByteFile;
  /** `Deno.stdout` by default. */
  readonly stdout?: ByteSink;
  readonly signals?: Signals;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** How long a client that has not been heard yet may still speak after the child has ended. */
const FIRST_WORD_MS = 50;
/** How long the child's stderr may stay open when its whole group has ended. */
const LAST_NOTE_MS = 100;

/**
 * Runs a shim until the child has ended, and gives its exit code (128 + n for a signal).
 *
 * Ends the child when our stdin ends, when we are signalled, and when a peer takes no bytes for
 * `transportTimeoutMs`. Every request that waits when the child ends is answered.
 *
 * @throws what `channel` rejects with, after the child has ended.
 */
export function runShim(options: ShimOptions): Promise<number> {
  return new Shim(options).run();
}

const DENO_STDOUT: ByteSink = {
  write: (bytes) => Deno.stdout.write(bytes),
  close: () => Promise.resolve(),
};

class Shim {
  readonly #options: ShimOptions;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #child: Child;
  readonly #toClient: FrameWriter;
  readonly #toUpstream: FrameWriter;
  readonly #stdin: ByteReader;
  readonly #fromClient: Direction;
  readonly #fromUpstream: Direction;
  readonly #stopper: Stopper;
  readonly #abort = new AbortController();
  #channel: Channel | undefined;
  #stdinClosed: Promise<void> | undefined;
  #signal: Deno.Signal | undefined;
  /** What went wrong in the channel, which is a bug. */
  #bug: { readonly error: unknown } | undefined;
  /** Fulfilled a moment after SIGKILL. */
  readonly #over: Promise<void>;
  /** The same, when whoever waits for us is impatient. */
  readonly #overHurried: Promise<void>;

  constructor(options: ShimOptions) {
    const { child, limits, stdin = Deno.stdin, stdout = DENO_STDOUT } = options;
    const { clock = systemClock, timers = systemTimers } = options;
    const stallMs = limits.transportTimeoutMs;
    this.#options = options;
    this.#child = child;
    this.#clock = clock;
    this.#timers = timers;
    this.#toClient = new FrameWriter(stdout, {
      ...{ stallMs, clock, timers },
      onFailure: (failure) => this.#lost("client", failure),
    });
    this.#toUpstream = new FrameWriter(child.stdin, {
      ...{ stallMs, clock, timers },
      onFailure: (failure) => this.#lost("upstream", failure),
    });
    this.#stdin = fileReader(stdin);
    this.#fromClient = new Direction({
      ...{ reader: this.#stdin, maxLineBytes: limits.maxLineBytes, timers },
      judge: (frames) => this.#judge("fromClient", frames),
      onward: this.#toUpstream,
      back: this.#toClient,
    });
    this.#fromUpstream = new Direction({
      ...{ reader: child.stdout, maxLineBytes: limits.maxLineBytes, timers },
      judge: (frames) => this.#judge("fromUpstream", frames),
      onward: this.#toClient,
      back: this.#toUpstream,
    });
    let over = () => {};
    let overHurried = () => {};
    this.#over = new Promise((resolve) => over = resolve);
    this.#overHurried = new Promise((resolve) => overHurried = resolve);
    this.#stopper = new Stopper(child, {
      ...{ clock, timers },
      onStop: (reason) => this.#onStop(reason),
      onOver: (hurried) => {
        this.#fromUpstream.finish();
        over();
        if (!hurried) return;
        this.#abort.abort();
        this.#toClient.abandon();
        overHurried();
      },
    });
  }

  async run(): Promise<number> {
    const { signals = systemSignals, name, note } = this.#options;
    const ignoreSignals = signals.listen((signal) => {
      this.#signal ??= signal;
      this.#stopper.stop("signalled");
    });
    const time = { clock: this.#clock, timers: this.#timers };
    const childLog = new ChildLog(this.#child.stderr, { name, write: note, ...time });
    const logged = childLog.run();
    try {
      return await this.#converse();
    } finally {
      ignoreSignals();
      this.#abort.abort();
      this.#toClient.abandon();
      this.#stopper.dispose();
      await this.#stdin.cancel();
      const brief = { ms: LAST_NOTE_MS, timers: this.#timers };
      await atMost(logged, brief);
      await Promise.all([this.#child.stdout.cancel(), childLog.cancel(), logged]);
      if (this.#stdinClosed !== undefined) await atMost(this.#stdinClosed, brief);
    }
  }

  async #converse(): Promise<number> {
    const channel = this.#options.channel.then((opened) => this.#channel = opened);
    channel.catch(() => this.#stopper.stop("failed")); // thrown below, when the child has ended
    const exited = this.#child.exited.then((status) => {
      this.#stopper.stop("upstream_exited");
      return status;
    });
    void this.#run(this.#fromClient, "client_done");
    const drained = this.#run(this.#fromUpstream, "upstream_silent");

    const status = await Promise.race([exited, this.#over.then(() => KILLED)]);
    await drained;
    const swept = this.#stopper.sweep();
    await this.#lastFrames();
    this.#noteEnd(status);
    const opened = await Promise.race([channel, this.#overHurried]).finally(() => swept);
    if (opened !== undefined) await this.#lastWords(opened, status);
    if (this.#bug !== undefined) throw this.#bug.error;
    return status.code;
  }

  /** Judges frames; those that come before the channel is open wait for it. */
  #judge(from: "fromClient" | "fromUpstream", frames: readonly IncomingFrame[]): Dispositions {
    const { signal } = this.#abort;
    if (this.#channel !== undefined) return this.#channel[from](frames, { signal });
    return this.#options.channel.then((channel) => channel[from](frames, { signal }));
  }

  async #run(direction: Direction, reason: StopReason): Promise<void> {
    try {
      await direction.run();
      this.#stopper.stop(reason);
    } catch (error) {
      // Without a channel the reason is the channel's own; with one this is a bug in it.
      if (this.#channel !== undefined) this.#bug ??= { error };
      this.#stopper.stop("failed");
    }
  }

  /** Lets what was read from the client be judged: it may lead to answers still. */
  async #lastFrames(): Promise<void> {
    if (!this.#fromClient.heard && !this.#stopper.hurried) {
      await new Promise<void>((resolve) => this.#timers.after(FIRST_WORD_MS, resolve));
    }
    this.#fromClient.stop();
    this.#toUpstream.abandon();
    await this.#fromClient.idle();
  }

  /** Answers what still waits, and ends the conversation. */
  async #lastWords(channel: Channel, status: ExitStatus): Promise<void> {
    for (const disposition of await channel.upstreamGone(this.#detail(status))) {
      if (disposition.kind !== "drop") this.#toClient.add(disposition.cleared, "answer");
    }
    this.#toClient.go("answer");
    await this.#toClient.flush();
    await channel.close();
  }

  #onStop(reason: StopReason): void {
    const { log, name } = this.#options;
    log.log("DEBUG", "ending the server", { reason, signal: this.#signal, upstream: name });
    this.#stdinClosed = this.#toUpstream.close();
  }

  #lost(side: "client" | "upstream", failure: WriterFailure): void {
    if (failure === "stalled") {
      const { log, name, limits } = this.#options;
      const waited = `for ${limits.transportTimeoutMs} ms (transportTimeoutMs)`;
      const who = side === "client" ? "client" : "server";
      log.log("ERROR", `the ${who} took no bytes ${waited}: ending the conversation`, {
        upstream: name,
      });
    }
    if (side === "client") {
      this.#stopper.stop(failure === "closed" ? "client_gone" : "client_stalled");
    } else this.#stopper.stop(failure === "closed" ? "upstream_deaf" : "upstream_stalled");
  }

  #noteEnd(status: ExitStatus): void {
    const { log, name } = this.#options;
    if (this.#fromUpstream.heard || this.#stopper.hurried) {
      log.log("INFO", `the server ${ending(status)}`, { upstream: name });
      return;
    }
    log.log(
      "ERROR",
      `the server ${ending(status)} before it said anything; run its command by itself to see why`,
      { upstream: name },
    );
  }

  /** Why requests are left without an answer, for the client. */
  #detail(status: ExitStatus): string {
    const { transportTimeoutMs } = this.#options.limits;
    switch (this.#stopper.reason) {
      case "client_done":
      case "client_gone":
      case "client_stalled":
        return "the client ended the conversation";
      case "signalled":
        return "the proxy was asked to stop";
      case "upstream_stalled":
        return `the server took no bytes for ${transportTimeoutMs} ms`;
      case "upstream_exited":
      case "upstream_silent":
      case "upstream_deaf":
      case "failed":
      case undefined:
        return `the server ${ending(status)}`;
    }
  }
}
