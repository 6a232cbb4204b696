/**
 * What the server's results mean for the conversation, and which of them the client gets whole.
 * @module
 */

import type { JsonObject } from "../base/json.ts";
import { createdTask } from "../mcp/correlation.ts";
import { inputAsks } from "../mcp/input_required.ts";
import {
  isListMethod,
  type ItemList,
  type ListItem,
  type ListMethod,
  readList,
  withItems,
} from "../mcp/lists.ts";
import { negotiatedRevision } from "../mcp/revision.ts";
import type { Conversation } from "./conversation.ts";
import { addBounded, type Pending } from "./in_flight.ts";
import { inspected } from "./inspected.ts";
import { type Settled, settleQuestions } from "./questions.ts";

const NO_CHANGES: readonly string[] = [];

/** The access request that a call of a list's item would be. */
const CALLS: Readonly<Record<ListMethod, { method: string; action: "execute" | "read" }>> = {
  "tools/list": { method: "tools/call", action: "execute" },
  "prompts/list": { method: "prompts/get", action: "read" },
  "resources/list": { method: "resources/read", action: "read" },
  "resources/templates/list": { method: "resources/read", action: "read" },
};

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
  const looked = (settled: Settled) =>
    settled.kind === "refused" ? settled : inspected(conversation, pending, settled);
  if (!isListMethod(pending.method)) {
    remember(conversation, pending, result);
    return withQuestions({ kind: "passed", result, changes: NO_CHANGES });
  }
  const list = filtered(conversation, pending, result);
  return list instanceof Promise ? list.then(withQuestions) : withQuestions(list);
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
  if (task.length <= maxIdBytes) addBounded(conversation.tasks, task, max);
}

// INVARIANT: Nothing hidden is callable, and nothing is hidden that some call could reach.
function filtered(
  conversation: Conversation,
  pending: Pending,
  result: JsonObject,
): Settled | Promise<Settled> {
  const read = readList(pending.method as ListMethod, result);
  if (!read.ok) {
    const { pointer, detail } = read.error;
    const reason = {
      code: "upstream_failed",
      detail: `its list is misshapen at ${pointer}: ${detail}`,
    } as const;
    return { kind: "refused", reason };
  }
  const list = read.value;
  if (list.method === "tools/list") {
    conversation.noteTools({ list, paged: pending.paged, last: isLast(list) });
  }
  const reachable = list.items.map((item) => couldCall(conversation, list, { item, pending }));
  const keep = (kept: readonly boolean[]) => shortened(conversation, list, { kept, pending });
  return reachable.every((answer) => typeof answer === "boolean")
    ? keep(reachable)
    : Promise.all(reachable).then(keep);
}

function couldCall(
  conversation: Conversation,
  { method }: ItemList,
  { item, pending }: { readonly item: ListItem; readonly pending: Pending },
): boolean | Promise<boolean> {
  const { kind, name, template } = item;
  return conversation.couldReach({
    ...CALLS[method],
    direction: "client-to-upstream",
    known: true,
    resource: {
      kind,
      name,
      server: conversation.upstream,
      ...(template === true ? { template } : {}),
    },
    arguments: undefined,
    traceId: pending.traceId,
    revision: pending.revision,
  });
}

function shortened(
  conversation: Conversation,
  list: ItemList,
  { kept, pending }: { readonly kept: readonly boolean[]; readonly pending: Pending },
): Settled {
  const items = list.items.filter((_, at) => kept[at]);
  if (list.method === "tools/list") {
    conversation.noteVisible(items.length, list.items.length, {
      paged: pending.paged,
      last: isLast(list),
    });
  }
  const result = withItems(list, items, { revision: pending.revision });
  const changes = items.length === list.items.length
    ? NO_CHANGES
    : [`list-filtered ${items.length} of ${list.items.length}`];
  return { kind: "passed", result, changes };
}

function isLast({ result }: ItemList): boolean {
  return !Object.hasOwn(result, "nextCursor");
}
