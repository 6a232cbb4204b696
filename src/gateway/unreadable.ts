/**
 * What becomes of frames that are no messages, and of requests whose upstream is gone.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import type { Message, ParseFault, RequestId, Sender } from "../jsonrpc/message.ts";
import { refusal } from "./answer.ts";
import { factsOf } from "./arrival.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";
import { type Outcome, sending } from "./outcome.ts";
import { entryOf } from "./record.ts";

/** What could be learned of a frame that is refused unread. */
export interface Unreadable {
  readonly id: RequestId | undefined;
  /** Whether a `method` was seen: the id is then a request's, not an answer's. */
  readonly hasMethod: boolean;
  readonly bytes: number;
  readonly reason: DenyReason;
  /** The bytes, when they are small enough to keep. */
  readonly sample: Uint8Array | undefined;
}

/** The reason for a denial that a fault of the bytes amounts to. */
export function faultReason(fault: ParseFault): DenyReason {
  switch (fault.code) {
    case "too_large":
    case "too_deep":
      return { code: "too_large", limit: fault.limit, max: fault.max };
    case "not_utf8":
      return { code: "malformed", detail: "the bytes are not UTF-8", parse: true };
    case "not_json":
      return { code: "malformed", detail: `not JSON: ${fault.detail}`, parse: true };
    case "duplicate_key":
      return malformed(`the key ${quote(fault.key)} stands twice in one object`);
    case "confusable_key":
      return malformed(`the key ${quote(fault.key)} could be read as another one`);
    case "forbidden_key":
      return malformed(`the key ${quote(fault.key)} is not allowed`);
    case "lone_surrogate":
      return malformed("a string holds half of a surrogate pair");
    case "number_out_of_range":
      return malformed(`the number ${fault.text.slice(0, 40)} is out of range`);
    case "bad_id":
      return malformed("the id must be a string or an integer within ±(2^53 − 1)");
    case "not_a_message":
      return malformed(fault.detail);
    case "batch":
      return malformed("batches are part of revision 2025-03-26 only");
  }
}

function malformed(detail: string): DenyReason {
  return { code: "malformed", detail, parse: false };
}

function quote(key: string): string {
  return JSON.stringify(key.slice(0, 80));
}

/**
 * The fate of an unreadable frame. Whoever waits for it is told: its sender when it is a request,
 * the other side when it is the answer to one in flight. Nothing comes back for noise of the
 * upstream, which is summarised.
 */
export function unreadable(
  conversation: Conversation,
  sender: Sender,
  about: Unreadable,
): Outcome | undefined {
  const { id, hasMethod, reason } = about;
  const answers = id !== undefined && !hasMethod;
  const table = sender === "client" ? conversation.askedBack : conversation.asked;
  const pending = answers ? table.answer(id) : undefined;
  if (pending !== undefined) {
    return told(conversation, sender, { about, pending, reason: answerReason(sender, reason) });
  }
  if (sender === "upstream" && (id === undefined || !hasMethod)) return undefined;
  const traceId = conversation.newTraceId();
  // INVARIANT: the ids of the two directions are never mixed: an answer to nothing gets no error
  // with its id, which would end the client's own request of that id.
  if (answers) {
    return { entry: entry(conversation, { about, sender, traceId, disposition: "drop" }) };
  }
  const send = sending(refusal(reason, { id: id ?? null, traceId }), {
    to: "answer",
    method: undefined,
    about: sender === "client" ? id : undefined,
    revision: conversation.revision,
    reason,
  });
  return {
    entry: entry(conversation, { about, sender, traceId, disposition: "answer" }),
    send,
    unrecorded: () => send,
  };
}

/** What the side that waits is told of an answer that could not be read. */
function answerReason(sender: Sender, reason: DenyReason): DenyReason {
  if (sender === "client") {
    return { code: "not_expected", detail: "the client's answer was refused" };
  }
  return reason.code === "malformed"
    ? { code: "upstream_failed", detail: `its answer is no valid message (${reason.detail})` }
    : reason;
}

