/**
 * What becomes of one request of the client.
 * @module
 */

import type { Obligation } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { AccessRequest, Resource } from "../access/request.ts";
import type { DenyReason, Verdict } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import type { ErrorMessage, RequestId, RequestMessage, ResultMessage } from "../jsonrpc/message.ts";
import { serialise, type Serialised } from "../jsonrpc/serialise.ts";
import { namedTask, wantedProgress, wantsTask } from "../mcp/correlation.ts";
import { describe, type Described } from "../mcp/describe.ts";
import type { MethodSpec } from "../mcp/methods.ts";
import { eraOf, requestRevision } from "../mcp/revision.ts";
import { announce } from "./announce.ts";
import { refusal } from "./answer.ts";
import { oversizedArguments } from "./argument_size.ts";
import { type Arrival, factsOf } from "./arrival.ts";
import type { Conversation } from "./conversation.ts";
import { headerFault } from "./header_check.ts";
import { type Held, kept, keptRevision, oversizedToken } from "./in_flight.ts";
import { type Outcome, type Sending, sending } from "./outcome.ts";
import { entryOf, type Facts, reasonOf } from "./record.ts";

/** One request of the client on its way. */
export class ClientRequest {
  readonly #conversation: Conversation;
  readonly #client: Principal;
  readonly #message: RequestMessage;
  readonly #arrival: Arrival;
  readonly #traceId: string;
  readonly #revision: string | null;
  readonly #described: Described;
  readonly #resources: readonly [Resource, ...Resource[]];
  /** A subscription that names no resource is upkeep. */
  readonly #action: AccessRequest["action"];
  readonly #progressToken: RequestId | undefined;
  /** The resource that the verdict is about. */
  #judged: Resource;
  #held: Held | undefined;

  constructor(conversation: Conversation, message: RequestMessage, arrival: Arrival) {
    const described = describe(message, "client");
    this.#conversation = conversation;
    this.#client = conversation.client;
    this.#message = message;
    this.#arrival = arrival;
    this.#traceId = conversation.newTraceId();
    this.#revision = requestRevision(message.params) ?? conversation.revision;
    this.#described = described;
    this.#resources = resourcesOf(message, described, conversation.upstream);
    this.#judged = this.#resources[0];
    this.#action = described.kind !== "known"
      ? "execute"
      : described.resources.length === 0
      ? "control"
      : described.action;
    this.#progressToken = wantedProgress(message.params);
  }

