/**
 * The gateway's channel: reads and judges groups of frames, records them, and only then clears
 * what may leave.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { AuditEntry } from "../audit/entry.ts";
import { AegisError } from "../base/error.ts";
import { readFrame } from "../jsonrpc/read.ts";
import type { FrameItem, Message, RequestId, Sender } from "../jsonrpc/message.ts";
import { allowsBatches } from "../mcp/revision.ts";
import { statusOf } from "./answer.ts";
import type { Arrival } from "./arrival.ts";
import type {
  Arriving,
  Channel,
  Disposition,
  Dispositions,
  IncomingFrame,
  Passage,
} from "./channel.ts";
import { clear } from "./clear.ts";
import type { Conversation } from "./conversation.ts";
import { clientMessage } from "./from_client.ts";
import { upstreamMessage } from "./from_upstream.ts";
import { answerToNothing } from "./upstream_answer.ts";
import { Noise } from "./noise.ts";
import type { Outcome, Sending } from "./outcome.ts";
import {
  answerGone,
  broken,
  faultReason,
  type Unreadable,
  unreadable,
  upstreamGone,
} from "./unreadable.ts";

type Pending = Outcome | Promise<Outcome>;

/** What a group of frames has come to so far. */
interface Group {
  readonly outcomes: Pending[];
  readonly passage: Passage & Arriving;
  /** What was taken from the budget. */
  readonly held: { bytes: number };
}

/** A channel of {@linkcode Gateway}. */
export class OpenChannel implements Channel {
  readonly #conversation: Conversation;
  readonly #noise: Noise;
  readonly #closed: () => void;
  #isClosed = false;

  constructor(conversation: Conversation, closed: () => void) {
    this.#conversation = conversation;
    this.#noise = new Noise(conversation);
    this.#closed = closed;
  }

  fromClient(frames: readonly IncomingFrame[], passage: Passage = {}): Dispositions {
    const { principal } = passage;
    if (principal !== undefined) this.#takePrincipal(principal);
    return this.#group("client", frames, passage);
  }

  fromUpstream(frames: readonly IncomingFrame[], arriving: Arriving = {}): Dispositions {
    return this.#group("upstream", frames, arriving);
  }

