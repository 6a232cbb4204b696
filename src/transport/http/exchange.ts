/**
 * One request of a client of Streamable HTTP: what is forwarded, and how its answer comes back.
 * @module
 */

import type { Disposition } from "../../gateway/channel.ts";
import { ClientStream, type ClientStreamOptions } from "./client_stream.ts";
import { streamableSink } from "./message_sink.ts";
import { answers, type Forward, type PumpState, Relay, type RelayOptions } from "./relay.ts";
import {
  accepted,
  errorResponse,
  messageResponse,
  refused,
  sessionUnknown,
  streamResponse,
} from "./replies.ts";
import type { EventSource, UpstreamReply } from "./upstream_link.ts";

type RequestId = string | number;
type NoAnswer = Extract<UpstreamReply, { readonly kind: "accepted" | "refused" | "failed" }>;

/** What an exchange needs of the endpoint it belongs to. */
export interface ExchangeOptions extends Omit<RelayOptions, "resumes"> {
  /** The modern revision, where a client that goes away has cancelled. */
  readonly modern: boolean;
  readonly stream: Pick<ClientStreamOptions, "ticker" | "keepAliveMs" | "stallMs">;
  /** The `WWW-Authenticate` of a refusal for want of scopes. */
  readonly challenge: (scopes: readonly string[]) => string | undefined;
  /** Told once the upstream answers to `initialize`; gives the headers of the session that begins. */
  readonly begin: () => Readonly<Record<string, string>> | undefined;
  /** The upstream does not know the session any more. */
  readonly lost: () => Promise<void>;
  /** Told of every stream, with the function that ends it at once and whether anybody waits for an answer on it. */
  readonly track: (end: () => void, how: { readonly isAwaited: boolean }) => () => void;
}