  judge(): Outcome | Promise<Outcome> {
    const fault = this.#fault();
    if (fault !== undefined) return this.#refuse(fault);
    const outcome = this.#judgeAnnounced();
    if (!(outcome instanceof Promise)) return outcome;
    const { asked } = this.#conversation;
    const held = this.#held = asked.hold(this.#message.id, this.#progressToken);
    return outcome.finally(() => asked.release(held));
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
    const mismatch = headerFault(this.#conversation, this.#message, this.#arrival);
    if (mismatch !== undefined) return mismatch;
    if (described.kind !== "unknown" && isGone(described.spec, this.#message)) {
      return { code: "unknown_method" };
    }
    if (described.kind === "malformed") {
      const { pointer, detail } = described;
      return { code: "invalid_params", pointer, detail };
    }
    if (described.kind === "misplaced") {
      return { code: "malformed", detail: described.detail, parse: false };
    }
    // INVARIANT: tasks belong to the principal that made them, with what their calls were bound to.
    const task = namedBy(this.#message);
    if (task !== undefined && this.#conversation.tasks.boundBy(this.#client, task) === undefined) {
      return { code: "invalid_params", pointer: "/taskId", detail: "names no task of yours" };
    }
    const refused = this.#message.method === "tools/call"
      ? this.#conversation.refusedTool(this.#resources[0].name, this.#revision)
      : undefined;
    if (refused !== undefined) return refused;
    const token = this.#progressToken;
    if (token === undefined) return undefined;
    if (asked.holdsToken(token)) {
      const detail = "this progress token belongs to another request in flight";
      return { code: "invalid_params", pointer: "/_meta/progressToken", detail };
    }
    return oversizedToken(token, parts.limits);
  }

  #judgeAnnounced(): Outcome | Promise<Outcome> {
    const announced = announce(this.#conversation, this.#message);
    return announced instanceof Promise
      ? announced.then((sent) => this.#judgeSent(sent.message, sent.changes))
      : this.#judgeSent(announced.message, announced.changes);
  }

  /** Judges the request as it would be sent. */
  #judgeSent(message: RequestMessage, changes: readonly string[]): Outcome | Promise<Outcome> {
    const { parts } = this.#conversation;
    const sent = this.#conversation.wireIds?.renumbered(message);
    const serialised = serialise(sent ?? message);
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
        : this.#forward({ message, sent: sent ?? message, serialised, ours: sent?.id }, facts);
    };
    const verdict = this.#verdict(args ?? {});
    return verdict instanceof Promise ? verdict.then(finish) : finish(verdict);
  }

  /** Asks about every resource the request names. */
  #verdict(args: JsonObject): Verdict | Promise<Verdict> {
    let verdict = this.#ask(this.#resources[0], args);
    if (this.#resources.length === 1) return verdict;
    for (const resource of this.#resources.slice(1)) {
      verdict = verdict instanceof Promise
        ? verdict.then((standing) => this.#also(standing, resource, args))
        : this.#also(verdict, resource, args);
    }
    return verdict;
  }

  #also(standing: Verdict, resource: Resource, args: JsonObject): Verdict | Promise<Verdict> {
    if (standing.effect === "deny") return standing;
    const asked = this.#ask(resource, args);
    return asked instanceof Promise
      ? asked.then((next) => this.#graver(standing, next, resource))
      : this.#graver(standing, asked, resource);
  }

  /** The first denial, else the first that was only observed, else the first. */
  #graver(standing: Verdict, next: Verdict, resource: Resource): Verdict {
    const isObserved = standing.effect === "allow" && standing.would !== undefined;
    if (next.effect === "allow" && (next.would === undefined || isObserved)) return standing;
    this.#judged = resource;
    return next;
  }

  #ask(resource: Resource, args: JsonObject): Verdict | Promise<Verdict> {
    return this.#conversation.judge({
      direction: "client-to-upstream",
      client: this.#client,
      method: this.#message.method,
      known: this.#described.kind === "known",
      action: this.#action,
      resource,
      arguments: args,
      inputResponses: this.#described.kind === "known" ? this.#described.inputResponses : undefined,
      traceId: this.#traceId,
      revision: this.#revision,
    }, this.#arrival.signal);
  }

