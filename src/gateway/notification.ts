/**
 * Which notifications of the server belong to something the client started or asked for.
 * @module
 */

import { objectMember } from "../base/json.ts";
import type { NotificationMessage } from "../jsonrpc/message.ts";
import {
  cancelledRequest,
  namedTask,
  reportedProgress,
  subscriptionId,
  updatedResource,
} from "../mcp/correlation.ts";
import { inputAsks } from "../mcp/input_required.ts";
import { mayAsk } from "./announce.ts";
import type { Conversation } from "./conversation.ts";
import { lookedInto } from "./inspected.ts";
import { type Settled, settleQuestions } from "./questions.ts";

type Unexpected = string | undefined;

/** Says why a notification belongs to nothing, or nothing when it belongs. */
export function unexpectedNotification(
  conversation: Conversation,
  message: NotificationMessage,
): Unexpected | Promise<Unexpected> {
  const { method, params } = message;
  const listening = subscriptionId(params);
  if (listening !== undefined && !isListening(conversation, listening)) {
    return "no such subscription is in flight";
  }
  switch (method) {
    case "notifications/progress": {
      const token = reportedProgress(params);
      const known = token !== undefined &&
        conversation.asked.hasProgress(token);
      return known ? undefined : "no such progress token is in flight";
    }
    case "notifications/cancelled":
      return unexpectedCancel(conversation, params);
    case "notifications/resources/updated":
      return unexpectedUpdate(conversation, params, listening !== undefined);
    case "notifications/subscriptions/acknowledged":
      return listening === undefined ? "it names no subscription" : undefined;
    case "notifications/tasks/status":
    case "notifications/tasks":
      return unexpectedTask(conversation, message);
    case "notifications/elicitation/complete":
      return orElse(mayAsk(conversation, "elicitation"), "elicitation is not granted");
    default:
      // Logging and list changes belong to the whole conversation; an unknown method needs a rule.
      return undefined;
  }
}

function isListening({ asked }: Conversation, id: string | number): boolean {
  return asked.get(id)?.method === "subscriptions/listen";
}

/** A server may give up what it asked itself, or end a subscription (MCP 2026-07-28). */
function unexpectedCancel(
  conversation: Conversation,
  params: NotificationMessage["params"],
): Unexpected {
  const id = cancelledRequest(params);
  if (id === undefined) return "it names no request";
  if (conversation.askedBack.get(id) !== undefined) return undefined;
  if (isListening(conversation, id)) return undefined;
  conversation.askedBack.withdraw(id);
  return "no such request is in flight";
}

/** An update may name a part of what was subscribed to (MCP 2025-11-25, Resources), if it may be read. */
function unexpectedUpdate(
  conversation: Conversation,
  params: NotificationMessage["params"],
  listening: boolean,
): Unexpected | Promise<Unexpected> {
  const uri = updatedResource(params);
  if (uri === undefined) return "it names no resource";
  if (!listening && conversation.subscriptions.size === 0) return "nothing is subscribed to";
  const readable = conversation.couldReach({
    direction: "client-to-upstream",
    method: "resources/read",
    known: true,
    action: "read",
    resource: { kind: "resource", server: conversation.upstream, name: uri },
    arguments: undefined,
    traceId: "",
    revision: conversation.revision,
  });
  return orElse(readable, "the resource may not be read");
}

function unexpectedTask(
  conversation: Conversation,
  { params }: NotificationMessage,
): Unexpected | Promise<Unexpected> {
  const task = namedTask(params) ?? namedTask(objectMember(params, "task"));
  const obligations = task === undefined
    ? undefined
    : conversation.tasks.boundBy(conversation.client, task);
  if (obligations === undefined) return "no such task was made here";
  if (params === undefined) return undefined;
  const about = { traceId: conversation.newTraceId(), revision: conversation.revision };
  const settled = settleQuestions(conversation, about, {
    asks: inputAsks(params),
    passed: { kind: "passed", result: params, changes: [], changed: false },
  });
  // it may bring the result of the task
  const looked = (asked: Settled) =>
    lookedInto(conversation, { method: "tasks/get", obligations }, asked);
  const found = settled instanceof Promise ? settled.then(looked) : looked(settled);
  return found instanceof Promise ? found.then(reasonAgainst) : reasonAgainst(found);
}

/** What cannot pass as it is does not pass: the client can ask for the task, and gets the rest of it. */
function reasonAgainst(settled: Settled): Unexpected {
  if (settled.kind === "refused") return settled.reason.code;
  return settled.changed ? "what it says may not pass whole" : undefined;
}

function orElse(
  holds: boolean | Promise<boolean>,
  otherwise: string,
): Unexpected | Promise<Unexpected> {
  return holds instanceof Promise
    ? holds.then((held) => held ? undefined : otherwise)
    : holds
    ? undefined
    : otherwise;
}
