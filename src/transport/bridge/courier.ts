/**
 * Carries what was cleared to an upstream over HTTP, and back what comes of it.
 *
 * MCP, Streamable HTTP: every message is a POST of its own. Requests wait for their answers side by
 * side; what owes no answer is delivered before the next message leaves, as a pipe would have it.
 * @module
 */

import type { Logger } from "../../base/log.ts";
import type { Cleared } from "../../gateway/clear.ts";
import { isModernRevision } from "../http/client_headers.ts";
import type { HttpWire, WireReply } from "../http/http_wire.ts";
import type { Header } from "../http/upstream_link.ts";
import type { Onward } from "../stdio/direction.ts";
import { atMost, type Timers } from "../stdio/timers.ts";
import { type Forward, UpstreamCall } from "./call.ts";
import type { Inbox } from "./inbox.ts";
import { ServerStream } from "./server_stream.ts";
import { UpstreamSession } from "./session.ts";

/** Options of {@linkcode Courier}. */
export interface CourierOptions {
  readonly link: HttpWire;
  readonly inbox: Inbox;
  readonly timers: Timers;
  readonly log: Logger;
  /** What the upstream may take to accept what owes no answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Called for what can only be a bug. */
  readonly onBug: (error: unknown) => void;
}

/** Bytes of requests without any reply so far, beyond which no more are read from the client. */
const AHEAD_BYTES = 32 * 1024 * 1024;
/** How long the order of messages is worth waiting for an upstream that does not accept one. */
const ORDER_MS = 5_000;
/** A request whose answer is that it is over (MCP 2026-07-28). */
const SUBSCRIPTION = "subscriptions/listen";
const LOST = "it has forgotten the session; the client has to start again";