  #facts(more: Partial<Facts> = {}): Facts {
    return {
      ...factsOf(this.#conversation, "client", {
        message: this.#message,
        bytes: this.#arrival.bytes,
        traceId: this.#traceId,
        client: this.#client,
      }),
      resource: this.#judged,
      action: this.#action,
      ...more,
    };
  }

  #refuse(reason: DenyReason, more: Partial<Facts> = {}): Outcome {
    const facts = this.#facts({ ...more, denied: reason });
    this.#conversation.note(facts, reason);
    return {
      entry: entryOf(facts, "answer"),
      send: this.#answer(reason),
      unrecorded: () => this.#answer({ code: "audit_failed" }),
    };
  }

  #answer(reason: DenyReason): Sending {
    return sending(this.#refusal(reason), {
      to: "answer",
      method: this.#message.method,
      about: this.#message.id,
      revision: this.#revision,
      reason,
    });
  }

  /** A client with a token is told by HTTP to get a better one; the model behind it cannot. */
  #stepsUp({ code }: DenyReason): boolean {
    return code === "insufficient_scope" && this.#conversation.transport === "http";
  }

  #refusal(reason: DenyReason): ErrorMessage | ResultMessage {
    const { id, method, params } = this.#message;
    return refusal(reason, {
      id,
      traceId: this.#traceId,
      ...(method === "tools/call" && !wantsTask(params) && !this.#stepsUp(reason)
        ? {
          toolCall: { tool: this.#resources[0].name, modern: eraOf(this.#revision) === "modern" },
        }
        : {}),
    });
  }

  /** The headers that repeat what is sent. */
  #headers(message: RequestMessage): Sending["headers"] {
    const { mirror } = this.#conversation;
    if (mirror === undefined) return undefined;
    const inputSchema = message.method === "tools/call"
      ? this.#conversation.inputSchema(this.#resources[0].name)
      : undefined;
    return mirror.headers(message, { revision: this.#revision, inputSchema });
  }

  /** What an answer is bound to: by its own allow, and by that of the task it belongs to. */
  #obligations(verdict: Verdict | undefined): readonly Obligation[] {
    const own = obligationsOf(verdict);
    const task = namedBy(this.#message);
    if (task === undefined) return own;
    const { tasks } = this.#conversation;
    return [...own, ...tasks.boundBy(this.#client, task) ?? NO_OBLIGATIONS];
  }

  #forward(
    { message, sent, serialised, ours }: {
      readonly message: RequestMessage;
      /** The same as the upstream sees it. */
      readonly sent: RequestMessage;
      readonly serialised: Serialised;
      /** The id it is sent with, when that is not the client's. */
      readonly ours: number | undefined;
    },
    more: Partial<Facts>,
  ): Outcome {
    if (this.#held?.withdrawn === true) {
      const detail = "the request was withdrawn while it was judged";
      return this.#refuse({ code: "not_expected", detail }, more);
    }
    const { asked, wireIds } = this.#conversation;
    const facts = this.#facts(more);
    const observed = reasonOf(facts.verdict);
    if (observed !== undefined) this.#conversation.note(facts, observed);
    const entry = entryOf(facts, "forward");
    const wire = { id: ours ?? message.id, progressToken: wantedProgress(sent.params) };
    if (ours !== undefined) wireIds?.keep(message.id, ours, this.#progressToken);
    asked.add({
      id: message.id,
      principal: this.#client,
      method: message.method,
      paged: message.params !== undefined && Object.hasOwn(message.params, "cursor"),
      resource: kept(this.#resources[0]),
      traceId: this.#traceId,
      progressToken: this.#progressToken,
      revision: keptRevision(this.#revision),
      obligations: this.#obligations(facts.verdict),
    });
    return {
      entry,
      send: {
        to: "forward",
        content: { kind: "serialised", serialised },
        kind: "request",
        method: message.method,
        about: message.id,
        revision: this.#revision,
        headers: this.#headers(message),
        wire,
      },
      undo: () => {
        wireIds?.forget(message.id);
        asked.answer(message.id);
      },
      unrecorded: () => this.#answer({ code: "audit_failed" }),
    };
  }
}

/** The task that a request is about. */
function namedBy({ method, params }: RequestMessage): string | undefined {
  return method.startsWith("tasks/") ? namedTask(params) : undefined;
}

/** Whether a request names a modern revision itself, which does not have the method any more. */
function isGone({ sentBy }: MethodSpec, { params }: RequestMessage): boolean {
  const revision = requestRevision(params) ?? null;
  return eraOf(revision) === "modern" && !sentBy.client.some((each) => eraOf(each) === "modern");
}

const NO_OBLIGATIONS: readonly Obligation[] = [];

/** What an allow is bound to once its tokens are drawn. */
function obligationsOf(verdict: Verdict | undefined): readonly Obligation[] {
  if (verdict?.effect !== "allow") return NO_OBLIGATIONS;
  const { obligations } = verdict;
  return obligations.length === 0 ? NO_OBLIGATIONS : obligations;
}

/** The things a request names; the server itself when it names none. */
function resourcesOf(
  { method }: RequestMessage,
  described: Described,
  server: string | null,
): readonly [Resource, ...Resource[]] {
  if (described.kind === "known") {
    const { resources } = described;
    const [first] = resources;
    if (first !== undefined) {
      const named = { ...first, server };
      return resources.length === 1
        ? [named]
        : [named, ...resources.slice(1).map((other) => ({ ...other, server }))];
    }
  }
  return [{ kind: "server", server, name: method }];
}
