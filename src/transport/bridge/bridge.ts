/**
 * The bridge: a client on stdio in front of an upstream over HTTP, around one channel.
 *
 * MCP, stdio: messages on stdin and stdout, one a line; the bridge ends when its stdin does. An
 * upstream that cannot be reached ends nothing: each request is told so.
 * @module
 */

import { type Clock, systemClock } from "../../base/clock.ts";
import type { Limits } from "../../base/limits.ts";
import type { Logger } from "../../base/log.ts";
import type { Channel } from "../../gateway/channel.ts";
import type { HttpWire } from "../http/http_wire.ts";
import { Direction } from "../stdio/direction.ts";
import { type ByteFile, type ByteReader, fileReader } from "../stdio/reader.ts";
import { type Signals, systemSignals } from "../stdio/signals.ts";
import { atMost, systemTimers, type Timers } from "../stdio/timers.ts";
import { type ByteSink, FrameWriter, type WriterFailure } from "../stdio/writer.ts";
import { Courier } from "./courier.ts";
import { Inbox } from "./inbox.ts";

/** Options of {@linkcode runBridge}. */
export interface BridgeOptions {
  /** The conversation; the client's messages wait for it. */
  readonly channel: Promise<Channel>;
  readonly link: HttpWire;
  readonly limits: Pick<Limits, "maxLineBytes" | "transportTimeoutMs">;
  readonly log: Logger;
  /** `Deno.stdin` by default. It is closed when the bridge ends. */
  readonly stdin?: ByteFile;
  /** `Deno.stdout` by default. */
  readonly stdout?: ByteSink;
  readonly signals?: Signals;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** Why a bridge ends. */
type End =
  | { readonly kind: "client_done" }
  | { readonly kind: "client_gone" }
  | { readonly kind: "client_stalled" }
  | { readonly kind: "signalled"; readonly signal: Deno.Signal }
  | { readonly kind: "failed"; readonly error: unknown };

// An MCP client closes our stdin, then sends SIGTERM and SIGKILL some seconds apart (MCP, stdio,
// Shutdown): ours has to be over by then.
/** How long requests may still be answered when the client has closed our stdin. */
const GRACE_MS = 1_000;
/** How long the upstream may take the end of the session. */
const LAST_MS = 500;
/** How long the client may take the last messages. */
const FLUSH_MS = 2_000;
/** What a shell reports of a program that a signal ended: 128 and this. */
const SIGNAL_NUMBERS: Readonly<Partial<Record<Deno.Signal, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGTERM: 15,
  SIGBREAK: 21,
};

const DENO_STDOUT: ByteSink = {
  write: (bytes) => Deno.stdout.write(bytes),
  close: () => Promise.resolve(),
};

/**
 * Runs a bridge until the client leaves or a signal ends it.
 *
 * @returns 0 when the client left, 128 + n for a signal, 1 when the client took no bytes.
 * @throws what `channel` rejects with.
 */
export function runBridge(options: BridgeOptions): Promise<number> {
  return new Bridge(options).run();
}

class Bridge {
  readonly #options: BridgeOptions;
  readonly #timers: Timers;
  readonly #toClient: FrameWriter;
  readonly #stdin: ByteReader;
  readonly #abort = new AbortController();
  readonly #ended = Promise.withResolvers<End>();
  /** Whoever waits for us is impatient. */
  readonly #hurried = Promise.withResolvers<void>();

  constructor(options: BridgeOptions) {
    const { limits, stdin = Deno.stdin, stdout = DENO_STDOUT } = options;
    const { clock = systemClock, timers = systemTimers } = options;
    this.#options = options;
    this.#timers = timers;
    this.#stdin = fileReader(stdin);
    this.#toClient = new FrameWriter(stdout, {
      ...{ stallMs: limits.transportTimeoutMs, clock, timers },
      onFailure: (failure) => this.#lost(failure),
    });
  }

  async run(): Promise<number> {
    const { signals = systemSignals, channel } = this.#options;
    const ignoreSignals = signals.listen((signal) => this.#hurry({ kind: "signalled", signal }));
    try {
      const opened = await Promise.race([channel, this.#hurried.promise]);
      const end = opened === undefined ? await this.#ended.promise : await this.#converse(opened);
      if (end.kind === "failed") throw end.error;
      return exitOf(end);
    } finally {
      ignoreSignals();
      this.#abort.abort();
      this.#toClient.abandon();
      await this.#stdin.cancel();
    }
  }

  async #converse(channel: Channel): Promise<End> {
    const { link, limits, log } = this.#options;
    const timers = this.#timers;
    const { signal } = this.#abort;
    const inbox = new Inbox({ channel, toClient: this.#toClient, signal });
    const onBug = (error: unknown) => this.#hurry({ kind: "failed", error });
    const timeoutMs = limits.transportTimeoutMs;
    const courier = new Courier({ link, inbox, timers, log, timeoutMs, onBug });
    const fromClient = new Direction({
      ...{ reader: this.#stdin, maxLineBytes: limits.maxLineBytes, timers },
      judge: (frames) => channel.fromClient(frames, { signal }),
      onward: courier,
      back: this.#toClient,
    });
    fromClient.run().then(() => this.#ended.resolve({ kind: "client_done" }), onBug);
    const end = await this.#ended.promise;
    const rest = Promise.race([courier.idle(), this.#hurried.promise]);
    if (end.kind === "client_done") await atMost(rest, { ms: GRACE_MS, timers });
    fromClient.stop();
    await atMost(courier.end(detailOf(end), { ms: LAST_MS }), { ms: 2 * LAST_MS, timers });
    await atMost(this.#toClient.flush(), { ms: FLUSH_MS, timers });
    await channel.close();
    return end;
  }

  #hurry(end: End): void {
    this.#ended.resolve(end);
    this.#hurried.resolve();
  }

  #lost(failure: WriterFailure): void {
    if (failure === "closed") return this.#hurry({ kind: "client_gone" });
    const { log, limits } = this.#options;
    const waited = `for ${limits.transportTimeoutMs} ms (transportTimeoutMs)`;
    log.log("ERROR", `the client took no bytes ${waited}: ending the conversation`);
    this.#hurry({ kind: "client_stalled" });
  }
}

/** Why requests are left without an answer, for the client. */
function detailOf({ kind }: End): string {
  switch (kind) {
    case "client_done":
    case "client_gone":
    case "client_stalled":
      return "the client ended the conversation";
    case "signalled":
      return "the proxy was asked to stop";
    case "failed":
      return "the proxy failed";
  }
}

function exitOf(end: Exclude<End, { readonly kind: "failed" }>): number {
  switch (end.kind) {
    case "client_done":
    case "client_gone":
      return 0;
    case "client_stalled":
      return 1;
    case "signalled":
      return 128 + (SIGNAL_NUMBERS[end.signal] ?? 0);
  }
}