/** The upstream's side of one conversation. */
export class Courier implements Onward {
  /** Bodies are memory of their own, so nothing is ever stuck. */
  readonly stuck = false;
  readonly #options: CourierOptions;
  readonly #line: Forward[] = [];
  readonly #calls = new Map<string | number, UpstreamCall>();
  readonly #abort = new AbortController();
  #session = new UpstreamSession();
  #serverStream: ServerStream | undefined;
  /** Under way, or over and not waited for yet. */
  #handshake: Promise<void> | undefined;
  #aheadBytes = 0;
  #onRoom = () => {};
  #isOver = false;
  #lastFailure: string | undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  forward(message: Forward): void {
    this.#line.push(message);
  }

  go(): Promise<void> | undefined {
    return this.#line.length === 0 ? undefined : this.#sendAll(this.#line.splice(0));
  }

  /** Waits until no request waits for an answer; a subscription waits for none. */
  async idle(): Promise<void> {
    const calls = [...this.#calls.values()].filter(({ method }) => method !== SUBSCRIPTION);
    await Promise.all(calls.map(({ settled }) => settled));
  }

  /** Closes every stream, tells the client of what had no answer, and the upstream that it is over. */
  async end(detail: string, { ms }: { readonly ms: number }): Promise<void> {
    this.#isOver = true;
    this.#onRoom();
    this.#abort.abort();
    this.#serverStream?.stop();
    for (const call of this.#calls.values()) call.stop();
    await this.#options.inbox.gone(detail);
    await this.#forget(this.#session, ms);
  }

  async #sendAll(line: readonly Forward[]): Promise<void> {
    for (const message of line) if (!this.#isOver) await this.#send(message);
  }

  async #send(message: Forward): Promise<void> {
    const { kind, method, about, revision } = message.envelope;
    const modern = isModernRevision(revision);
    if (!modern) await this.#afterHandshake(message);
    if (kind === "request") return await this.#ask(message, modern);
    const given = about === undefined ? undefined : this.#calls.get(about);
    // MCP 2026-07-28, Streamable HTTP: to close the stream of the response is to cancel.
    if (modern && method === "notifications/cancelled") return given?.stop();
    if (!modern && this.#session.isLost) return;
    const delivered = this.#deliver(message.cleared, [
      ...message.headers ?? [],
      ...(modern ? [] : this.#session.own),
    ]);
    delivered.then((reply) => {
      if (method === "notifications/cancelled") given?.stop();
      if (method === "notifications/initialized") this.#listen(reply);
    }).catch(this.#options.onBug);
    await atMost(delivered, { ms: ORDER_MS, timers: this.#options.timers });
  }

  /** A client that does not wait for the answer to its handshake has to: there is no session before. */
  async #afterHandshake({ envelope: { method }, headers }: Forward): Promise<void> {
    if (this.#handshake !== undefined && method !== "initialize") {
      await atMost(this.#handshake, { ms: ORDER_MS, timers: this.#options.timers });
      this.#handshake = undefined;
    }
    this.#session.noteVersion(headers);
  }

  async #ask(message: Forward, modern: boolean): Promise<void> {
    const { envelope: { about, method }, cleared } = message;
    if (about === undefined) return;
    if (method === "initialize" && !modern) this.#begin();
    const session = this.#session;
    if (!modern && session.isLost) return await this.#options.inbox.gone(LOST, about);
    const bytes = cleared.bytes.length;
    this.#aheadBytes += bytes;
    const call = new UpstreamCall({
      ...this.#options,
      forward: message,
      session,
      answer: (own) => this.#answer(own, session),
      onReply: (reply) => {
        if (reply !== undefined) this.#noteFailure(reply);
        this.#aheadBytes -= bytes;
        this.#onRoom();
      },
      onLost: () => this.#lose(session),
    });
    this.#calls.set(about, call);
    if (method === "initialize") this.#handshake = call.settled;
    call.run().catch(this.#options.onBug).finally(() => {
      if (this.#calls.get(about) === call) this.#calls.delete(about);
    });
    while (this.#aheadBytes > AHEAD_BYTES && !this.#isOver) {
      await new Promise<void>((resolve) => this.#onRoom = resolve);
    }
  }

  /** A handshake begins a session; the one before it is over. */
  #begin(): void {
    const before = this.#session;
    this.#session = new UpstreamSession();
    this.#serverStream?.stop();
    this.#serverStream = undefined;
    void this.#forget(before, this.#options.timeoutMs);
  }

  #listen(reply: WireReply): void {
    const isTaken = reply.kind !== "failed" && (reply.kind !== "message" || reply.status < 400);
    if (!isTaken || this.#session.isLost || this.#isOver) return;
    this.#serverStream?.stop();
    const session = this.#session;
    this.#serverStream = new ServerStream({
      ...this.#options,
      session,
      answer: (own) => this.#answer(own, session),
    });
    this.#serverStream.run().catch(this.#options.onBug);
  }

  async #answer(cleared: Cleared, session: UpstreamSession): Promise<void> {
    await this.#deliver(cleared, session.all);
  }

  /** Sends what owes no answer. */
  async #deliver(body: Cleared, headers: readonly Header[]): Promise<WireReply> {
    const session = this.#session;
    const reply = await this.#within(
      this.#options.timeoutMs,
      (signal) => this.#options.link.send({ method: "POST", headers, body, signal }),
    );
    if (reply.kind === "events") await reply.events.cancel();
    this.#noteFailure(reply);
    if (session.id !== null && "status" in reply && reply.status === 404) await this.#lose(session);
    return reply;
  }

  /** Tells everybody who waits that the session is gone; what it knew cannot be had again. */
  async #lose(session: UpstreamSession): Promise<void> {
    if (session.isLost) return;
    session.isLost = true;
    if (session !== this.#session || this.#isOver) return;
    this.#options.log.log(
      "ERROR",
      "the upstream has forgotten the session: restart the client, or let it initialize again",
    );
    this.#serverStream?.stop();
    for (const call of this.#calls.values()) call.stop();
    await this.#options.inbox.gone(LOST);
  }

  /** Tells the upstream that a session is over. */
  async #forget(session: UpstreamSession, ms: number): Promise<void> {
    if (session.id === null || session.isLost) return;
    session.isLost = true;
    const reply = await this.#within(
      ms,
      (signal) => this.#options.link.send({ method: "DELETE", headers: session.all, signal }),
      false,
    );
    if (reply.kind === "events") await reply.events.cancel();
  }

  /** Gives a signal that fires when the time is up, or all is over. */
  async #within<T>(
    ms: number,
    run: (signal: AbortSignal) => Promise<T>,
    endsWithAll = true,
  ): Promise<T> {
    const late = new AbortController();
    const cancel = this.#options.timers.after(ms, () => late.abort());
    try {
      return await run(
        endsWithAll ? AbortSignal.any([late.signal, this.#abort.signal]) : late.signal,
      );
    } finally {
      cancel();
    }
  }

  /** Tells the operator why the upstream fails, once for each reason in a row. */
  #noteFailure(reply: WireReply): void {
    const detail = reply.kind === "failed" ? reply.detail : undefined;
    const isNew = detail !== undefined && detail !== this.#lastFailure && !this.#isOver;
    this.#lastFailure = detail;
    if (isNew) this.#options.log.log("WARNING", `the upstream server failed: ${detail}`);
  }
}
