/**
 * One request of a client on its way: what is forwarded, and how its answer comes back.
 * @module
 */

import type { Arriving, Channel, Disposition, IncomingFrame } from "../../gateway/channel.ts";
import { ClientStream, type ClientStreamOptions } from "./client_stream.ts";
import { accepted, messageResponse, refused, sessionUnknown, streamResponse } from "./replies.ts";
import type { SseItem } from "./sse_item.ts";
import { encodeComment, encodeEvent } from "./sse_writer.ts";
import type {
  EventSource,
  Header,
  UpstreamLink,
  UpstreamReply,
  UpstreamRequest,
} from "./upstream_link.ts";

type Forward = Extract<Disposition, { readonly kind: "forward" }>;
type RequestId = string | number;

/** What an exchange needs of the endpoint it belongs to. */
export interface ExchangeOptions {
  readonly channel: Channel;
  readonly link: UpstreamLink;
  /** Headers of every request upstream. */
  readonly headers: readonly Header[];
  /** The modern revision, where a client that goes away has cancelled. */
  readonly modern: boolean;
  /** It belongs to a session that the upstream has a name for, and so may forget. */
  readonly inSession: boolean;
  /** Gives up what is asked of the upstream. */
  readonly signal?: AbortSignal;
  readonly stream: Pick<ClientStreamOptions, "ticker" | "keepAliveMs" | "stallMs">;
  /** The `WWW-Authenticate` of a refusal for want of scopes. */
  readonly challenge: (scopes: readonly string[]) => string | undefined;
  /** Told once the upstream answers to `initialize`; gives the headers of the session that begins. */
  readonly begin: (upstreamId: string | null) => Readonly<Record<string, string>> | undefined;
  /** The upstream does not know the session any more. */
  readonly lost: () => Promise<void>;
  /** Told of every stream, with the function that ends it at once. */
  readonly track: (end: () => void) => () => void;
}

/** One exchange. */
export class Exchange {
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
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

  /** Pumps a stream that belongs to no request of the client. */
  pump(events: EventSource, done: () => void): Response {
    return this.#stream(events, { about: undefined, headers: {}, done });
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
    const reply = await this.#send(forward);
    switch (reply.kind) {
      case "accepted":
        return accepted();
      case "events":
        await reply.events.cancel();
        return accepted();
      case "message":
        if (reply.status < 400) return accepted();
        return refused(reply.status, "The upstream refused the message");
      case "failed":
        if (this.#isLost(reply)) return await this.#lost();
        return refused(502, `The upstream server failed: ${reply.detail}`);
    }
  }

  async #ask(forward: Forward, done: () => void): Promise<Response> {
    const { about } = forward.envelope;
    let isStreaming = false;
    try {
      const reply = await this.#send(forward);
      if (reply.kind === "events") {
        isStreaming = true;
        const isFirst = forward.envelope.method === "initialize";
        const headers = (isFirst ? this.#options.begin(reply.sessionId) : undefined) ?? {};
        return this.#stream(reply.events, { about, headers, done });
      }
      if (reply.kind === "message") return await this.#message(forward, reply);
      if (reply.kind === "failed" && this.#isLost(reply)) {
        await this.#gone(about, "it does not know the session any more");
        return await this.#lost();
      }
      const detail = reply.kind === "failed"
        ? reply.detail
        : "it took the request without an answer";
      return await this.#gone(about, detail);
    } finally {
      if (!isStreaming) done();
    }
  }

  /** An answer in one body. */
  async #message(
    forward: Forward,
    { bytes, status, sessionId }: Extract<UpstreamReply, { readonly kind: "message" }>,
  ): Promise<Response> {
    const { about, method } = forward.envelope;
    const dispositions = await this.#fromUpstream([bytes], about);
    const answer = dispositions.find((each) => answers(each, about));
    if (answer === undefined) return await this.#gone(about, "its answer is no answer");
    const others = dispositions.filter((each) => each.kind === "forward" && each !== answer);
    const begins = method === "initialize" && answer.envelope.kind === "result";
    const headers = (begins ? this.#options.begin(sessionId) : undefined) ?? {};
    if (others.length > 0) return this.#all([...others, answer], headers);
    const own = answer.http?.status;
    return messageResponse(answer, { status: own ?? (status >= 400 ? status : 200), headers });
  }

  /** Says that a request has no answer. */
  async #gone(about: RequestId | undefined, detail: string): Promise<Response> {
    const [told] = about === undefined
      ? []
      : await this.#options.channel.upstreamGone(detail, about);
    return told?.kind === "forward"
      ? messageResponse(told, { status: told.http?.status ?? 502 })
      : refused(502, `The upstream server failed: ${detail}`);
  }

