/**
 * What becomes of one message of the client.
 * @module
 */

import type { AccessRequest, Resource } from "../access/request.ts";
import type { DenyReason, Verdict } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import type {
  ErrorMessage,
  Message,
  NotificationMessage,
  RequestId,
  RequestMessage,
  ResultMessage,
} from "../jsonrpc/message.ts";
import { serialise } from "../jsonrpc/serialise.ts";
import {
  cancelledRequest,
  reportedProgress,
  wantedProgress,
  wantsTask,
} from "../mcp/correlation.ts";
import { describe, type Described } from "../mcp/describe.ts";
import { eraOf, requestRevision } from "../mcp/revision.ts";
import { refusal } from "./answer.ts";
import { oversizedArguments } from "./argument_size.ts";
import { announce } from "./announce.ts";
import type { Conversation } from "./conversation.ts";
import type { Outcome } from "./outcome.ts";
import { entryOf, type Facts, reasonOf } from "./record.ts";

/** How a message arrived. */
export interface Arrival {
  /** Bytes of its frame. */
  readonly bytes: number;
  /** Half surrogate pairs were replaced. */
  readonly repaired: boolean;
  /** The frame itself, when it holds this message alone and nothing was repaired. */
  readonly verbatim: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
}

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

/** One request of the client on its way. */
class ClientRequest {
  readonly #conversation: Conversation;
  readonly #message: RequestMessage;
  readonly #arrival: Arrival;
  readonly #traceId: string;
  readonly #revision: string | null;
  readonly #described: Described;

  constructor(conversation: Conversation, message: RequestMessage, arrival: Arrival) {
    this.#conversation = conversation;
    this.#message = message;
    this.#arrival = arrival;
    this.#traceId = conversation.newTraceId();
    this.#revision = requestRevision(message.params) ?? conversation.revision;
    this.#described = describe(message, "client");
  }

  judge(): Outcome | Promise<Outcome> {
    const fault = this.#fault();
    if (fault !== undefined) return this.#refuse(fault);
    const announced = announce(this.#conversation, this.#message);
    return announced instanceof Promise
      ? announced.then((sent) => this.#judgeSent(sent.message, sent.changes))
      : this.#judgeSent(announced.message, announced.changes);
  }

  /** What is wrong with the request before anyone is asked. */
  #fault(): DenyReason | undefined {
    const { asked, parts } = this.#conversation;
    const described = this.#described;
    if (asked.holds(this.#message.id)) return { code: "id_in_flight" };
    if (asked.size >= parts.limits.maxConcurrentRequests) {
      const max = parts.limits.maxConcurrentRequests;
      return { code: "overloaded", limit: "maxConcurrentRequests", max };
    }
    if (described.kind === "malformed") {
      const { pointer, detail } = described;
      return { code: "invalid_params", pointer, detail };
    }
    if (described.kind === "misplaced") {
      return { code: "malformed", detail: described.detail, parse: false };
    }
    const token = wantedProgress(this.#message.params);
    if (token !== undefined && asked.holdsToken(token)) {
      const detail = "this progress token belongs to another request in flight";
      return { code: "invalid_params", pointer: "/_meta/progressToken", detail };
    }
    return undefined;
  }

  /** Judges the request as it would be sent. */
  #judgeSent(message: RequestMessage, changes: readonly string[]): Outcome | Promise<Outcome> {
    const { parts } = this.#conversation;
    const serialised = serialise(message);
    const { argumentsBytes } = serialised;
    const described = this.#described;
    const args = described.kind === "known" ? described.arguments : message.params;
    if (argumentsBytes !== undefined && args !== undefined) {
      const oversized = oversizedArguments(argumentsBytes, { args, limits: parts.limits });
      if (oversized !== undefined) return this.#refuse(oversized);
    }
    const finish = (verdict: Verdict): Outcome => {
      const facts: Partial<Facts> = {
        verdict,
        changes,
        ...(argumentsBytes === undefined || parts.digest === undefined
          ? {}
          : { argumentsHash: parts.digest(argumentsBytes) }),
        ...(parts.recordArguments && args !== undefined ? { arguments: args } : {}),
      };
      return verdict.effect === "deny"
        ? this.#refuse(verdict.reason, facts)
        : this.#forward(message, { kind: "serialised", serialised }, facts);
    };
    const verdict = this.#verdict(args ?? {});
    return verdict instanceof Promise ? verdict.then(finish) : finish(verdict);
  }

  /** Asks about every resource the request names; the first denial is the verdict. */
  #verdict(args: JsonObject): Verdict | Promise<Verdict> {
    const [first, ...rest] = this.#resources();
    let verdict = this.#ask(first, args);
    for (const resource of rest) {
      verdict = verdict instanceof Promise
        ? verdict.then((last) => last.effect === "deny" ? last : this.#ask(resource, args))
        : verdict.effect === "deny"
        ? verdict
        : this.#ask(resource, args);
    }
    return verdict;
  }

  #ask(resource: Resource, args: JsonObject): Verdict | Promise<Verdict> {
    const described = this.#described;
    return this.#conversation.judge({
      direction: "client-to-upstream",
      method: this.#message.method,
      known: described.kind === "known",
      action: this.#action(),
      resource,
      arguments: args,
      traceId: this.#traceId,
      revision: this.#revision,
    }, this.#arrival.signal);
  }

  /** A subscription that names no resource is upkeep. */
  #action(): AccessRequest["action"] {
    const described = this.#described;
    if (described.kind !== "known") return "execute";
    return described.resources.length === 0 ? "control" : described.action;
  }

