/**
 * What one channel remembers: who talks, which revision, and what is in flight.
 * @module
 */

import { decide, judge } from "../access/judge.ts";
import type { Decision } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type {
  AccessRequest,
  Direction,
  RequestContext,
  Resource,
  ToolListing,
} from "../access/request.ts";
import type { Check, DenyReason, Verdict } from "../access/verdict.ts";
import { startDeadline } from "../base/deadline.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import { InFlight } from "./in_flight.ts";
import type { KnownTasks } from "./known_tasks.ts";
import type { KnownTools, ListPage } from "./known_tools.ts";
import type { Mirror } from "./mirror.ts";
import type { GatewayParts } from "./parts.ts";
import type { Facts } from "./record.ts";
import type { UpstreamMemory } from "./upstream_memory.ts";
import { WireIds } from "./wire_ids.ts";

/** Whom a conversation is between. */
export interface Between {
  readonly principal: Principal;
  readonly upstream: string | null;
  readonly transport: "stdio" | "http";
  /** What is known of the upstream beyond this conversation. */
  readonly memory: UpstreamMemory;
  /** Gives ids of our own, when the upstream is shared. */
  readonly nextId?: (() => number) | undefined;
  /** Makes the headers that the client does not send. */
  readonly mirror?: Mirror | undefined;
}

/** How an access request is asked: by whom, and what is being judged. */
export interface Asking {
  readonly direction: Direction;
  /** The client; whoever sent the last message by default. */
  readonly client?: Principal;
  readonly method: string;
  readonly known: boolean;
  readonly action: AccessRequest["action"];
  readonly resource: Resource;
  readonly arguments: AccessRequest["arguments"];
  readonly inputResponses?: JsonObject | undefined;
  readonly traceId: string;
  readonly revision: string | null;
}

/** The state of one channel. */
export class Conversation {
  readonly parts: GatewayParts;
  /** Who sent the client's last message: the same throughout, with the roles and scopes of that moment. */
  client: Principal;
  readonly upstreamPrincipal: Principal;
  readonly upstream: string | null;
  readonly transport: "stdio" | "http";
  /** Requests of the client that the upstream owes an answer. */
  readonly asked: InFlight;
  /** Requests of the upstream that the client owes an answer. */
  readonly askedBack: InFlight;
  /** Resource URIs with a live subscription. */
  readonly subscriptions = new Set<string>();
  /** Tasks that the upstream's answers created, in this channel or another. */
  readonly tasks: KnownTasks;
  /** Ids of our own, when the upstream is shared. */
  readonly wireIds: WireIds | undefined;
  /** Makes the headers that the client does not send, when the upstream needs them. */
  readonly mirror: Mirror | undefined;
  /** What the server said of its own tools. */
  readonly #tools: KnownTools;
  /** Tools that no check has got ready for. */
  #unready: readonly ToolListing[] = [];
  #visible = 0;
  #listed = 0;
  #said = "";
  /** The negotiated revision, null before `initialize` is answered. */
  revision: string | null = null;
  readonly #tracePrefix: string;
  #traces = 0;

  constructor(parts: GatewayParts, between: Between) {
    this.parts = parts;
    this.client = between.principal;
    this.upstream = between.upstream;
    this.transport = between.transport;
    this.#tools = between.memory.tools;
    this.tasks = between.memory.tasks;
    this.wireIds = between.nextId === undefined ? undefined : new WireIds(between.nextId);
    this.mirror = between.mirror;
    this.upstreamPrincipal = {
      id: between.upstream === null ? "upstream" : `upstream:${between.upstream}`,
      kind: "upstream",
      roles: new Set(),
      scopes: new Set(),
    };
    const maxKept = parts.limits.maxConcurrentRequests;
    this.asked = new InFlight({ maxKept });
    this.askedBack = new InFlight({ maxKept });
    this.#tracePrefix = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
  }

  /** A trace id of 32 hex digits (W3C Trace Context §3.2.2.3), unique in this channel by its counter. */
  newTraceId(): string {
    this.#traces++;
    return this.#tracePrefix + this.#traces.toString(16).padStart(12, "0");
  }

  /** The access request that a message, or an item of a list, amounts to. */
  request(asking: Asking): AccessRequest {
    const context = {
      traceId: asking.traceId,
      receivedAtMs: this.parts.clock.monotonicMs(),
      direction: asking.direction,
      transport: this.transport,
      revision: asking.revision,
    };
    return {
      principal: asking.direction === "client-to-upstream"
        ? asking.client ?? this.client
        : this.upstreamPrincipal,
      action: asking.action,
      resource: asking.resource,
      method: asking.method,
      known: asking.known,
      arguments: asking.arguments,
      ...(asking.inputResponses === undefined ? {} : { inputResponses: asking.inputResponses }),
      context: asking.resource.kind === "tool"
        ? this.#withListing(context, asking.resource.name)
        : context,
    };
  }

