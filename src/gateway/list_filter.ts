/**
 * Lists on their way to the client: only what some call could reach is left in them.
 * @module
 */

import { answered } from "../access/answered.ts";
import type { RefusedTools } from "../access/pins.ts";
import { type JsonObject, member } from "../base/json.ts";
import {
  type ItemList,
  type ListItem,
  type ListMethod,
  readList,
  withItems,
} from "../mcp/lists.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";
import type { Settled } from "./questions.ts";

/** The access request that a call of a list's item would be. */
const CALLS: Readonly<Record<ListMethod, { method: string; action: "execute" | "read" }>> = {
  "tools/list": { method: "tools/call", action: "execute" },
  "prompts/list": { method: "prompts/get", action: "read" },
  "resources/list": { method: "resources/read", action: "read" },
  "resources/templates/list": { method: "resources/read", action: "read" },
};

const NO_CHANGES: readonly string[] = [];

/** A list result with what cannot be reached left out. */
// INVARIANT: Nothing hidden is callable, and nothing is hidden that some call could reach.
export function filteredList(
  conversation: Conversation,
  { pending, method }: { readonly pending: Pending; readonly method: ListMethod },
  result: JsonObject,
): Settled | Promise<Settled> {
  const read = readList(method, result);
  if (!read.ok) {
    const { pointer, detail } = read.error;
    const reason = {
      code: "upstream_failed",
      detail: `its list is misshapen at ${pointer}: ${detail}`,
    } as const;
    return { kind: "refused", reason };
  }
  const list = read.value;
  if (list.method !== "tools/list") return reachable(conversation, pending, list);
  const refused = refusedTools(conversation, list);
  return refused instanceof Promise
    ? refused.then((tools) => noted(conversation, { pending, list, refused: tools }))
    : noted(conversation, { pending, list, refused });
}

/** The tools that are not what they were; undefined when nobody could tell. */
function refusedTools(
  { parts: { pins, limits } }: Conversation,
  { items }: ItemList,
): RefusedTools | undefined | Promise<RefusedTools | undefined> {
  if (pins === undefined) return NONE_REFUSED;
  return answered(() => pins.look(items.map(({ value }) => value)), {
    read: (answer) => answer instanceof Map ? answer : undefined,
    timeoutMs: limits.checkTimeoutMs,
  });
}

const NONE_REFUSED: RefusedTools = new Map();

function noted(
  conversation: Conversation,
  { pending, list, refused }: {
    readonly pending: Pending;
    readonly list: ItemList;
    readonly refused: RefusedTools | undefined;
  },
): Settled | Promise<Settled> {
  // INVARIANT: No pass is implied: missing, thrown, late or misshapen means deny.
  if (refused === undefined) {
    return { kind: "refused", reason: { code: "check_failed", check: "pins" } };
  }
  conversation.noteTools({ list, refused, paged: pending.paged, last: isLast(list) });
  return reachable(conversation, pending, list);
}

function reachable(
  conversation: Conversation,
  pending: Pending,
  list: ItemList,
): Settled | Promise<Settled> {
  const answers = list.items.map((item) => couldCall(conversation, list, { item, pending }));
  const keep = (kept: readonly boolean[]) => shortened(conversation, list, { kept, pending });
  return answers.every((answer) => typeof answer === "boolean")
    ? keep(answers)
    : Promise.all(answers).then(keep);
}

function couldCall(
  conversation: Conversation,
  { method }: ItemList,
  { item, pending }: { readonly item: ListItem; readonly pending: Pending },
): boolean | Promise<boolean> {
  const { kind, name, template } = item;
  if (kind === "tool" && isRefused(conversation, item, pending)) return false;
  return conversation.couldReach({
    ...CALLS[method],
    direction: "client-to-upstream",
    client: pending.principal,
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

/** Whether nobody may call a tool, by what it was, by what was listed first, or by what this item says. */
function isRefused(
  conversation: Conversation,
  { name, value }: ListItem,
  { revision }: Pending,
): boolean {
  const fault = conversation.mirror?.fault(member(value, "inputSchema"), revision);
  if (fault !== undefined) conversation.mirror?.noteLeftOut(name, fault);
  return fault !== undefined || conversation.refusedTool(name, revision) !== undefined;
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
  return { kind: "passed", result, changes, changed: result !== list.result };
}

function isLast({ result }: ItemList): boolean {
  return !Object.hasOwn(result, "nextCursor");
}
