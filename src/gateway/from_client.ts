/**
 * What becomes of one message of the client.
 * @module
 */

import type { Resource } from "../access/request.ts";
import type { DenyReason, Verdict } from "../access/verdict.ts";
import type {
  ErrorMessage,
  Message,
  NotificationMessage,
  RequestId,
  ResultMessage,
} from "../jsonrpc/message.ts";
import { cancelledRequest, createdTask, reportedProgress } from "../mcp/correlation.ts";
import { describe, type Described } from "../mcp/describe.ts";
import { requestRevision } from "../mcp/revision.ts";
import { refusal } from "./answer.ts";
import { type Arrival, factsOf } from "./arrival.ts";
import { ClientRequest } from "./client_request.ts";
import { headerFault } from "./header_check.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";
import { type Outcome, sending } from "./outcome.ts";
import { entryOf, type Facts } from "./record.ts";
import type { WireNames } from "./wire_ids.ts";

const NOT_IN_FLIGHT: DenyReason = { code: "not_expected", detail: "no such request is in flight" };

/** Judges one message of the client. */
export function clientMessage(
  conversation: Conversation,
  message: Message,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  switch (message.kind) {
    case "request":
      return new ClientRequest(conversation, message, arrival).judge();
    case "notification":
      return notification(conversation, message, arrival);
    case "result":
    case "error":
      return answer(conversation, message, arrival);
  }
}

function notification(
  conversation: Conversation,
  message: NotificationMessage,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  const described = describe(message, "client");
  const resource: Resource = {
    kind: "server",
    server: conversation.upstream,
    name: message.method,
  };
  const facts: Facts = {
    ...factsOf(conversation, "client", { message, bytes: arrival.bytes }),
    resource,
    ...(described.kind === "known" ? { action: described.action } : {}),
  };
  const fault = headerFault(conversation, message, arrival) ??
    notificationFault(conversation, message, described);
  if (fault !== undefined) return { entry: entryOf({ ...facts, denied: fault }, "drop") };
  const finish = (verdict: Verdict): Outcome => {
    const judged = { ...facts, verdict };
    if (verdict.effect === "deny") return { entry: entryOf(judged, "drop") };
    const sent = conversation.wireIds?.toUpstream(message) ?? message;
    const cancelled = noteCancelled(conversation, message);
    if (cancelled === undefined && message.method === "notifications/cancelled") {
      return { entry: entryOf({ ...judged, denied: NOT_IN_FLIGHT }, "drop") };
    }
    const revision = cancelled?.pending.revision ?? requestRevision(message.params) ??
      conversation.revision;
    return {
      entry: entryOf(judged, "forward"),
      send: sending(sent, {
        to: "forward",
        method: message.method,
        about: cancelled?.pending.id,
        revision,
        headers: conversation.mirror?.headers(sent, { revision }),
        wire: givenUp(sent),
      }),
      ...(cancelled === undefined ? {} : { undo: cancelled.undo }),
    };
  };
  const verdict = conversation.judge({
    direction: "client-to-upstream",
    method: message.method,
    known: described.kind === "known",
    action: described.kind === "known" ? described.action : "execute",
    resource,
    arguments: message.params ?? {},
    traceId: facts.traceId,
    revision: conversation.revision,
  }, arrival.signal);
  return verdict instanceof Promise ? verdict.then(finish) : finish(verdict);
}

/** The upstream's names of the request that a cancellation gives up. */
function givenUp({ method, params }: NotificationMessage): WireNames | undefined {
  const id = method === "notifications/cancelled" ? cancelledRequest(params) : undefined;
  return id === undefined ? undefined : { id, progressToken: undefined };
}

/** Why a notification of the client cannot go on, whoever sent it. */
function notificationFault(
  conversation: Conversation,
  message: NotificationMessage,
  described: Described,
): DenyReason | undefined {
  if (described.kind === "malformed") {
    const { pointer, detail } = described;
    return { code: "invalid_params", pointer, detail };
  }
  if (described.kind === "misplaced") {
    return { code: "malformed", detail: described.detail, parse: false };
  }
  const { method } = message;
  if (method === "notifications/cancelled") {
    const id = cancelledRequest(message.params);
    if (id === undefined || conversation.asked.get(id) === undefined) {
      if (id !== undefined) conversation.asked.withdraw(id);
      return NOT_IN_FLIGHT;
    }
  }
  if (method === "notifications/progress") {
    const token = reportedProgress(message.params);
    if (token === undefined || !conversation.askedBack.hasProgress(token)) {
      return { code: "not_expected", detail: "no such progress token is in flight" };
    }
  }
  return undefined;
}

/** Forgets a cancelled request; gives it and the way back, or nothing when it is not in flight any more. */
function noteCancelled(
  { asked, wireIds }: Conversation,
  message: NotificationMessage,
): { readonly pending: Pending; readonly undo: () => void } | undefined {
  if (message.method !== "notifications/cancelled") return undefined;
  const id: RequestId | undefined = cancelledRequest(message.params);
  const pending = id === undefined ? undefined : asked.cancel(id);
  if (pending === undefined) return undefined;
  const ours = wireIds?.forget(pending.id);
  const undo = () => {
    if (ours !== undefined) wireIds?.keep(pending.id, ours);
    asked.restore(pending);
  };
  return { pending, undo };
}

function answer(
  conversation: Conversation,
  message: ResultMessage | ErrorMessage,
  arrival: Arrival,
): Outcome {
  const pending = message.id === null ? undefined : conversation.askedBack.answer(message.id);
  const facts = factsOf(conversation, "client", { message, bytes: arrival.bytes });
  if (pending === undefined) {
    // INVARIANT: an answer nobody asked for is dropped.
    const denied: DenyReason = { code: "not_expected", detail: "an answer to nothing" };
    return { entry: entryOf({ ...facts, denied }, "drop") };
  }
  if (message.kind === "result" && createdTask(message.result) !== undefined) {
    conversation.askedBack.becameTask(pending);
  }
  const { traceId, method, resource } = pending;
  const gone: DenyReason = { code: "audit_failed" };
  const about = {
    to: "forward",
    method,
    about: undefined,
    revision: conversation.revision,
    headers: conversation.mirror?.headers(message, { revision: conversation.revision }),
  } as const;
  return {
    entry: entryOf({ ...facts, traceId, method, resource }, "forward"),
    send: sending(message, about),
    unrecorded: () => sending(refusal(gone, { id: pending.id, traceId }), about),
  };
}
