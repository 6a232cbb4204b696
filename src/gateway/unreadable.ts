/**
 * What becomes of frames that are no messages, and of requests whose upstream is gone.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import type { ParseFault, RequestId, Sender } from "../jsonrpc/message.ts";
import { refusal } from "./answer.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";
import type { Outcome } from "./outcome.ts";
import { entryOf } from "./record.ts";

/** What could be learned of a frame that is refused unread. */
export interface Unreadable {
  readonly id: RequestId | undefined;
  /** Whether it has a `method`, and so is no answer; undefined when that could not be seen. */
  readonly hasMethod: boolean | undefined;
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
 * The fate of an unreadable frame: its sender is told (a client), or the call it would have answered
 * ends with an error (an upstream). Nothing comes back for noise of the upstream, which is summarised.
 */
export function unreadable(
  conversation: Conversation,
  sender: Sender,
  about: Unreadable,
): Outcome | undefined {
  return sender === "client"
    ? unreadableOfClient(conversation, about)
    : unreadableOfUpstream(conversation, about);
}

function unreadableOfClient(conversation: Conversation, about: Unreadable): Outcome {
  const { id, hasMethod, reason } = about;
  const asked = id === undefined || hasMethod === true
    ? undefined
    : conversation.askedBack.answer(id);
  if (asked !== undefined) {
    // The answer to something the upstream asked: it must not wait for ever.
    const gone: DenyReason = { code: "not_expected", detail: "the client's answer was refused" };
    const message = refusal(gone, { id: asked.id, traceId: asked.traceId });
    return {
      entry: entry(conversation, {
        about,
        sender: "client",
        pending: asked,
        disposition: "forward",
      }),
      send: { to: "forward", content: { kind: "message", message } },
      unrecorded: { to: "forward", message },
    };
  }
  const traceId = conversation.newTraceId();
  const message = refusal(reason, { id: id ?? null, traceId });
  const disposition = id === undefined && hasMethod === true ? "drop" : "answer";
  const noted = entry(conversation, { about, sender: "client", traceId, disposition });
  const answer = { to: "answer", message } as const;
  return disposition === "drop" ? { entry: noted } : {
    entry: noted,
    send: { to: "answer", content: { kind: "message", message } },
    unrecorded: answer,
  };
}

function unreadableOfUpstream(conversation: Conversation, about: Unreadable): Outcome | undefined {
  const { id, hasMethod } = about;
  const pending = id === undefined || hasMethod === true
    ? undefined
    : conversation.asked.answer(id);
  if (pending === undefined) return undefined;
  const reason: DenyReason = about.reason.code === "malformed"
    ? { code: "upstream_failed", detail: `its answer is no valid message (${about.reason.detail})` }
    : about.reason;
  const message = refusal(reason, { id: pending.id, traceId: pending.traceId });
  return {
    entry: entry(conversation, { about, sender: "upstream", pending, disposition: "forward" }),
    send: { to: "forward", content: { kind: "message", message } },
    unrecorded: { to: "forward", message },
  };
}

/** Ends every call of the client that still waits. */
export function upstreamGone(conversation: Conversation, detail: string): readonly Outcome[] {
  const reason: DenyReason = { code: "upstream_failed", detail };
  conversation.askedBack.drain();
  return conversation.asked.drain().map((pending): Outcome => {
    const message = refusal(reason, { id: pending.id, traceId: pending.traceId });
    const about = { id: pending.id, hasMethod: false, bytes: 0, reason, sample: undefined };
    return {
      entry: entry(conversation, { about, sender: "upstream", pending, disposition: "forward" }),
      send: { to: "forward", content: { kind: "message", message } },
      unrecorded: { to: "forward", message },
    };
  });
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
