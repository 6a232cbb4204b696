/**
 * Every method of every revision: who may send it, as what, and how it is governed.
 *
 * Taken from `schema.json` of each revision and from the tasks extension of 2026-07-28
 * (`io.modelcontextprotocol/tasks`); tests compare it with the schemas of the official packages.
 * @module
 */

import type { Revision } from "./revision.ts";

/** Which side sent a message. */
export type Side = "client" | "upstream";

/**
 * What a method needs.
 *
 * `control`: protocol upkeep, open to every principal. `list`: open, but each item is judged.
 * `grant`: a right to one named thing. `listen`: a read right to every resource it names. `ask`: a
 * server asking its client, open only as far as `may` goes.
 */
export type Governance = "control" | "list" | "grant" | "listen" | "ask";

/** What a server can ask of its client. */
export type Ask = "sampling" | "elicitation" | "roots";

/** One method. */
export interface MethodSpec {
  readonly method: string;
  readonly kind: "request" | "notification";
  /** The revisions in which each side may send it; empty when that side never may. */
  readonly sentBy: { readonly [side in Side]: readonly Revision[] };
  readonly governed: Governance;
  /** For `ask`: what is asked. */
  readonly ask?: Ask;
}

const LEGACY: readonly Revision[] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
const MODERN: readonly Revision[] = ["2026-07-28"];
const ALL: readonly Revision[] = [...LEGACY, ...MODERN];
const NEVER: readonly Revision[] = [];
const SINCE_ELICITATION: readonly Revision[] = ["2025-06-18", "2025-11-25"];
const TASKS: readonly Revision[] = ["2025-11-25"];
const TASKS_AND_EXTENSION: readonly Revision[] = ["2025-11-25", "2026-07-28"];

const TABLE: readonly MethodSpec[] = [
  request("initialize", "control", { client: LEGACY }),
  request("ping", "control", { client: LEGACY, upstream: LEGACY }),
  request("server/discover", "control", { client: MODERN }),
  request("logging/setLevel", "control", { client: LEGACY }),
  request("tasks/get", "control", { client: TASKS_AND_EXTENSION, upstream: TASKS }),
  request("tasks/cancel", "control", { client: TASKS_AND_EXTENSION, upstream: TASKS }),
  request("tasks/result", "control", { client: TASKS, upstream: TASKS }),
  request("tasks/list", "control", { client: TASKS, upstream: TASKS }),
  request("tasks/update", "control", { client: MODERN }),

  request("tools/list", "list", { client: ALL }),
  request("prompts/list", "list", { client: ALL }),
  request("resources/list", "list", { client: ALL }),
  request("resources/templates/list", "list", { client: ALL }),

  request("tools/call", "grant", { client: ALL }),
  request("prompts/get", "grant", { client: ALL }),
  request("resources/read", "grant", { client: ALL }),
  request("resources/subscribe", "grant", { client: LEGACY }),
  request("resources/unsubscribe", "grant", { client: LEGACY }),
  request("completion/complete", "grant", { client: ALL }),
  request("subscriptions/listen", "listen", { client: MODERN }),

  ask("sampling/createMessage", "sampling", LEGACY),
  ask("elicitation/create", "elicitation", SINCE_ELICITATION),
  ask("roots/list", "roots", LEGACY),

  notification("notifications/initialized", { client: LEGACY }),
  notification("notifications/roots/list_changed", { client: LEGACY }),
  notification("notifications/cancelled", { client: ALL, upstream: ALL }),
  notification("notifications/progress", { client: LEGACY, upstream: ALL }),
  notification("notifications/message", { upstream: ALL }),
  notification("notifications/tools/list_changed", { upstream: ALL }),
  notification("notifications/prompts/list_changed", { upstream: ALL }),
  notification("notifications/resources/list_changed", { upstream: ALL }),
  notification("notifications/resources/updated", { upstream: ALL }),
  notification("notifications/subscriptions/acknowledged", { upstream: MODERN }),
  notification("notifications/elicitation/complete", { upstream: TASKS }),
  notification("notifications/tasks/status", { client: TASKS, upstream: TASKS }),
  notification("notifications/tasks", { upstream: MODERN }),
];

const BY_NAME: ReadonlyMap<string, MethodSpec> = new Map(
  TABLE.map((spec) => [spec.method, spec]),
);

/**
 * Finds a method that a side may send in some revision. Names are compared exactly; a method of the
 * other side is as unknown as one that does not exist.
 */
export function methodSpec(method: string, from: Side): MethodSpec | undefined {
  const spec = BY_NAME.get(method);
  return spec !== undefined && spec.sentBy[from].length > 0 ? spec : undefined;
}

/** All methods, of either side. */
export function allMethods(): readonly MethodSpec[] {
  return TABLE;
}

/** What a server asks for by a method, when it is one of those that ask. */
export function askOf(method: string): Ask | undefined {
  return BY_NAME.get(method)?.ask;
}

type Senders = Partial<MethodSpec["sentBy"]>;

function request(method: string, governed: Governance, senders: Senders): MethodSpec {
  return { method, kind: "request", governed, sentBy: bothSides(senders) };
}

function notification(method: string, senders: Senders): MethodSpec {
  return { method, kind: "notification", governed: "control", sentBy: bothSides(senders) };
}

function ask(method: string, what: Ask, revisions: readonly Revision[]): MethodSpec {
  return { ...request(method, "ask", { upstream: revisions }), ask: what };
}

function bothSides({ client = NEVER, upstream = NEVER }: Senders): MethodSpec["sentBy"] {
  return { client, upstream };
}