/** One exchange. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #relay: Relay;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#relay = new Relay({ ...options, resumes: !options.modern });
  }

  /**
   * Sends what was cleared, and gives the response. `done` is called when nothing of it is under way
   * any more, which may be long after the response has begun.
   */
  async run(dispositions: readonly Disposition[], done: () => void): Promise<Response> {
    const leaving = dispositions.filter((each) => each.kind !== "drop");
    const [only] = leaving;
    if (leaving.length > 1) return this.#batch(leaving, done);
    try {
      if (only === undefined) return accepted();
      if (only.kind === "answer") return this.#answer(only);
      if (only.envelope.kind !== "request") return await this.#deliver(only);
    } finally {
      if (only?.kind !== "forward" || only.envelope.kind !== "request") done();
    }
    return await this.#ask(only, done);
  }

  /** Pumps a stream that belongs to no request of the client, or that goes on with one it has missed. */
  pump(
    events: EventSource,
    { isResumed, done }: { readonly isResumed: boolean; readonly done: () => void },
  ): Response {
    return this.#stream(events, { about: undefined, headers: {}, isResumed, done });
  }

  #answer(answer: Extract<Disposition, { readonly kind: "answer" }>): Response {
    const { status, scopes } = answer.http;
    const challenge = scopes === undefined ? undefined : this.#options.challenge(scopes);
    const headers = {
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(status === 503 ? { "retry-after": "1" } : {}),
    };
    return messageResponse(answer, { status, headers });
  }

  /** Sends what owes no answer. */
  async #deliver(forward: Forward): Promise<Response> {
    const reply = await this.#relay.send(forward);
    switch (reply.kind) {
      case "accepted":
        return accepted();
      case "events":
        await reply.events.cancel();
        return accepted();
      case "message":
        if (reply.status < 400) return accepted();
        return refused(reply.status, "The upstream refused the message");
      case "refused":
        return errorResponse(reply.status, reply.code, reply.detail);
      case "failed":
        if (this.#isLost(reply)) return await this.#lost();
        return refused(502, `The upstream server failed: ${reply.detail}`);
    }
  }

  async #ask(forward: Forward, done: () => void): Promise<Response> {
    const { about } = forward.envelope;
    let isStreaming = false;
    try {
      const reply = await this.#relay.send(forward);
      if (reply.kind === "events") {
        isStreaming = true;
        const isFirst = forward.envelope.method === "initialize";
        const headers = (isFirst ? this.#options.begin() : undefined) ?? {};
        return this.#stream(reply.events, { about, headers, done });
      }
      if (reply.kind === "message") return await this.#message(forward, reply);
      return await this.#unanswered(about, reply);
    } finally {
      if (!isStreaming) done();
    }
  }

  /** What is told of a request that the upstream does not answer. */
  async #unanswered(about: RequestId | undefined, reply: NoAnswer): Promise<Response> {
    switch (reply.kind) {
      case "accepted":
        return await this.#gone(about, "it took the request without an answer");
      case "refused":
        await this.#relay.gone(about, reply.detail);
        return errorResponse(reply.status, reply.code, reply.detail, {
          id: about ?? null,
          ...(reply.status === 503 ? { headers: { "retry-after": "5" } } : {}),
        });
      case "failed":
        if (!this.#isLost(reply)) return await this.#gone(about, reply.detail);
        await this.#relay.gone(about, "it does not know the session any more");
        return await this.#lost();
    }
  }

  /** An answer in one body. */
  async #message(
    forward: Forward,
    { bytes, status }: Extract<UpstreamReply, { readonly kind: "message" }>,
  ): Promise<Response> {
    const { about, method } = forward.envelope;
    const dispositions = await this.#relay.judge([bytes], about);
    const answer = dispositions.find((each) => answers(each, about));
    if (answer === undefined) return await this.#gone(about, "its answer is no answer");
    const others = dispositions.filter((each) => each.kind === "forward" && each !== answer);
    const begins = method === "initialize" && answer.envelope.kind === "result";
    const headers = (begins ? this.#options.begin() : undefined) ?? {};
    if (others.length > 0) return this.#all([...others, answer], headers);
    const own = answer.http?.status;
    return messageResponse(answer, { status: own ?? (status >= 400 ? status : 200), headers });
  }

  /** Says that a request has no answer. */
  async #gone(about: RequestId | undefined, detail: string): Promise<Response> {
    const told = await this.#relay.gone(about, detail);
    return told === undefined
      ? refused(502, `The upstream server failed: ${detail}`)
      : messageResponse(told, { status: told.http?.status ?? 502 });
  }

  /** Several messages at once: revision 2025-03-26 alone has them. */
  #batch(leaving: readonly Exclude<Disposition, { kind: "drop" }>[], done: () => void): Response {
    const stream = this.#clientStream(() => {});
    const sink = streamableSink(stream);
    const one = async (each: typeof leaving[number]) => {
      if (each.kind === "answer") await sink.message(each.cleared);
      else if (each.envelope.kind !== "request") await this.#deliver(each);
      else await this.#relay.ask(each, { sink });
    };
    Promise.allSettled(leaving.map(one)).then(() => {
      stream.close();
      done();
    });
    return streamResponse(stream.body);
  }

  #all(told: readonly Disposition[], headers: Readonly<Record<string, string>>): Response {
    const stream = this.#clientStream(() => {});
    const sink = streamableSink(stream);
    for (const each of told) if (each.kind === "forward") sink.message(each.cleared);
    stream.close();
    return streamResponse(stream.body, headers);
  }

  #stream(
    events: EventSource,
    { about, headers, isResumed = false, done }: {
      readonly about: RequestId | undefined;
      readonly headers: Readonly<Record<string, string>>;
      readonly isResumed?: boolean;
      readonly done: () => void;
    },
  ): Response {
    const state: PumpState = { hasIds: false };
    const { modern, link } = this.#options;
    const stream = this.#clientStream(() => {
      if (modern && link.cancelsInWords && about !== undefined) {
        // first: a call whose stream has ended is one that nobody could cancel
        return void this.#cancel(about).finally(() => events.cancel());
      }
      // Legacy: a server that can resume keeps what the client has not read; one that cannot is
      // read to its end, as a client that goes away has cancelled nothing.
      if (modern || about === undefined || state.hasIds) events.cancel();
    });
    const untrack = this.#options.track(() => {
      events.cancel();
      stream.close();
    }, { isAwaited: about !== undefined || isResumed });
    const sink = streamableSink(stream);
    this.#relay.pump(events, { sink, about, state, isResumed }).finally(() => {
      untrack();
      stream.close();
      done();
    });
    return streamResponse(stream.body, headers);
  }

  /** Says for a client of the modern revision that it has gone away, which cancels (MCP 2026-07-28). */
  async #cancel(about: RequestId): Promise<void> {
    const text = JSON.stringify({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: about, reason: "the client closed the stream" },
    });
    const { channel } = this.#options;
    for (const each of await channel.fromClient([new TextEncoder().encode(text)])) {
      if (each.kind === "forward") await this.#relay.send(each);
    }
  }

  #isLost({ status }: Extract<UpstreamReply, { readonly kind: "failed" }>): boolean {
    return status === 404 && !this.#options.modern;
  }

  async #lost(): Promise<Response> {
    await this.#options.lost();
    return sessionUnknown();
  }

  #clientStream(onGone: () => void): ClientStream {
    return new ClientStream({ ...this.#options.stream, onGone });
  }
}