  upstreamGone(detail: string, about?: RequestId): Dispositions {
    const conversation = this.#conversation;
    return this.#settle(
      about === undefined
        ? upstreamGone(conversation, detail)
        : answerGone(conversation, about, detail),
    );
  }

  /** A channel belongs to one principal, whose roles and scopes may differ from token to token. */
  #takePrincipal(principal: Principal): void {
    const { client } = this.#conversation;
    if (principal.id !== client.id || principal.kind !== client.kind) {
      throw new AegisError("misuse", "Cannot send for another principal than the channel's own");
    }
    this.#conversation.client = principal;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conversation.asked.drain();
    this.#conversation.askedBack.drain();
    this.#closed();
    const noise = this.#noise.rest();
    if (noise !== undefined) await this.#conversation.parts.audit.record([noise]);
  }

  /** Judges a group of frames; what they cost is held until their fate is settled. */
  #group(
    sender: Sender,
    frames: readonly IncomingFrame[],
    passage: Passage & Arriving,
  ): Dispositions {
    const { budget } = this.#conversation.parts;
    const outcomes: Pending[] = [];
    const held = { bytes: 0 };
    let settled: Dispositions | undefined;
    try {
      for (const frame of frames) this.#frame(sender, frame, { outcomes, passage, held });
      settled = this.#settle(outcomes);
    } finally {
      if (!(settled instanceof Promise)) budget.release(held.bytes);
    }
    return settled instanceof Promise ? settled.finally(() => budget.release(held.bytes)) : settled;
  }

  /** Adds the outcomes of one frame, and what was taken from the budget for it. */
  #frame(sender: Sender, frame: IncomingFrame, { outcomes, passage, held }: Group): void {
    const conversation = this.#conversation;
    if (!(frame instanceof Uint8Array)) {
      const { id, hasMethod, bytes, limit, max } = frame;
      const reason = { code: "too_large", limit, max } as const;
      this.#unreadable(sender, { id, hasMethod, bytes, reason, sample: undefined }, outcomes);
      return;
    }
    const { limits, budget } = conversation.parts;
    const batches = allowsBatches(conversation.revision);
    const read = readFrame(frame, { sender, limits, batches });
    const taken = budget.take(read.cost);
    if (taken) held.bytes += read.cost;
    const bytes = frame.length;
    const items = read.kind === "single" ? [read.item] : read.items;
    for (const item of items) {
      if (!taken) {
        const reason = { code: "overloaded", limit: "maxInFlightBytes", max: budget.max } as const;
        this.#unreadable(sender, { ...idOf(item), bytes, reason, sample: undefined }, outcomes);
      } else if (!item.ok) {
        const { id, hasMethod, fault } = item;
        const reason = faultReason(fault);
        this.#unreadable(sender, { id, hasMethod, bytes, reason, sample: frame }, outcomes);
      } else {
        const isOneLine = conversation.mirror === undefined || !holdsLineEnd(frame);
        const verbatim = read.kind === "single" && item.verbatim && isOneLine ? frame : undefined;
        outcomes.push(this.#message(sender, item.message, {
          bytes,
          repaired: item.repaired,
          verbatim,
          signal: passage.signal,
          headers: passage.headers,
          answers: passage.answers,
          isResumable: passage.isResumable ?? false,
          isResumed: passage.isResumed ?? false,
        }));
      }
    }
  }

  /** Judges one message, read in the client's terms. */
  #message(sender: Sender, message: Message, arrival: Arrival): Pending {
    const { wireIds, askedBack } = this.#conversation;
    if (sender === "client" || wireIds === undefined) return this.#judge(sender, message, arrival);
    const { isResumed } = arrival;
    const named = wireIds.toClient(message, { isResumed, isAsking: (id) => askedBack.holds(id) });
    if (named === undefined) return answerToNothing(this.#conversation, message, arrival);
    const verbatim = named === message ? arrival.verbatim : undefined;
    return this.#judge(sender, named, { ...arrival, verbatim });
  }

  /** Judges one message; a judgement that breaks denies it. */
  #judge(sender: Sender, message: Message, arrival: Arrival): Pending {
    const conversation = this.#conversation;
    const pending = answered(conversation, sender, message);
    const failed = (error: unknown): Outcome => {
      conversation.parts.log.log("ERROR", "Cannot judge a message: it is refused", {
        error: error instanceof Error ? error.message : String(error),
        upstream: conversation.upstream,
      });
      return broken(conversation, sender, { message, bytes: arrival.bytes, pending });
    };
    try {
      const outcome = sender === "client"
        ? clientMessage(conversation, message, arrival)
        : upstreamMessage(conversation, message, arrival);
      return outcome instanceof Promise ? outcome.catch(failed) : outcome;
    } catch (error) {
      return failed(error);
    }
  }

  /** Adds what becomes of a frame that is no message: an outcome, or a line of noise. */
  #unreadable(sender: Sender, read: Unreadable, outcomes: Pending[]): void {
    const { wireIds } = this.#conversation;
    const isAnswer = sender === "upstream" && !read.hasMethod && read.id !== undefined;
    const about = wireIds !== undefined && isAnswer
      ? { ...read, id: wireIds.theirs(read.id) }
      : read;
    const outcome = unreadable(this.#conversation, sender, about);
    if (isAnswer && about.id !== undefined) wireIds?.forget(about.id);
    if (outcome !== undefined) outcomes.push(outcome);
    else this.#noise.add(about.sample, about.bytes);
  }

  /** Waits for what needs waiting, then records the group and clears it. */
  #settle(outcomes: readonly Pending[]): Dispositions {
    return outcomes.every(isReady)
      ? this.#record(outcomes)
      : Promise.all(outcomes).then((ready) => this.#record(ready));
  }

  // INVARIANT: Every message leaves exactly one audit entry, written before the forward.
  #record(outcomes: readonly Outcome[]): Dispositions {
    const entries: AuditEntry[] = outcomes.map((outcome) => outcome.entry);
    const noise = this.#noise.due();
    if (noise !== undefined) entries.push(noise);
    if (entries.length === 0) return [];
    try {
      const recorded: unknown = this.#conversation.parts.audit.record(entries);
      if (recorded === undefined) return release(outcomes);
      return afterRecord(recorded).then(
        () => release(outcomes),
        (error) => this.#refuse(outcomes, error),
      );
    } catch (error) {
      return this.#refuse(outcomes, error);
    }
  }

  /** What cannot be recorded is not sent: takes everything back and tells those who wait. */
  #refuse(outcomes: readonly Outcome[], error: unknown): readonly Disposition[] {
    for (const { undo } of outcomes.toReversed()) undo?.();
    this.#conversation.parts.log.log("ERROR", "Cannot write the audit: messages are refused", {
      error: error instanceof Error ? error.message : String(error),
      upstream: this.#conversation.upstream,
      messages: outcomes.length,
    });
    return outcomes.map(({ unrecorded }): Disposition => {
      if (unrecorded === undefined) return { kind: "drop" };
      return dispose(unrecorded());
    });
  }
}

/** The request in flight that a message answers. */
function answered({ asked, askedBack }: Conversation, sender: Sender, message: Message) {
  if ((message.kind !== "result" && message.kind !== "error") || message.id === null) {
    return undefined;
  }
  return (sender === "client" ? askedBack : asked).get(message.id);
}

/** Waits for whatever a sink gives back; a promise of anybody's making counts. */
async function afterRecord(recorded: unknown): Promise<void> {
  await recorded;
}

// INVARIANT: a message on stdio is one line: a body of HTTP may be laid out over many.
function holdsLineEnd(frame: Uint8Array): boolean {
  return frame.includes(LF) || frame.includes(CR);
}

const LF = 10;
const CR = 13;

function isReady(outcome: Pending): outcome is Outcome {
  return !(outcome instanceof Promise);
}

function idOf(item: FrameItem): Pick<Unreadable, "id" | "hasMethod"> {
  if (!item.ok) return item;
  const { message } = item;
  const id = "id" in message && message.id !== null ? message.id : undefined;
  return { id, hasMethod: "method" in message };
}

function release(outcomes: readonly Outcome[]): readonly Disposition[] {
  return outcomes.map(({ send }): Disposition =>
    send === undefined ? { kind: "drop" } : dispose(send)
  );
}

function dispose(sending: Sending): Disposition {
  const { to, content, kind, method, about, revision, wire, reason, headers } = sending;
  const cleared = clear(content);
  const named = { kind, method, about, revision };
  const envelope = wire === undefined ? named : { ...named, wire };
  if (to === "forward" && reason === undefined) {
    return { kind: to, cleared, envelope, ...(headers === undefined ? undefined : { headers }) };
  }
  // a refusal that the model reads is an ordinary result
  const status = reason === undefined || kind === "result" ? 200 : statusOf(reason, revision);
  const http = reason?.code === "insufficient_scope"
    ? { status, scopes: reason.scopes }
    : { status };
  return { kind: to, cleared, envelope, http };
}
