/**
 * What becomes of one message of the upstream.
 * @module
 */

import type { Resource } from "../access/request.ts";
import type { DenyReason, Verdict } from "../access/verdict.ts";
import type {
  Message,
  NotificationMessage,
  RequestId,
  RequestMessage,
} from "../jsonrpc/message.ts";
import {
  cancelledRequest,
  reportedProgress,
  subscriptionId,
  wantedProgress,
} from "../mcp/correlation.ts";
import { describe, type Described } from "../mcp/describe.ts";
import { refusal } from "./answer.ts";
import { type Arrival, factsOf } from "./arrival.ts";
import type { Conversation } from "./conversation.ts";
import { type Held, kept, oversizedToken } from "./in_flight.ts";
import { unexpectedNotification } from "./notification.ts";
import { type Outcome, sending, unchanged } from "./outcome.ts";
import { entryOf, type Facts } from "./record.ts";
import { upstreamAnswer } from "./upstream_answer.ts";

/** Judges one message of the upstream. */
export function upstreamMessage(
  conversation: Conversation,
  message: Message,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  switch (message.kind) {
    case "request":
      return request(conversation, message, arrival);
    case "notification":
      return notification(conversation, message, arrival);
    case "result":
    case "error":
      return upstreamAnswer(conversation, message, arrival);
  }
}

function request(
  conversation: Conversation,
  message: RequestMessage,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  const { askedBack, parts } = conversation;
  const described = describe(message, "upstream");
  const resource = resourceOf(conversation, message.method, described);
  const base: Facts = {
    ...factsOf(conversation, "upstream", { message, bytes: arrival.bytes }),
    resource,
    ...(described.kind === "known" ? { action: described.action } : {}),
  };
  const about = {
    method: message.method,
    about: arrival.answers,
    revision: conversation.revision,
  };
  const refuse = (reason: DenyReason, verdict?: Verdict): Outcome => {
    const told = refusal(reason, { id: message.id, traceId: base.traceId });
    const judged = { ...base, denied: reason, ...(verdict === undefined ? {} : { verdict }) };
    conversation.note(judged, reason);
    const send = sending(told, { ...about, to: "answer", reason });
    return { entry: entryOf(judged, "answer"), send, unrecorded: () => send };
  };
  const fault = describedFault(described);
  if (fault !== undefined) return refuse(fault);
  if (askedBack.holds(message.id)) return refuse({ code: "id_in_flight" });
  if (askedBack.size >= parts.limits.maxConcurrentRequests) {
    const max = parts.limits.maxConcurrentRequests;
    return refuse({ code: "overloaded", limit: "maxConcurrentRequests", max });
  }
  const progressToken = wantedProgress(message.params);
  const oversized = oversizedToken(progressToken, parts.limits);
  if (oversized !== undefined) return refuse(oversized);
  let held: Held | undefined;
  const finish = (verdict: Verdict): Outcome => {
    if (verdict.effect === "deny") return refuse(verdict.reason, verdict);
    if (held?.withdrawn === true) {
      const detail = "the request was withdrawn while it was judged";
      return refuse({ code: "not_expected", detail }, verdict);
    }
    const entry = entryOf({ ...base, verdict }, "forward");
    askedBack.add({
      id: message.id,
      principal: conversation.upstreamPrincipal,
      method: message.method,
      paged: false,
      resource: kept(resource),
      traceId: base.traceId,
      progressToken,
      revision: conversation.revision,
      obligations: [],
    });
    return {
      entry,
      send: unchanged(message, arrival, { ...about, to: "forward" }),
      undo: () => askedBack.answer(message.id),
      unrecorded: () => {
        const reason = { code: "audit_failed" } as const;
        const told = refusal(reason, { id: message.id, traceId: base.traceId });
        return sending(told, { ...about, to: "answer", reason });
      },
    };
  };
  const verdict = ask(conversation, message, { described, resource, base, arrival });
  if (!(verdict instanceof Promise)) return finish(verdict);
  const holding = held = askedBack.hold(message.id, progressToken);
  return verdict.then(finish).finally(() => askedBack.release(holding));
}

