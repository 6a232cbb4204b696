/**
 * The names by which messages refer to each other: progress tokens, cancelled ids, tasks,
 * subscriptions, elicitations.
 *
 * Each reader gives `undefined` for what is absent or not of the right type.
 * @module
 */

import {
  type JsonObject,
  type JsonValue,
  member,
  objectMember,
  stringMember,
} from "../base/json.ts";
import type { RequestId } from "../jsonrpc/message.ts";

/** Where a message names the task it belongs to (2025-11-25), in `_meta`. */
export const RELATED_TASK_KEY = "io.modelcontextprotocol/related-task";

/** Where a modern notification names the `subscriptions/listen` request it belongs to, in `_meta`. */
export const SUBSCRIPTION_ID_KEY = "io.modelcontextprotocol/subscriptionId";

/** A value that may stand as a request id or a progress token: a string, or an integer within ±(2^53 − 1). */
export function asId(value: JsonValue | undefined): RequestId | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)
    ? value
    : undefined;
}

/** The token under which the sender of a request wants to hear of its progress. */
export function wantedProgress(params: JsonObject | undefined): RequestId | undefined {
  return asId(member(objectMember(params, "_meta"), "progressToken"));
}

/** The token that `notifications/progress` reports on. */
export function reportedProgress(params: JsonObject | undefined): RequestId | undefined {
  return asId(member(params, "progressToken"));
}

/** The request that `notifications/cancelled` gives up. */
export function cancelledRequest(params: JsonObject | undefined): RequestId | undefined {
  return asId(member(params, "requestId"));
}

/** True when a request of 2025-11-25 asks to be run as a task: its answer is a task, not a result. */
export function wantsTask(params: JsonObject | undefined): boolean {
  return objectMember(params, "task") !== undefined;
}

/** The task that a result creates: `task.taskId` in 2025-11-25, `taskId` beside `resultType: "task"` in the extension. */
export function createdTask(result: JsonObject): string | undefined {
  return member(result, "resultType") === "task"
    ? stringMember(result, "taskId")
    : stringMember(objectMember(result, "task"), "taskId");
}

/** The task that `tasks/*` and its notifications name. */
export function namedTask(params: JsonObject | undefined): string | undefined {
  return stringMember(params, "taskId");
}

/** The task that params or a result belong to, by their `_meta`. */
export function relatedTask(holder: JsonObject | undefined): string | undefined {
  return stringMember(objectMember(objectMember(holder, "_meta"), RELATED_TASK_KEY), "taskId");
}

/** The resource that `notifications/resources/updated` speaks of. */
export function updatedResource(params: JsonObject | undefined): string | undefined {
  return stringMember(params, "uri");
}

/** The `subscriptions/listen` request that a modern notification, or its closing result, belongs to. */
export function subscriptionId(holder: JsonObject | undefined): RequestId | undefined {
  return asId(member(objectMember(holder, "_meta"), SUBSCRIPTION_ID_KEY));
}

/** The elicitation that an `elicitation/create` of mode `url` opens, or `notifications/elicitation/complete` ends. */
export function elicitationId(params: JsonObject | undefined): string | undefined {
  return stringMember(params, "elicitationId");
}