/** Ends a request that waits, with an error. */
function told(
  conversation: Conversation,
  sender: Sender,
  { about, pending, reason }: {
    readonly about: Unreadable;
    readonly pending: Pending;
    readonly reason: DenyReason;
  },
): Outcome {
  const send = sending(refusal(reason, { id: pending.id, traceId: pending.traceId }), {
    to: "forward",
    method: pending.method,
    about: sender === "upstream" ? pending.id : undefined,
    revision: pending.revision,
    reason,
  });
  return {
    entry: entry(conversation, { about, sender, pending, disposition: "forward" }),
    send,
    unrecorded: () => send,
  };
}

/** Ends every call of the client that still waits. */
export function upstreamGone(conversation: Conversation, detail: string): readonly Outcome[] {
  conversation.askedBack.drain();
  return conversation.asked.drain().map((pending) => unanswered(conversation, pending, detail));
}

/** Ends one call of the client, if it still waits. */
export function answerGone(
  conversation: Conversation,
  id: RequestId,
  detail: string,
): readonly Outcome[] {
  const pending = conversation.asked.answer(id);
  conversation.wireIds?.forget(id);
  return pending === undefined ? [] : [unanswered(conversation, pending, detail)];
}

function unanswered(conversation: Conversation, pending: Pending, detail: string): Outcome {
  const reason: DenyReason = { code: "upstream_failed", detail };
  const about = { id: pending.id, hasMethod: false, bytes: 0, reason, sample: undefined };
  return told(conversation, "upstream", { about, pending, reason });
}

/** What is known of a message whose judgement broke. */
export interface Broken {
  readonly message: Message;
  readonly bytes: number;
  /** The request that the message answers, taken out of its table or not. */
  readonly pending: Pending | undefined;
}

// INVARIANT: No pass is implied: missing, thrown, late or misshapen means deny.
/** The fate of a message whose judgement broke, by a bug or by a port that threw: nothing of it passes. */
export function broken(
  conversation: Conversation,
  sender: Sender,
  { message, bytes, pending }: Broken,
): Outcome {
  const denied: DenyReason = { code: "check_failed", check: "gateway" };
  const facts = {
    ...factsOf(conversation, sender, {
      ...{ message, bytes },
      ...(pending === undefined ? {} : { traceId: pending.traceId }),
    }),
    denied,
  };
  const answer = (to: "answer" | "forward", id: RequestId): Outcome => {
    const error = refusal(denied, { id, traceId: facts.traceId });
    const send = sending(error, {
      to,
      method: pending?.method,
      about: sender === "client" && to === "forward" ? undefined : id,
      revision: pending?.revision ?? conversation.revision,
      reason: denied,
    });
    return { entry: entryOf(facts, to), send, unrecorded: () => send };
  };
  if (message.kind === "request") return answer("answer", message.id);
  if (pending === undefined) return { entry: entryOf(facts, "drop") };
  const table = sender === "client" ? conversation.askedBack : conversation.asked;
  table.answer(pending.id);
  return answer("forward", pending.id);
}

function entry(
  conversation: Conversation,
  { about, sender, pending, traceId, disposition }: {
    readonly about: Unreadable;
    readonly sender: Sender;
    readonly pending?: Pending;
    readonly traceId?: string;
    readonly disposition: "forward" | "answer" | "drop";
  },
): Outcome["entry"] {
  const fromClient = sender === "client";
  return entryOf({
    timeMs: conversation.parts.clock.wallMs(),
    traceId: traceId ?? pending?.traceId ?? conversation.newTraceId(),
    direction: fromClient ? "client-to-upstream" : "upstream-to-client",
    principal: fromClient ? conversation.client : conversation.upstreamPrincipal,
    upstream: conversation.upstream,
    policy: conversation.parts.questions.policy.hash,
    bytes: about.bytes,
    message: { kind: "unreadable", id: about.id ?? null },
    denied: about.reason,
    ...(pending === undefined ? {} : { method: pending.method, resource: pending.resource }),
  }, disposition);
}
