/**
 * One session with a client of HTTP+SSE (MCP 2024-11-05): it posts its messages, and hears
 * everything on one stream, whatever its upstream speaks.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Disposition, IncomingFrame, Passage } from "../../gateway/channel.ts";
import type { ClientStream } from "./client_stream.ts";
import { type MessageSink, sseSink } from "./message_sink.ts";
import { type Forward, type PumpState, Relay } from "./relay.ts";
import { accepted, messageResponse } from "./replies.ts";
import type { Session } from "./sessions.ts";
import { encodeEvent } from "./sse_writer.ts";
import type { EventSource, Header, UpstreamReply } from "./upstream_link.ts";

type RequestId = string | number;

/** Options of {@linkcode SseSession}. */
export interface SseSessionOptions {
  readonly session: Session;
  /** Who began it. */
  readonly principal: Principal;
  readonly stream: ClientStream;
  /** The `WWW-Authenticate` of a refusal for want of scopes. */
  readonly challenge: (scopes: readonly string[]) => string | undefined;
  /** Called when the upstream has ended the conversation. */
  readonly onLost: () => void;
}

/** The first revision whose requests name it in a header. */
const FIRST_NAMED_REVISION = "2025-06-18";
/** How long to wait before a stream that ended is asked for again, when the upstream does not say. */
const RETRY_MS = 1_000;
/** No upstream may make us wait longer. */
const MAX_RETRY_MS = 60_000;

/** One session. */
export class SseSession {
  readonly #options: SseSessionOptions;
  readonly #sink: MessageSink;
  readonly #relay: Relay;
  /** Requests that wait for their answers. */
  readonly #asked = new Set<Promise<void>>();
  /** Ends waits when the session is over. */
  readonly #over = new AbortController();
  /** Headers of every request upstream; the relay reads them as they are then. */
  readonly #headers: Header[] = [];
  /** Who asks, as the latest message proved. */
  #principal: Principal;
  #isListening = false;

  constructor(options: SseSessionOptions) {
    const { channel, link } = options.session;
    this.#options = options;
    this.#principal = options.principal;
    this.#sink = sseSink(options.stream);
    this.#relay = new Relay({
      channel,
      link,
      principal: () => this.#principal,
      headers: this.#headers,
      resumes: true,
    });
  }

  /** Tells the client where to post. */
  begin(endpoint: string): void {
    const data = new TextEncoder().encode(endpoint);
    void this.#options.stream.write(encodeEvent({ event: "endpoint", data }));
  }

  /** Takes a message of the client; its answer goes to the stream. */
  async post(frame: IncomingFrame, passage: Passage): Promise<Response> {
    this.#principal = passage.principal ?? this.#principal;
    let response = accepted();
    for (const each of await this.#options.session.channel.fromClient([frame], passage)) {
      if (each.kind === "answer") response = await this.#answer(each) ?? response;
      else if (each.kind === "forward") await this.#forward(each);
    }
    return response;
  }

  /** Settles when no request under way waits for its answer. */
  async idle(): Promise<void> {
    await Promise.all(this.#asked);
  }

  /** Ends it once what is under way has been told; `hurried` ends it at once. */
  async end({ hurried }: { readonly hurried: boolean }): Promise<void> {
    this.#over.abort();
    if (!hurried) await this.idle();
    this.#options.stream.close();
  }

  /** A client can get better scopes only where HTTP tells it which. */
  async #answer(
    answer: Extract<Disposition, { readonly kind: "answer" }>,
  ): Promise<Response | undefined> {
    const { status, scopes } = answer.http;
    const challenge = scopes === undefined ? undefined : this.#options.challenge(scopes);
    if (challenge !== undefined) {
      return messageResponse(answer, { status, headers: { "www-authenticate": challenge } });
    }
    await this.#sink.message(answer.cleared);
    return undefined;
  }

  async #forward(forward: Forward): Promise<void> {
    const { kind, method, revision } = forward.envelope;
    this.#nameRevision(revision);
    if (kind === "request") return this.#start(forward);
    const reply = await this.#relay.send(forward);
    if (reply.kind === "events") await reply.events.cancel();
    this.#noteLost(reply);
    if (method === "notifications/initialized" && !this.#isListening) {
      this.#isListening = true;
      void this.#listen().catch(() => {}); // the client has gone meanwhile
    }
  }

  #start(forward: Forward): void {
    const kept = this.#ask(forward).catch(() => {}) // the client has gone meanwhile
      .finally(() => this.#asked.delete(kept));
    this.#asked.add(kept);
  }

  async #ask(forward: Forward): Promise<void> {
    const state: PumpState = { hasIds: false };
    const { reply, isAnswered } = await this.#relay.ask(forward, { sink: this.#sink, state });
    this.#noteLost(reply);
    if (!isAnswered) await this.#resume(forward.envelope.about, state);
  }

  /** Follows an answer whose stream the upstream has closed for a while (MCP 2025-11-25). */
  async #resume(about: RequestId | undefined, state: PumpState): Promise<void> {
    let isAnswered = false;
    while (!isAnswered && await this.#pause(state)) {
      const events = await this.#get(state);
      if (events === undefined) break;
      isAnswered = await this.#relay.pump(events, { sink: this.#sink, about, state });
    }
    if (isAnswered) return;
    const told = await this.#relay.gone(about, "its stream could not be resumed");
    if (told !== undefined) await this.#sink.message(told.cleared);
  }

  /** Follows the stream of what belongs to no request, where the upstream has one. */
  async #listen(): Promise<void> {
    const state: PumpState = { hasIds: false };
    do {
      const events = await this.#get(state);
      if (events === undefined) return;
      await this.#relay.pump(events, { sink: this.#sink, about: undefined, state });
    } while (await this.#pause(state));
  }

  async #get({ lastId }: PumpState): Promise<EventSource | undefined> {
    const { link } = this.#options.session;
    const resumed: readonly Header[] = lastId === undefined ? [] : [["last-event-id", lastId]];
    const reply = await link.send({
      method: "GET",
      headers: [...this.#headers, ...resumed],
      principal: this.#principal,
    });
    this.#noteLost(reply);
    if (reply.kind !== "events") return undefined;
    const { events } = reply;
    if (this.#over.signal.aborted) await events.cancel();
    else this.#over.signal.addEventListener("abort", () => void events.cancel());
    return events;
  }

  /** Waits before a stream is asked for again; false when the session is over. */
  async #pause({ retryMs = RETRY_MS }: PumpState): Promise<boolean> {
    const { signal } = this.#over;
    if (signal.aborted) return false;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(retryMs, MAX_RETRY_MS));
    const stop = () => resolve();
    signal.addEventListener("abort", stop);
    await promise;
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
    return !signal.aborted;
  }

  /** Says upstream which revision was negotiated: clients of HTTP+SSE need not. */
  #nameRevision(revision: string | null): void {
    if (revision === null || revision < FIRST_NAMED_REVISION) return;
    this.#headers.length = 0;
    this.#headers.push(["mcp-protocol-version", revision]);
  }

  #noteLost(reply: UpstreamReply): void {
    if (reply.kind === "failed" && reply.status === 404) this.#options.onLost();
  }
}