  #withListing(context: RequestContext, tool: string): RequestContext {
    const annotations = this.#tools.annotations(tool);
    const listing = this.#tools.listing(tool);
    if (annotations === undefined && listing === undefined) return context;
    return {
      ...context,
      ...(annotations === undefined ? undefined : { annotations }),
      ...(listing === undefined ? undefined : { listing }),
    };
  }

  /** The schema that the server listed for a tool's arguments. */
  inputSchema(tool: string): JsonValue | undefined {
    return this.#tools.listing(tool)?.inputSchema;
  }

  /** Why a tool may be neither seen nor called in a revision, whatever the policy says. */
  refusedTool(name: string, revision: string | null): DenyReason | undefined {
    const changed = this.#tools.refused(name);
    if (changed !== undefined) return { code: "tool_changed", detail: changed };
    const detail = this.mirror?.fault(this.inputSchema(name), revision);
    return detail === undefined ? undefined : { code: "unusable_tool", detail };
  }

  /** Keeps what the server says of its tools. */
  noteTools(page: ListPage): void {
    this.#unready = [...this.#unready, ...this.#tools.note(page)];
  }

  /**
   * Lets the checks get ready for the calls of what was listed, a moment later: what they load for
   * that must not keep the reader of the list waiting.
   */
  getReady(): void {
    const listed = this.#unready;
    if (listed.length === 0) return;
    this.#unready = [];
    const { before, after } = this.parts.questions;
    const checks = [...before, ...after].filter((check) => check.prepare !== undefined);
    if (checks.length === 0) return;
    startDeadline(0, () => checks.forEach((check) => prepare(check, listed)));
  }

  /** Tells the operator how many tools this principal sees, once for each time it changes. */
  noteVisible(
    visible: number,
    listed: number,
    { paged, last }: { readonly paged: boolean; readonly last: boolean },
  ): void {
    this.#visible = visible + (paged ? this.#visible : 0);
    this.#listed = listed + (paged ? this.#listed : 0);
    const text = `${this.#visible} of ${this.#listed} tools visible`;
    if (!last || text === this.#said) return;
    this.#said = text;
    this.parts.log.log("INFO", `${text} to ${this.client.id}`, {
      upstream: this.upstream ?? undefined,
    });
  }

  /** Puts a request through every question. */
  judge(asking: Asking, signal?: AbortSignal): Verdict | Promise<Verdict> {
    const { questions, clock, limits } = this.parts;
    return judge(this.request(asking), questions, {
      clock,
      checkTimeoutMs: limits.checkTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /**
   * Asks the policy alone whether some call could reach a thing; draws no tokens. Whatever goes
   * wrong means no.
   */
  couldReach(asking: Asking): boolean | Promise<boolean> {
    const { questions, limits } = this.parts;
    const decision = decide(this.request(asking), questions.policy, limits);
    return decision instanceof Promise ? decision.then(isReachable) : isReachable(decision);
  }

  /** Tells the operator of a refusal, with everything needed to find its audit entry. */
  note(facts: Facts, reason: DenyReason): void {
    const { log } = this.parts;
    if (!log.enabled("INFO")) return;
    const { message, resource } = facts;
    const rule = facts.verdict?.decision?.determining[0];
    const observed = facts.denied === undefined && facts.verdict?.effect === "allow";
    log.log("INFO", `${observed ? "would refuse" : "refused"} ${thingOf(facts)}: ${reason.code}`, {
      trace: facts.traceId,
      id: "id" in message ? message.id : null,
      principal: facts.principal.id,
      upstream: this.upstream ?? undefined,
      action: facts.verdict?.decision?.action ?? facts.action,
      rule: rule === undefined
        ? resource === undefined ? undefined : "default"
        : `${rule.file}:${rule.line}:${rule.column}`,
    });
  }
}

/** Lets a check get ready; whether it could shows when it is asked. */
async function prepare(check: Check, listed: readonly ToolListing[]): Promise<void> {
  try {
    await check.prepare?.(listed);
  } catch {
    // Told nobody: a check that is not ready answers later, or fails, and then denies.
  }
}

/** What a refusal is about, short enough for one line. */
function thingOf({ message, resource, method }: Facts): string {
  const verb = "method" in message ? message.method : method ?? message.kind;
  const name = resource === undefined || resource.kind === "server" ? "" : ` ${resource.name}`;
  return `${verb.slice(0, 80)}${name.slice(0, 200)}`;
}

// INVARIANT: No pass is implied: missing, thrown, late or misshapen means deny.
function isReachable(decision: Decision | undefined): boolean {
  if (decision === undefined) return false;
  return decision.effect === "allow" || decision.effect === "depends" ||
    (decision.effect === "deny" && decision.mode === "observe");
}