function notification(
  conversation: Conversation,
  message: NotificationMessage,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  const described = describe(message, "upstream");
  const resource = resourceOf(conversation, message.method, described);
  const base: Facts = {
    ...factsOf(conversation, "upstream", { message, bytes: arrival.bytes }),
    resource,
    ...(described.kind === "known" ? { action: described.action } : {}),
  };
  const drop = (denied: DenyReason): Outcome => ({ entry: entryOf({ ...base, denied }, "drop") });
  const fault = describedFault(described);
  if (fault !== undefined) return drop(fault);
  const finish = (verdict: Verdict): Outcome => {
    if (verdict.effect === "deny") return { entry: entryOf({ ...base, verdict }, "drop") };
    const undo = noteCancelled(conversation, message);
    if (undo === undefined && message.method === "notifications/cancelled") {
      return drop({ code: "not_expected", detail: "no such request is in flight" });
    }
    return {
      entry: entryOf({ ...base, verdict }, "forward"),
      send: unchanged(message, arrival, {
        to: "forward",
        method: message.method,
        about: belongsTo(conversation, message) ?? arrival.answers,
        revision: conversation.revision,
      }),
      ...(undo === undefined ? {} : { undo }),
    };
  };
  const judge = (unexpected: string | undefined): Outcome | Promise<Outcome> => {
    if (unexpected !== undefined) return drop({ code: "not_expected", detail: unexpected });
    const verdict = ask(conversation, message, { described, resource, base, arrival });
    return verdict instanceof Promise ? verdict.then(finish) : finish(verdict);
  };
  const unexpected = unexpectedNotification(conversation, message);
  return unexpected instanceof Promise ? unexpected.then(judge) : judge(unexpected);
}

/** The client's request in flight that a notification is about. */
function belongsTo(
  { asked }: Conversation,
  { method, params }: NotificationMessage,
): RequestId | undefined {
  const token = method === "notifications/progress" ? reportedProgress(params) : undefined;
  return token === undefined ? subscriptionId(params) : asked.ofToken(token);
}

/** Forgets what the server gave up, a question of its own or a subscription; gives the way back. */
function noteCancelled(
  { asked, askedBack }: Conversation,
  { method, params }: NotificationMessage,
): (() => void) | undefined {
  const id = method === "notifications/cancelled" ? cancelledRequest(params) : undefined;
  if (id === undefined) return undefined;
  for (const table of [askedBack, asked]) {
    const pending = table.cancel(id);
    if (pending !== undefined) return () => table.restore(pending);
  }
  return undefined;
}

function ask(
  conversation: Conversation,
  message: RequestMessage | NotificationMessage,
  { described, resource, base, arrival }: {
    readonly described: Described;
    readonly resource: Resource;
    readonly base: Facts;
    readonly arrival: Arrival;
  },
): Verdict | Promise<Verdict> {
  return conversation.judge({
    direction: "upstream-to-client",
    method: message.method,
    known: described.kind === "known",
    action: described.kind === "known" ? described.action : "execute",
    resource,
    arguments: message.params ?? {},
    traceId: base.traceId,
    revision: conversation.revision,
  }, arrival.signal);
}

function describedFault(described: Described): DenyReason | undefined {
  switch (described.kind) {
    case "malformed":
      return { code: "invalid_params", pointer: described.pointer, detail: described.detail };
    case "misplaced":
      return { code: "malformed", detail: described.detail, parse: false };
    case "known":
    case "unknown":
      return undefined;
  }
}

function resourceOf(conversation: Conversation, method: string, described: Described): Resource {
  const server = conversation.upstream;
  const named = described.kind === "known" ? described.resources[0] : undefined;
  return named === undefined ? { kind: "server", server, name: method } : { ...named, server };
}
