/**
 * One request of the client on its way to the upstream, until its answer has come.
 *
 * MCP 2025-11-25, Streamable HTTP, "Resumability and Redelivery": a stream that ends before the
 * answer is asked for again by its last event id. The modern revision has none of that: there a
 * stream that ends has ended the call.
 * @module
 */

import type { Cleared } from "../../gateway/clear.ts";
import type { Disposition } from "../../gateway/channel.ts";
import { isModernRevision } from "../http/client_headers.ts";
import type { HttpWire, WireReply } from "../http/http_wire.ts";
import type { EventSource } from "../http/upstream_link.ts";
import type { Timers } from "../stdio/timers.ts";
import { Backoff } from "./backoff.ts";
import { readStream, type StreamPlace } from "./event_stream.ts";
import type { Came, Inbox } from "./inbox.ts";
import { Pause } from "./pause.ts";
import type { UpstreamSession } from "./session.ts";

/** A message that goes to the upstream. */
export type Forward = Extract<Disposition, { readonly kind: "forward" }>;

/** Options of {@linkcode UpstreamCall}. */
export interface CallOptions {
  readonly forward: Forward;
  readonly session: UpstreamSession;
  readonly link: HttpWire;
  readonly inbox: Inbox;
  readonly timers: Timers;
  /** Sends the upstream an answer of the gateway's own. */
  readonly answer: (cleared: Cleared) => Promise<void>;
  /** Called once, when the upstream has replied; without a reply when the call was given up before. */
  readonly onReply: (reply: WireReply | undefined) => void;
  /** The upstream does not know the session any more. */
  readonly onLost: () => Promise<void>;
}

/** How long a stream may stay open after the answer; to close it at once would cost the connection. */
const LINGER_MS = 1_000;
const STREAM_ENDED = "its stream ended before the answer";

/** One call. */
export class UpstreamCall {
  /** Fulfilled once it waits for nothing: it was answered, or has ended. */
  readonly settled: Promise<void>;
  readonly #options: CallOptions;
  readonly #modern: boolean;
  readonly #abort = new AbortController();
  readonly #pause: Pause;
  readonly #backoff = new Backoff();
  readonly #place: StreamPlace = { lastId: undefined };
  #events: EventSource | undefined;
  #answered: "result" | "error" | undefined;
  #stopped = false;
  #settle = () => {};
  #cancelLinger = () => {};

  constructor(options: CallOptions) {
    this.#options = options;
    this.#modern = isModernRevision(options.forward.envelope.revision);
    this.#pause = new Pause(options.timers);
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  /** The method of the request. */
  get method(): string | undefined {
    return this.#options.forward.envelope.method;
  }

  /** Sends the request and takes what comes of it. */
  async run(): Promise<void> {
    try {
      await this.#converse();
    } finally {
      this.#cancelLinger();
      this.#settle();
    }
  }

  /** Gives it up and closes its stream: in the modern revision that cancels it. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#abort.abort();
    this.#pause.over();
    // Aborting the fetch would not close the connection of a body under way; this does.
    void this.#events?.cancel();
  }

  async #converse(): Promise<void> {
    const { forward, session, link, onReply } = this.#options;
    const reply = await link.send({
      method: "POST",
      headers: [...forward.headers ?? [], ...(this.#modern ? [] : session.own)],
      body: forward.cleared,
      signal: this.#abort.signal,
    });
    onReply(this.#stopped ? undefined : reply);
    const begins = this.method === "initialize" && !this.#modern;
    if (begins && (reply.kind === "events" || reply.kind === "message")) {
      session.id = reply.sessionId;
    }
    const end = await this.#take(reply);
    if (begins && this.#answered !== "result") session.id = null;
    if (this.#answered === undefined) await this.#gone(end ?? "the request was given up");
  }

  /** Takes the reply; gives why there is no answer in it. */
  async #take(reply: WireReply): Promise<string | undefined> {
    if (this.#isLost(reply)) {
      await this.#options.onLost();
      return "it has forgotten the session";
    }
    switch (reply.kind) {
      case "events":
        await this.#read(reply.events);
        await this.#resume();
        return STREAM_ENDED;
      case "message": {
        const answered = await this.#options.inbox.take(reply.bytes, this.#came);
        if (answered !== undefined) this.#onAnswer(answered);
        return "its answer is no answer";
      }
      case "accepted":
        return reply.type === ""
          ? "it took the request without an answer"
          : `it answered with ${reply.type.slice(0, 100)}`;
      case "failed":
        return reply.detail;
    }
  }

  /** Asks for a stream that ended too early again, as long as there is hope. */
  async #resume(): Promise<void> {
    const { link, session } = this.#options;
    while (this.#answered === undefined && !this.#stopped && !this.#modern) {
      const { lastId } = this.#place;
      const ms = lastId === undefined ? undefined : this.#backoff.next();
      if (lastId === undefined || ms === undefined) return;
      await this.#pause.wait(ms);
      if (this.#stopped) return;
      const reply = await link.send({
        method: "GET",
        headers: [...session.all, ["last-event-id", lastId]],
        signal: this.#abort.signal,
      });
      if (reply.kind === "events") await this.#read(reply.events);
      else if (this.#isLost(reply)) return await this.#options.onLost();
      else if (!mayPass(reply)) return;
    }
  }

  async #read(events: EventSource): Promise<void> {
    this.#events = events;
    if (this.#stopped) return await events.cancel();
    await readStream(events, {
      inbox: this.#options.inbox,
      came: this.#came,
      place: this.#place,
      backoff: this.#backoff,
      onAnswer: (answered) => this.#onAnswer(answered),
    });
    this.#events = undefined;
  }

  #onAnswer(answered: "result" | "error"): void {
    this.#answered ??= answered;
    this.#settle();
    this.#cancelLinger();
    const { timers } = this.#options;
    this.#cancelLinger = timers.after(LINGER_MS, () => void this.#events?.cancel());
  }

  get #came(): Came {
    const { forward, answer } = this.#options;
    return {
      about: forward.envelope.about,
      // modern servers ask nothing over a stream, so there is nobody to answer
      answer: this.#modern ? () => Promise.resolve() : answer,
    };
  }

  #isLost(reply: WireReply): boolean {
    return !this.#modern && this.#options.session.id !== null && "status" in reply &&
      reply.status === 404;
  }

  async #gone(detail: string): Promise<void> {
    const { inbox, forward } = this.#options;
    const { about } = forward.envelope;
    if (about !== undefined) await inbox.gone(detail, about);
  }
}

/** Whether what kept a stream from being had again may pass by itself. */
export function mayPass(reply: WireReply): boolean {
  return reply.kind === "failed" &&
    (reply.status === undefined || reply.status === 429 || reply.status >= 500);
}
