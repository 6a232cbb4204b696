/**
 * What a client announces, cut down to what the server may ask of it.
 *
 * One of the three roads by which a server reaches its client; the others are its requests
 * (from_upstream.ts) and the questions on its answers (questions.ts).
 * @module
 */

import { objectMember } from "../base/json.ts";
import type { RequestMessage } from "../jsonrpc/message.ts";
import { announceOnly, CLIENT_CAPABILITIES_KEY } from "../mcp/capabilities.ts";
import type { Ask } from "../mcp/methods.ts";
import type { Conversation } from "./conversation.ts";

/** A request as it may be sent, and what was taken out of it. */
export interface Announced {
  readonly message: RequestMessage;
  readonly changes: readonly string[];
}

const ASKS: readonly Ask[] = ["sampling", "elicitation", "roots"];
const NO_CHANGES: readonly string[] = [];

/** Takes out of a request the capabilities that the policy does not grant the server. */
export function announce(
  conversation: Conversation,
  message: RequestMessage,
): Announced | Promise<Announced> {
  if (!announces(message)) return { message, changes: NO_CHANGES };
  const grants = ASKS.map((ask) => mayAsk(conversation, ask));
  return grants.every((granted) => typeof granted === "boolean")
    ? restricted(message, grants)
    : Promise.all(grants).then((settled) => restricted(message, settled));
}

/** Whether the policy lets the server ask for something at all. */
export function mayAsk(conversation: Conversation, ask: Ask): boolean | Promise<boolean> {
  return conversation.couldReach({
    direction: "upstream-to-client",
    method: ask === "roots"
      ? "roots/list"
      : ask === "sampling"
      ? "sampling/createMessage"
      : "elicitation/create",
    known: true,
    action: "ask-client",
    resource: { kind: "server", server: conversation.upstream, name: ask },
    arguments: undefined,
    traceId: "",
    revision: conversation.revision,
  });
}

function announces({ method, params }: RequestMessage): boolean {
  return method === "initialize" ||
    objectMember(objectMember(params, "_meta"), CLIENT_CAPABILITIES_KEY) !== undefined;
}

function restricted(message: RequestMessage, grants: readonly boolean[]): Announced {
  const granted = new Set(ASKS.filter((_, at) => grants[at]));
  const { params, removed } = announceOnly(message, granted);
  return removed.length === 0
    ? { message, changes: NO_CHANGES }
    : { message: { ...message, params }, changes: [`capabilities-removed ${removed.join(" ")}`] };
}
