/**
 * What a request or notification amounts to: its method, the verb, the things it names, and the
 * values to be inspected.
 *
 * Whatever the judgement or the gateway's tables rest on must have the type that the protocol gives
 * it; the rest is the receiver's business.
 * @module
 */

import { isObject, type JsonObject, member, objectMember } from "../base/json.ts";
import type { NotificationMessage, RequestMessage } from "../jsonrpc/message.ts";
import { CLIENT_CAPABILITIES_KEY } from "./capabilities.ts";
import { RELATED_TASK_KEY, SUBSCRIPTION_ID_KEY } from "./correlation.ts";
import { type MethodSpec, methodSpec, type Side } from "./methods.ts";
import { type Misshapen, pointerTo } from "./misshapen.ts";
import {
  ifPresent,
  mustBe,
  needId,
  needObject,
  needString,
  needStrings,
  optional,
} from "./params.ts";
import { PROTOCOL_VERSION_KEY } from "./revision.ts";
import type { Action, Target } from "./target.ts";

/** A message whose method is known and whose params are sound. */
export interface Description {
  readonly kind: "known";
  readonly spec: MethodSpec;
  readonly action: Action;
  /** What is acted on. Exactly one, except that `subscriptions/listen` names any number, none included. */
  readonly resources: readonly Target[];
  /** The values that policy and inspection look at; empty for upkeep and lists. */
  readonly arguments: JsonObject;
  /** Where `arguments` stands in the params, as a JSON pointer. */
  readonly argumentsPointer: "" | "/arguments";
  /** The client's answers to a server's questions (2026-07-28); inspected like arguments. */
  readonly inputResponses: JsonObject | undefined;
}

/** What a message amounts to, or why it cannot be told. */
export type Described =
  | Description
  /** No method of that side in any revision. */
  | {
    readonly kind: "unknown";
    readonly action: "execute";
    readonly resources: readonly Target[];
    readonly arguments: JsonObject;
  }
  /** A request without an id, or a notification with one. */
  | { readonly kind: "misplaced"; readonly spec: MethodSpec; readonly detail: string }
  | ({ readonly kind: "malformed"; readonly spec: MethodSpec } & Misshapen);

/** Tells what a message amounts to. */
export function describe(
  { kind, method, params }: RequestMessage | NotificationMessage,
  from: Side,
): Described {
  const spec = methodSpec(method, from);
  if (spec === undefined) {
    const resources = [{ kind: "server", name: method }] as const;
    return { kind: "unknown", action: "execute", resources, arguments: params ?? NOTHING };
  }
  if (spec.kind !== kind) return { kind: "misplaced", spec, detail: misplaced(spec) };
  const reading = READERS.get(method)?.(params ?? NOTHING) ?? NOTHING_NAMED;
  const inputResponses = from === "client" ? optional(params, "inputResponses") : undefined;
  const fault = metaFault(params) ?? reading.fault;
  if (fault !== undefined) return { kind: "malformed", spec, ...fault };
  if (inputResponses !== undefined && !isObject(inputResponses)) {
    return { kind: "malformed", spec, ...mustBe("/inputResponses", "an object") };
  }
  return {
    kind: "known",
    spec,
    action: actionOf(spec),
    resources: reading.resources ?? [{ kind: "server", name: spec.ask ?? method }],
    arguments: reading.arguments ?? NOTHING,
    argumentsPointer: reading.argumentsPointer ?? "",
    inputResponses,
  };
}

/** What a reader finds in params. Without `resources` the server itself is meant. */
interface Reading {
  readonly fault?: Misshapen | undefined;
  readonly resources?: readonly Target[];
  readonly arguments?: JsonObject;
  readonly argumentsPointer?: "/arguments";
}

type Reader = (params: JsonObject) => Reading;

const NOTHING: JsonObject = {};
const NOTHING_NAMED: Reading = {};

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["initialize", readInitialize],
  ["tools/call", readToolCall],
  ["prompts/get", readPrompt],
  ["resources/read", readResource],
  ["resources/subscribe", readResource],
  ["resources/unsubscribe", readResource],
  ["completion/complete", readCompletion],
  ["subscriptions/listen", readListen],
  ["tasks/get", readTask],
  ["tasks/result", readTask],
  ["tasks/cancel", readTask],
  ["tasks/update", readTaskUpdate],
  ["sampling/createMessage", readAsk],
  ["elicitation/create", readAsk],
  ["roots/list", readAsk],
  ["notifications/cancelled", readCancelled],
  ["notifications/progress", readProgress],
  ["notifications/resources/updated", readUpdated],
  ["notifications/elicitation/complete", readElicitationEnd],
  ["notifications/tasks/status", readTask],
  ["notifications/tasks", readTask],
]);

function actionOf(spec: MethodSpec): Action {
  switch (spec.governed) {
    case "control":
    case "list":
      return "control";
    case "grant":
      return spec.method === "tools/call" ? "execute" : "read";
    case "listen":
      return "read";
    case "ask":
      return "ask-client";
  }
}

function readInitialize(params: JsonObject): Reading {
  const fault = needString(member(params, "protocolVersion"), "/protocolVersion") ??
    ifPresent(needObject, { object: params, name: "capabilities", at: "/capabilities" });
  return { fault };
}

