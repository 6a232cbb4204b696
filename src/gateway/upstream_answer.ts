/**
 * What becomes of the upstream's answer to a request of the client.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import { type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import type { ErrorMessage, Message, RequestId, ResultMessage } from "../jsonrpc/message.ts";
import { createdTask } from "../mcp/correlation.ts";
import { errorAsks } from "../mcp/input_required.ts";
import { eraOf } from "../mcp/revision.ts";
import { refusal, type Refused } from "./answer.ts";
import { type Arrival, factsOf } from "./arrival.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";
import { lookedInto } from "./inspected.ts";
import { type Outcome, sending, unchanged } from "./outcome.ts";
import { entryOf, type Facts } from "./record.ts";
import { type Settled, settleQuestions } from "./questions.ts";
import { settleResult } from "./result.ts";

const NO_CHANGES: readonly string[] = [];

/** Judges an answer. */
export function upstreamAnswer(
  conversation: Conversation,
  message: ResultMessage | ErrorMessage,
  arrival: Arrival,
): Outcome | Promise<Outcome> {
  const answered = message.id ?? arrival.answers;
  const pending = answered === undefined ? undefined : taken(conversation, answered, arrival);
  if (pending === undefined) return answerToNothing(conversation, message, arrival);
  // a client on stdio knows an answer by its id alone
  return message.id === null && conversation.transport === "stdio"
    ? settled(conversation, { ...message, id: pending.id }, {
      pending,
      arrival: { ...arrival, verbatim: undefined },
    })
    : settled(conversation, message, { pending, arrival });
}

/** Judges an answer to a request that was in flight. */
function settled(
  conversation: Conversation,
  message: ResultMessage | ErrorMessage,
  { pending, arrival }: { readonly pending: Pending; readonly arrival: Arrival },
): Outcome | Promise<Outcome> {
  const { id, traceId, method, resource } = pending;
  const base: Facts = {
    ...factsOf(conversation, "upstream", { message, bytes: arrival.bytes, traceId }),
    method,
    resource,
  };
  const about = { to: "forward", method, about: id, revision: pending.revision } as const;
  const told = (reason: DenyReason) => {
    const toolCall = reason.code === "unsafe_result" ? toolCallOf(pending, message) : {};
    return sending(refusal(reason, { id, traceId, ...toolCall }), { ...about, reason });
  };
  const finish = (outcome: Settled): Outcome => {
    conversation.getReady();
    const unrecorded = () => told({ code: "audit_failed" });
    const { verdict } = outcome;
    const facts = verdict === undefined ? base : { ...base, verdict };
    if (outcome.kind === "refused") {
      return {
        entry: entryOf({ ...facts, denied: outcome.reason }, "forward"),
        send: told(outcome.reason),
        unrecorded,
      };
    }
    const changes = arrival.repaired
      ? ["surrogates-repaired", ...outcome.changes]
      : outcome.changes;
    const send = outcome.changed
      ? sending(withContent(message, outcome.result), about)
      : unchanged(message, arrival, about);
    return { entry: entryOf({ ...facts, changes }, "forward"), send, unrecorded };
  };
  const judged = message.kind === "error"
    ? settleError(conversation, pending, message)
    : settleResult(conversation, pending, message.result);
  return judged instanceof Promise ? judged.then(finish) : finish(judged);
}

/** Takes out the request that an answer belongs to; one whose answer comes once more was taken out before. */
function taken(
  { asked, wireIds }: Conversation,
  id: RequestId,
  { isResumable, isResumed }: Arrival,
): Pending | undefined {
  const pending = asked.answer(id);
  if (pending === undefined) return isResumed ? asked.again(id) : undefined;
  if (!isResumable) wireIds?.forget(id);
  else {
    wireIds?.sent(id);
    asked.sent(pending);
  }
  return pending;
}

// INVARIANT: an answer nobody asked for is dropped.
/** The fate of a message that answers nothing. */
export function answerToNothing(
  conversation: Conversation,
  message: Message,
  { bytes }: Arrival,
): Outcome {
  const denied: DenyReason = { code: "not_expected", detail: "an answer to nothing" };
  const facts = { ...factsOf(conversation, "upstream", { message, bytes }), denied };
  return { entry: entryOf(facts, "drop") };
}

/** What a refused answer stands for, when it is the result that a model is waiting for. */
function toolCallOf(
  { method, resource, revision }: Pending,
  message: ResultMessage | ErrorMessage,
): Pick<Refused, "toolCall"> {
  const isResult = method === "tools/call" && message.kind === "result" &&
    createdTask(message.result) === undefined;
  if (!isResult) return {};
  return { toolCall: { tool: resource.name, modern: eraOf(revision) === "modern" } };
}

/**
 * An error passes unless it asks the client for something that is not granted (−32042). Its texts
 * reach the model too: they are looked into like those of a result.
 */
function settleError(
  conversation: Conversation,
  pending: Pending,
  { error }: ErrorMessage,
): Settled | Promise<Settled> {
  const { message, data } = error;
  const told: JsonObject = { message, ...(data === undefined ? {} : { data }) };
  const asked = settleQuestions(conversation, pending, {
    asks: errorAsks(error),
    passed: {
      kind: "passed",
      result: { structuredContent: told },
      changes: NO_CHANGES,
      changed: false,
    },
  });
  return asked instanceof Promise
    ? asked.then((settled) => lookedInto(conversation, pending, settled))
    : lookedInto(conversation, pending, asked);
}

/** The message with what passes of it. */
function withContent(
  message: ResultMessage | ErrorMessage,
  passed: JsonObject,
): ResultMessage | ErrorMessage {
  if (message.kind === "result") return { ...message, result: passed };
  const told = objectMember(passed, "structuredContent");
  const data = member(told, "data");
  return {
    ...message,
    error: {
      code: message.error.code,
      message: stringMember(told, "message") ?? "",
      ...(data === undefined ? {} : { data }),
    },
  };
}
