/**
 * What becomes of one message of the upstream.
 * @module
 */

import type { Resource } from "../access/request.ts";
import type { DenyReason, Verdict } from "../access/verdict.ts";
import { type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import type {
  ErrorMessage,
  Message,
  NotificationMessage,
  RequestMessage,
  ResultMessage,
} from "../jsonrpc/message.ts";
import { cancelledRequest, createdTask, wantedProgress } from "../mcp/correlation.ts";
import { describe, type Described } from "../mcp/describe.ts";
import { errorAsks } from "../mcp/input_required.ts";
import { eraOf } from "../mcp/revision.ts";
import { refusal, type Refused } from "./answer.ts";
import { type Arrival, factsOf } from "./arrival.ts";
import type { Conversation } from "./conversation.ts";
import { type Held, kept, oversizedToken, type Pending } from "./in_flight.ts";
import { unexpectedNotification } from "./notification.ts";
import type { Content, Outcome } from "./outcome.ts";
import { entryOf, type Facts } from "./record.ts";
import { type Settled, settleQuestions } from "./questions.ts";
import { lookedInto } from "./inspected.ts";
import { settleResult } from "./result.ts";

const NO_CHANGES: readonly string[] = [];

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
      return answer(conversation, message, arrival);
  }
}

function answer(
  conversation: Conversation,
  message: ResultMessage | ErrorMessage,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  const pending = message.id === null ? undefined : conversation.asked.answer(message.id);
  if (pending === undefined) {
    // INVARIANT: an answer nobody asked for is dropped.
    const denied: DenyReason = { code: "not_expected", detail: "an answer to nothing" };
    return {
      entry: entryOf({
        ...factsOf(conversation, "upstream", { message, bytes: arrival.bytes }),
        denied,
      }, "drop"),
    };
  }
  const { id, traceId, method, resource } = pending;
  const base: Facts = {
    ...factsOf(conversation, "upstream", { message, bytes: arrival.bytes, traceId }),
    method,
    resource,
  };
  const told = (reason: DenyReason) =>
    ({
      to: "forward",
      message: refusal(reason, {
        ...{ id, traceId },
        ...(reason.code === "unsafe_result" ? toolCallOf(pending, message) : {}),
      }),
    }) as const;
  const finish = (settled: Settled): Outcome => {
    const unrecorded = () => told({ code: "audit_failed" });
    const { verdict } = settled;
    const judged = verdict === undefined ? base : { ...base, verdict };
    if (settled.kind === "refused") {
      const { to, message } = told(settled.reason);
      return {
        entry: entryOf({ ...judged, denied: settled.reason }, "forward"),
        send: { to, content: { kind: "message", message } },
        unrecorded,
      };
    }
    const changes = arrival.repaired
      ? ["surrogates-repaired", ...settled.changes]
      : settled.changes;
    const content: Content = settled.changed
      ? { kind: "message", message: withContent(message, settled.result) }
      : unchanged(message, arrival);
    return {
      entry: entryOf({ ...judged, changes }, "forward"),
      send: { to: "forward", content },
      unrecorded,
    };
  };
  const settled = message.kind === "error"
    ? settleError(conversation, pending, message)
    : settleResult(conversation, pending, message.result);
  return settled instanceof Promise ? settled.then(finish) : finish(settled);
}

/** What a refused answer stands for, when it is the result that a model is waiting for. */
function toolCallOf(
  { method, resource, revision }: Pending,
  message: ResultMessage | ErrorMessage,
): Pick<Refused, "toolCall"> {
  const isResult = method === "tools/call" && message.kind === "result" &&
    createdTask(message.result) === undefined;
  if (!isResult) return {};
  return { toolCall: { tool: resource.name, modern: eraOf(revision) === "modern" } };
}

/**
 * An error passes unless it asks the client for something that is not granted (−32042). Its texts
 * reach the model too: they are looked into like those of a result.
 */
function settleError(
  conversation: Conversation,
  pending: Pending,
  { error }: ErrorMessage,
): Settled | Promise<Settled> {
  const { message, data } = error;
  const told: JsonObject = { message, ...(data === undefined ? {} : { data }) };
  const asked = settleQuestions(conversation, pending, {
    asks: errorAsks(error),
    passed: {
      kind: "passed",
      result: { structuredContent: told },
      changes: NO_CHANGES,
      changed: false,
    },
  });
  return asked instanceof Promise
    ? asked.then((settled) => lookedInto(conversation, pending, settled))
    : lookedInto(conversation, pending, asked);
}

/** The message with what passes of it. */
function withContent(
  message: ResultMessage | ErrorMessage,
  passed: JsonObject,
): ResultMessage | ErrorMessage {
  if (message.kind === "result") return { ...message, result: passed };
  const told = objectMember(passed, "structuredContent");
  const data = member(told, "data");
  return {
    ...message,
    error: {
      code: message.error.code,
      message: stringMember(told, "message") ?? "",
      ...(data === undefined ? {} : { data }),
    },
  };
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
  const refuse = (reason: DenyReason, verdict?: Verdict): Outcome => {
    const told = refusal(reason, { id: message.id, traceId: base.traceId });
    const judged = { ...base, denied: reason, ...(verdict === undefined ? {} : { verdict }) };
    conversation.note(judged, reason);
    return {
      entry: entryOf(judged, "answer"),
      send: { to: "answer", content: { kind: "message", message: told } },
      unrecorded: () => ({ to: "answer", message: told }),
    };
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
      send: { to: "forward", content: unchanged(message, arrival) },
      undo: () => askedBack.answer(message.id),
      unrecorded: () => ({
        to: "answer",
        message: refusal({ code: "audit_failed" }, { id: message.id, traceId: base.traceId }),
      }),
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
      send: { to: "forward", content: unchanged(message, arrival) },
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

/** The upstream's own bytes when they hold this message alone, else the message serialised. */
function unchanged(message: Message, { verbatim }: Arrival): Content {
  return verbatim === undefined
    ? { kind: "message", message }
    : { kind: "verbatim", bytes: verbatim };
}
