/**
 * What the server's results mean for the conversation, and which of them the client gets whole.
 * @module
 */

import { isObject, type JsonObject, member } from "../base/json.ts";
import { createdTask, namedTask } from "../mcp/correlation.ts";
import { inputAsks } from "../mcp/input_required.ts";
import { isListMethod } from "../mcp/lists.ts";
import { negotiatedRevision } from "../mcp/revision.ts";
import type { Conversation } from "./conversation.ts";
import { addBounded, type Pending } from "./in_flight.ts";
import { lookedInto } from "./inspected.ts";
import { filteredList } from "./list_filter.ts";
import { withoutRenamed } from "./renamed.ts";
import { type Settled, settleQuestions } from "./questions.ts";

const NO_CHANGES: readonly string[] = [];

/** Judges the result of a request of the client. */
export function settleResult(
  conversation: Conversation,
  pending: Pending,
  result: JsonObject,
): Settled | Promise<Settled> {
  const withQuestions = (settled: Settled) => {
    const asked = judgeQuestions(conversation, pending, settled);
    return asked instanceof Promise ? asked.then(looked) : looked(asked);
  };
  const looked = (settled: Settled) => lookedInto(conversation, pending, settled);
  const { method } = pending;
  if (!isListMethod(method)) {
    remember(conversation, pending, result);
    return withQuestions(
      method === "tasks/list"
        ? ownTasks(conversation, pending, result)
        : { kind: "passed", result, changes: NO_CHANGES, changed: false },
    );
  }
  const list = filteredList(conversation, { pending, method }, result);
  const sameNames = (settled: Settled) => {
    const inspected = withQuestions(settled);
    const before = settled.kind === "passed" ? settled.result : undefined;
    const listed = { method, before, revision: pending.revision };
    return inspected instanceof Promise
      ? inspected.then((after) => withoutRenamed(after, listed))
      : withoutRenamed(inspected, listed);
  };
  return list instanceof Promise ? list.then(sameNames) : sameNames(list);
}

/** A list of tasks with those of others left out: one server may serve many principals. */
// INVARIANT: tasks belong to the principal that made them.
function ownTasks(
  { tasks }: Conversation,
  { principal }: Pending,
  result: JsonObject,
): Settled {
  const listed = member(result, "tasks");
  if (!Array.isArray(listed)) {
    const detail = "its list is misshapen at /tasks: must be an array";
    return { kind: "refused", reason: { code: "upstream_failed", detail } };
  }
  const own = listed.filter((each) => {
    const task = isObject(each) ? namedTask(each) : undefined;
    return task !== undefined && tasks.boundBy(principal, task) !== undefined;
  });
  return own.length === listed.length
    ? { kind: "passed", result, changes: NO_CHANGES, changed: false }
    : {
      kind: "passed",
      result: { ...result, tasks: own },
      changes: [`list-filtered ${own.length} of ${listed.length}`],
      changed: true,
    };
}

/** Judges the questions to the client on a result, whatever it answers. */
function judgeQuestions(
  conversation: Conversation,
  pending: Pending,
  settled: Settled,
): Settled | Promise<Settled> {
  if (settled.kind === "refused") return settled;
  const asks = inputAsks(settled.result);
  return settleQuestions(conversation, pending, { asks, passed: settled });
}

/** Notes what later messages will refer to. */
function remember(conversation: Conversation, pending: Pending, result: JsonObject): void {
  const { maxConcurrentRequests: max, maxIdBytes } = conversation.parts.limits;
  switch (pending.method) {
    case "initialize":
      conversation.revision = negotiatedRevision(result) ?? null;
      return;
    case "resources/subscribe":
      addBounded(conversation.subscriptions, pending.resource.name, max);
      return;
    case "resources/unsubscribe":
      conversation.subscriptions.delete(pending.resource.name);
      return;
  }
  const task = createdTask(result);
  if (task === undefined) return;
  conversation.asked.becameTask(pending);
  if (task.length <= maxIdBytes) {
    const { principal: owner, obligations } = pending;
    conversation.tasks.note(task, { owner, obligations, max });
  }
}