function readToolCall(params: JsonObject): Reading {
  const fault = ifPresent(needObject, { object: params, name: "task", at: "/task" });
  return fault === undefined ? readNamed(params, "tool") : { fault };
}

function readPrompt(params: JsonObject): Reading {
  return readNamed(params, "prompt");
}

function readNamed(params: JsonObject, kind: "tool" | "prompt"): Reading {
  const name = member(params, "name");
  if (typeof name !== "string") return { fault: mustBe("/name", "a string") };
  const args = optional(params, "arguments") ?? NOTHING;
  if (!isObject(args)) return { fault: mustBe("/arguments", "an object") };
  return { resources: [{ kind, name }], arguments: args, argumentsPointer: "/arguments" };
}

function readResource(params: JsonObject): Reading {
  const uri = member(params, "uri");
  if (typeof uri !== "string") return { fault: mustBe("/uri", "a string") };
  return { resources: [{ kind: "resource", name: uri }] };
}

function readCompletion(params: JsonObject): Reading {
  const argument = objectMember(params, "argument");
  const context = objectMember(params, "context");
  const fault = needObject(member(params, "argument"), "/argument") ??
    needString(member(argument, "name"), "/argument/name") ??
    needString(member(argument, "value"), "/argument/value") ??
    ifPresent(needObject, { object: params, name: "context", at: "/context" });
  if (fault !== undefined || argument === undefined) return { fault };
  const completed = referenced(objectMember(params, "ref"));
  if (!("kind" in completed)) return { fault: completed };
  return {
    resources: [completed],
    arguments: context === undefined ? { argument } : { argument, context },
  };
}

/** The prompt or the resource template whose argument is to be completed. */
function referenced(ref: JsonObject | undefined): Target | Misshapen {
  if (ref === undefined) return mustBe("/ref", "an object");
  const type = member(ref, "type");
  if (type === "ref/prompt") {
    const name = member(ref, "name");
    return typeof name === "string" ? { kind: "prompt", name } : mustBe("/ref/name", "a string");
  }
  if (type === "ref/resource") {
    const uri = member(ref, "uri");
    return typeof uri === "string"
      ? { kind: "resource", name: uri, template: true }
      : mustBe("/ref/uri", "a string");
  }
  return mustBe("/ref/type", '"ref/prompt" or "ref/resource"');
}

function readListen(params: JsonObject): Reading {
  const wanted = objectMember(params, "notifications");
  if (wanted === undefined) return { fault: mustBe("/notifications", "an object") };
  const uris = optional(wanted, "resourceSubscriptions") ?? [];
  const at = "/notifications";
  const fault = needStrings(uris, `${at}/resourceSubscriptions`) ??
    ifPresent(needStrings, { object: wanted, name: "taskIds", at: `${at}/taskIds` });
  if (fault !== undefined) return { fault };
  return { resources: (uris as readonly string[]).map((name) => ({ kind: "resource", name })) };
}

function readTask(params: JsonObject): Reading {
  return { fault: needString(member(params, "taskId"), "/taskId") };
}

function readTaskUpdate(params: JsonObject): Reading {
  const fault = needObject(member(params, "inputResponses"), "/inputResponses");
  return fault === undefined ? readTask(params) : { fault };
}

/** What a server asks is inspected whole. */
function readAsk(params: JsonObject): Reading {
  return { arguments: params };
}

function readCancelled(params: JsonObject): Reading {
  return { fault: needId(member(params, "requestId"), "/requestId") };
}

function readProgress(params: JsonObject): Reading {
  return { fault: needId(member(params, "progressToken"), "/progressToken") };
}

function readUpdated(params: JsonObject): Reading {
  return { fault: needString(member(params, "uri"), "/uri") };
}

function readElicitationEnd(params: JsonObject): Reading {
  return { fault: needString(member(params, "elicitationId"), "/elicitationId") };
}

/** What is checked of the members of `_meta` that are there. */
const META = ([
  ["progressToken", needId],
  [SUBSCRIPTION_ID_KEY, needId],
  [PROTOCOL_VERSION_KEY, needString],
  [CLIENT_CAPABILITIES_KEY, needObject],
  [RELATED_TASK_KEY, needObject],
] as const).map(([name, need]) => ({ name, need, at: `/_meta${pointerTo(name)}` }));

/** `_meta` decides where progress, tasks and subscriptions belong, and what the client can do. */
function metaFault(params: JsonObject | undefined): Misshapen | undefined {
  const meta = optional(params, "_meta");
  if (meta === undefined) return undefined;
  if (!isObject(meta)) return mustBe("/_meta", "an object");
  for (const { name, need, at } of META) {
    const value = optional(meta, name);
    const fault = value === undefined ? undefined : need(value, at);
    if (fault !== undefined) return fault;
  }
  const related = objectMember(meta, RELATED_TASK_KEY);
  if (related === undefined) return undefined;
  return needString(member(related, "taskId"), `/_meta${pointerTo(RELATED_TASK_KEY)}/taskId`);
}

function misplaced({ method, kind }: MethodSpec): string {
  return kind === "request"
    ? `"${method}" is a request and needs an id`
    : `"${method}" is a notification and has no id`;
}