  /** Several messages at once: revision 2025-03-26 alone has them. */
  #batch(leaving: readonly Exclude<Disposition, { kind: "drop" }>[], done: () => void): Response {
    const stream = this.#clientStream(() => {});
    const one = async (each: typeof leaving[number]) => {
      if (each.kind === "answer") {
        await stream.write(encodeEvent({ data: each.cleared.bytes }));
      } else if (each.envelope.kind !== "request") await this.#deliver(each);
      else await this.#askInto(stream, each);
    };
    Promise.allSettled(leaving.map(one)).then(() => {
      stream.close();
      done();
    });
    return streamResponse(stream.body);
  }

  async #askInto(stream: ClientStream, forward: Forward): Promise<void> {
    const { about } = forward.envelope;
    const reply = await this.#send(forward);
    if (reply.kind === "events") {
      await this.#pump(reply.events, stream, about);
      return;
    }
    const told = reply.kind === "message"
      ? await this.#fromUpstream([reply.bytes], about)
      : await this.#options.channel.upstreamGone(
        reply.kind === "failed" ? reply.detail : "it took the request without an answer",
        about,
      );
    for (const each of told) {
      if (each.kind === "forward") await stream.write(encodeEvent({ data: each.cleared.bytes }));
    }
  }

  #all(told: readonly Disposition[], headers: Readonly<Record<string, string>>): Response {
    const stream = this.#clientStream(() => {});
    for (const each of told) {
      if (each.kind === "forward") stream.write(encodeEvent({ data: each.cleared.bytes }));
    }
    stream.close();
    return streamResponse(stream.body, headers);
  }

  #stream(
    events: EventSource,
    { about, headers, done }: {
      readonly about: RequestId | undefined;
      readonly headers: Readonly<Record<string, string>>;
      readonly done: () => void;
    },
  ): Response {
    const seen = { id: false };
    const stream = this.#clientStream(() => {
      // Legacy: a server that can resume keeps what the client has not read; one that cannot is
      // read to its end, as a client that goes away has cancelled nothing.
      if (this.#options.modern || about === undefined || seen.id) events.cancel();
    });
    const untrack = this.#options.track(() => {
      events.cancel();
      stream.close();
    });
    this.#pump(events, stream, about, seen).finally(() => {
      untrack();
      stream.close();
      done();
    });
    return streamResponse(stream.body, headers);
  }

  /** Reads a stream to its end; nothing passes that was not cleared. */
  async #pump(
    events: EventSource,
    stream: ClientStream,
    about: RequestId | undefined,
    seen: { id: boolean } = { id: false },
  ): Promise<void> {
    let isAnswered = false;
    try {
      for await (const items of events) {
        for (const item of items) {
          if (item.kind === "comment") await stream.write(encodeComment(item.text));
          else if (item.kind !== "truncated") {
            if (item.kind === "event" && item.id !== undefined && item.id !== "") seen.id = true;
            isAnswered = await this.#event(item, stream, about) || isAnswered;
          }
        }
      }
    } catch {
      // broken off: told below
    }
    const canResume = !this.#options.modern && seen.id;
    if (about === undefined || isAnswered || canResume) return;
    for (const each of await this.#options.channel.upstreamGone(STREAM_ENDED, about)) {
      if (each.kind === "forward") await stream.write(encodeEvent({ data: each.cleared.bytes }));
    }
  }

  /** Judges and passes one event. True when it was the answer. */
  async #event(
    item: Exclude<SseItem, { kind: "comment" | "truncated" }>,
    stream: ClientStream,
    about: RequestId | undefined,
  ): Promise<boolean> {
    const fields = item.kind === "event" ? item : {};
    const frame = item.kind === "oversize"
      ? { ...item, oversize: true as const, limit: "maxSseBufferBytes" }
      : item.data;
    if (frame instanceof Uint8Array && frame.length === 0) {
      if (item.kind === "event") await stream.write(encodeEvent(item));
      return false;
    }
    let isAnswer = false;
    let hasPassed = false;
    for (const each of await this.#fromUpstream([frame], about)) {
      if (each.kind !== "forward") continue;
      // several messages of one event: only the last one moves the client's place in the stream
      await stream.write(encodeEvent({ ...fields, hasData: true, data: each.cleared.bytes }));
      hasPassed = true;
      isAnswer ||= answers(each, about);
    }
    if (!hasPassed && item.kind === "event" && item.id !== undefined) {
      await stream.write(encodeEvent({ ...item, data: new Uint8Array(0) }));
    }
    return isAnswer;
  }

  /** Judges frames of the upstream, and sends it the answers of our own. */
  async #fromUpstream(
    frames: readonly IncomingFrame[],
    about: RequestId | undefined,
  ): Promise<readonly Disposition[]> {
    const arriving: Arriving = about === undefined ? {} : { answers: about };
    const dispositions = await this.#options.channel.fromUpstream(frames, arriving);
    for (const each of dispositions) {
      if (each.kind !== "answer") continue;
      const reply = await this.#send(each);
      if (reply.kind === "events") await reply.events.cancel();
    }
    return dispositions;
  }

  #send({ cleared }: Exclude<Disposition, { kind: "drop" }>): Promise<UpstreamReply> {
    const { link, headers, signal } = this.#options;
    const request: UpstreamRequest = {
      method: "POST",
      headers,
      body: cleared,
      ...(signal === undefined ? {} : { signal }),
    };
    return link.send(request);
  }

  #isLost({ status }: Extract<UpstreamReply, { readonly kind: "failed" }>): boolean {
    return status === 404 && this.#options.inSession;
  }

  async #lost(): Promise<Response> {
    await this.#options.lost();
    return sessionUnknown();
  }

  #clientStream(onGone: () => void): ClientStream {
    return new ClientStream({ ...this.#options.stream, onGone });
  }
}

const STREAM_ENDED = "its stream ended before the answer";

function answers(each: Disposition, about: RequestId | undefined): each is Forward {
  return each.kind === "forward" && each.envelope.about === about &&
    (each.envelope.kind === "result" || each.envelope.kind === "error");
}