  #resources(): readonly [Resource, ...Resource[]] {
    const server = this.#conversation.upstream;
    const described = this.#described;
    if (described.kind === "known") {
      const [first, ...rest] = described.resources.map((named): Resource => ({ ...named, server }));
      if (first !== undefined) return [first, ...rest];
    }
    return [{ kind: "server", server, name: this.#message.method }];
  }

  #facts(more: Partial<Facts> = {}): Facts {
    return {
      ...factsOfClient(this.#conversation, this.#message, {
        bytes: this.#arrival.bytes,
        traceId: this.#traceId,
      }),
      resource: this.#resources()[0],
      action: this.#action(),
      ...more,
    };
  }

  #refuse(reason: DenyReason, more: Partial<Facts> = {}): Outcome {
    const message = this.#refusal(reason);
    const facts = this.#facts({ ...more, denied: reason });
    this.#conversation.note(facts, reason);
    return {
      entry: entryOf(facts, "answer"),
      send: { to: "answer", content: { kind: "message", message } },
      unrecorded: { to: "answer", message: this.#refusal({ code: "audit_failed" }) },
    };
  }

  #refusal(reason: DenyReason): ErrorMessage | ResultMessage {
    return refusal(reason, {
      id: this.#message.id,
      traceId: this.#traceId,
      ...(this.#isToolCall()
        ? {
          toolCall: { tool: this.#resources()[0].name, modern: eraOf(this.#revision) === "modern" },
        }
        : {}),
    });
  }

  #isToolCall(): boolean {
    return this.#message.method === "tools/call" && !wantsTask(this.#message.params);
  }

  #forward(
    message: RequestMessage,
    content: NonNullable<Outcome["send"]>["content"],
    more: Partial<Facts>,
  ): Outcome {
    const { asked } = this.#conversation;
    const facts = this.#facts(more);
    const observed = reasonOf(facts.verdict);
    if (observed !== undefined) this.#conversation.note(facts, observed);
    asked.add({
      id: message.id,
      method: message.method,
      paged: message.params !== undefined && Object.hasOwn(message.params, "cursor"),
      resource: this.#resources()[0],
      traceId: this.#traceId,
      toolCall: this.#isToolCall(),
      progressToken: wantedProgress(message.params),
      revision: this.#revision,
    });
    return {
      entry: entryOf(facts, "forward"),
      send: { to: "forward", content },
      undo: () => asked.answer(message.id),
      unrecorded: { to: "answer", message: this.#refusal({ code: "audit_failed" }) },
    };
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
    ...factsOfClient(conversation, message, arrival),
    resource,
    ...(described.kind === "known" ? { action: described.action } : {}),
  };
  const fault = notificationFault(conversation, message, described);
  if (fault !== undefined) return { entry: entryOf({ ...facts, denied: fault }, "drop") };
  const finish = (verdict: Verdict): Outcome => {
    const judged = { ...facts, verdict };
    if (verdict.effect === "deny") return { entry: entryOf(judged, "drop") };
    const undo = noteCancelled(conversation, message);
    return {
      entry: entryOf(judged, "forward"),
      send: { to: "forward", content: { kind: "message", message } },
      ...(undo === undefined ? {} : { undo }),
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
      return { code: "not_expected", detail: "no such request is in flight" };
    }
  }
  if (method === "notifications/progress") {
    const token = reportedProgress(message.params);
    if (token === undefined || conversation.askedBack.byToken(token) === undefined) {
      return { code: "not_expected", detail: "no such progress token is in flight" };
    }
  }
  return undefined;
}

/** Forgets a cancelled request; gives the way back. */
function noteCancelled(
  { asked }: Conversation,
  message: NotificationMessage,
): (() => void) | undefined {
  if (message.method !== "notifications/cancelled") return undefined;
  const id: RequestId | undefined = cancelledRequest(message.params);
  const pending = id === undefined ? undefined : asked.cancel(id);
  return pending === undefined ? undefined : () => {
    asked.answer(pending.id);
    asked.add(pending);
  };
}

function answer(
  conversation: Conversation,
  message: ResultMessage | ErrorMessage,
  arrival: Arrival,
): Outcome {
  const pending = message.id === null ? undefined : conversation.askedBack.answer(message.id);
  const facts = factsOfClient(conversation, message, arrival);
  if (pending === undefined) {
    // INVARIANT: an answer nobody asked for is dropped.
    const denied: DenyReason = { code: "not_expected", detail: "an answer to nothing" };
    return { entry: entryOf({ ...facts, denied }, "drop") };
  }
  const { traceId, method, resource } = pending;
  const gone: DenyReason = { code: "audit_failed" };
  return {
    entry: entryOf({ ...facts, traceId, method, resource }, "forward"),
    send: { to: "forward", content: { kind: "message", message } },
    unrecorded: { to: "forward", message: refusal(gone, { id: pending.id, traceId }) },
  };
}

function factsOfClient(
  conversation: Conversation,
  message: Message,
  { bytes, traceId = conversation.newTraceId() }: { bytes: number; traceId?: string },
): Facts {
  return {
    timeMs: conversation.parts.clock.wallMs(),
    traceId,
    direction: "client-to-upstream",
    principal: conversation.client,
    upstream: conversation.upstream,
    policy: conversation.parts.questions.policy.hash,
    bytes,
    message,
  };
}
