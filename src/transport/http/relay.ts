/**
 * One conversation between a channel and its upstream: sends what was cleared, and judges what
 * comes back.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Arriving, Channel, Disposition, IncomingFrame } from "../../gateway/channel.ts";
import { comparedHeaders } from "./client_headers.ts";
import type { MessageSink } from "./message_sink.ts";
import type { SseFields, SseItem } from "./sse_item.ts";
import type {
  EventSource,
  Header,
  UpstreamLink,
  UpstreamReply,
  UpstreamRequest,
} from "./upstream_link.ts";

/** A message on its way. */
export type Forward = Extract<Disposition, { readonly kind: "forward" }>;
type RequestId = string | number;

/** Options of {@linkcode Relay}. */
export interface RelayOptions {
  readonly channel: Channel;
  readonly link: UpstreamLink;
  /** Who asks, as the latest request proved. */
  readonly principal: () => Principal;
  /** Headers of every request upstream. */
  readonly headers: readonly Header[];
  /** Whether the client can come back for what it missed of a stream whose events have ids. */
  readonly resumes: boolean;
  /** Gives up what is asked of the upstream. */
  readonly signal?: AbortSignal;
}

/** What is known of a stream while it is pumped. */
export interface PumpState {
  /** An event had an id: the stream can be resumed. */
  hasIds: boolean;
  /** Its last one. */
  lastId?: string;
  /** Milliseconds to wait before coming back, as the upstream says. */
  retryMs?: number;
}

/** Why a request has no answer although nothing failed. */
const NO_ANSWER = "it took the request without an answer";
const STREAM_ENDED = "its stream ended before the answer";

/** Moves the messages of one exchange, or of a whole session. */
export class Relay {
  readonly #options: RelayOptions;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Sends what was cleared. */
  send({ cleared, envelope }: Exclude<Disposition, { kind: "drop" }>): Promise<UpstreamReply> {
    const { link, headers, principal, signal } = this.#options;
    const request: UpstreamRequest = {
      method: "POST",
      headers: comparedHeaders(headers, envelope.revision),
      body: cleared,
      envelope,
      principal: principal(),
      ...(signal === undefined ? {} : { signal }),
    };
    return link.send(request);
  }

  /** Judges frames of the upstream, and sends it the answers of our own. */
  async judge(
    frames: readonly IncomingFrame[],
    about: RequestId | undefined,
    stream: Pick<Arriving, "isResumable" | "isResumed"> = {},
  ): Promise<readonly Disposition[]> {
    const arriving: Arriving = about === undefined ? stream : { ...stream, answers: about };
    const dispositions = await this.#options.channel.fromUpstream(frames, arriving);
    for (const each of dispositions) {
      if (each.kind !== "answer") continue;
      const reply = await this.send(each);
      if (reply.kind === "events") await reply.events.cancel();
    }
    return dispositions;
  }

  /** Ends a request whose answer will not come; gives what its client is told. */
  async gone(about: RequestId | undefined, detail: string): Promise<Forward | undefined> {
    if (about === undefined) return undefined;
    const [told] = await this.#options.channel.upstreamGone(detail, about);
    return told?.kind === "forward" ? told : undefined;
  }

  /** Sends a request, and writes everything that it leads to; its answer is still to come when its stream can be resumed. */
  async ask(
    forward: Forward,
    { sink, state = { hasIds: false } }: {
      readonly sink: MessageSink;
      readonly state?: PumpState;
    },
  ): Promise<{ readonly reply: UpstreamReply; readonly isAnswered: boolean }> {
    const { about } = forward.envelope;
    const reply = await this.send(forward);
    if (reply.kind === "events") {
      const isAnswered = await this.pump(reply.events, { sink, about, state });
      return { reply, isAnswered };
    }
    if (reply.kind === "message") {
      const told = await this.judge([reply.bytes], about);
      for (const each of told) if (each.kind === "forward") await sink.message(each.cleared);
      if (!told.some((each) => answers(each, about))) {
        await this.#tellGone(about, { sink, detail: "its answer is no answer" });
      }
    } else {
      const detail = reply.kind === "accepted" ? NO_ANSWER : reply.detail;
      await this.#tellGone(about, { sink, detail });
    }
    return { reply, isAnswered: true };
  }

  /**
   * Reads a stream to its end; nothing passes that was not cleared. False when the answer is still to
   * come, by the stream that this one can be resumed with.
   */
  async pump(
    events: EventSource,
    { sink, about, state = { hasIds: false }, isResumed = false }: {
      readonly sink: MessageSink;
      /** The client's request that it answers. */
      readonly about: RequestId | undefined;
      readonly state?: PumpState;
      /** The client came back for what it may have missed. */
      readonly isResumed?: boolean;
    },
  ): Promise<boolean> {
    let isAnswered = about === undefined;
    try {
      for await (const items of events) {
        for (const item of items) {
          if (item.kind === "comment") await sink.comment(item.text);
          else if (item.kind !== "truncated") {
            if (item.kind === "event") note(item, state);
            isAnswered = await this.#event(item, { sink, about, isResumed }) || isAnswered;
          }
        }
      }
    } catch {
      // broken off: told below
    }
    if (isAnswered || (this.#options.resumes && state.hasIds)) return isAnswered;
    await this.#tellGone(about, { sink, detail: STREAM_ENDED });
    return true;
  }

  /** Judges and passes one event. True when it was the answer. */
  async #event(
    item: Exclude<SseItem, { kind: "comment" | "truncated" }>,
    { sink, about, isResumed }: {
      readonly sink: MessageSink;
      readonly about: RequestId | undefined;
      readonly isResumed: boolean;
    },
  ): Promise<boolean> {
    const fields: Partial<SseFields> = item.kind === "event" ? item : {};
    const frame = item.kind === "oversize"
      ? { ...item, oversize: true as const, limit: item.limit ?? "maxSseBufferBytes" }
      : item.data;
    if (frame instanceof Uint8Array && frame.length === 0) {
      if (item.kind === "event") await sink.mark(item);
      return false;
    }
    let isAnswer = false;
    let hasPassed = false;
    const isResumable = this.#options.resumes && fields.id !== undefined && fields.id !== "";
    for (const each of await this.judge([frame], about, { isResumable, isResumed })) {
      if (each.kind !== "forward") continue;
      // several messages of one event: only the last one moves the client's place in the stream
      await sink.message(each.cleared, fields);
      hasPassed = true;
      isAnswer ||= answers(each, about);
    }
    if (!hasPassed && item.kind === "event" && item.id !== undefined) {
      await sink.mark({ ...item, data: new Uint8Array(0) });
    }
    return isAnswer;
  }

  async #tellGone(
    about: RequestId | undefined,
    { sink, detail }: { readonly sink: MessageSink; readonly detail: string },
  ): Promise<void> {
    const told = await this.gone(about, detail);
    if (told !== undefined) await sink.message(told.cleared);
  }
}

/** Whether a disposition is the answer to a request of the client. */
export function answers(each: Disposition, about: RequestId | undefined): each is Forward {
  return each.kind === "forward" && each.envelope.about === about &&
    (each.envelope.kind === "result" || each.envelope.kind === "error");
}

function note({ id, retry }: Extract<SseItem, { kind: "event" }>, state: PumpState): void {
  if (id !== undefined) {
    state.lastId = id;
    state.hasIds ||= id !== "";
  }
  if (retry !== undefined) state.retryMs = retry;
}
