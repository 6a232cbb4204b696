/**
 * How a message arrived, and what is known of it before it is judged.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { Message, RequestId, Sender } from "../jsonrpc/message.ts";
import type { Conversation } from "./conversation.ts";
import type { Facts } from "./record.ts";

/** How a message arrived. */
export interface Arrival {
  /** Bytes of its frame. */
  readonly bytes: number;
  /** Half surrogate pairs were replaced. */
  readonly repaired: boolean;
  /** The frame itself, when it holds this message alone and nothing was repaired. */
  readonly verbatim: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
  /** The headers it came with, where there are any. */
  readonly headers: Iterable<readonly [string, string]> | undefined;
  /** The client's request on whose own answer an upstream's message came. */
  readonly answers: RequestId | undefined;
  /** It came with an event id, and so may come again. */
  readonly isResumable: boolean;
  /** The client asked for it again. */
  readonly isResumed: boolean;
}

/** What is known of a message as it arrives; a trace id is made unless it has one. */
export function factsOf(
  conversation: Conversation,
  sender: Sender,
  { message, bytes, traceId = conversation.newTraceId(), client = conversation.client }: {
    readonly message: Message;
    readonly bytes: number;
    readonly traceId?: string;
    /** Who sent it; whoever sent the last one by default. */
    readonly client?: Principal;
  },
): Facts {
  const { parts, upstreamPrincipal, upstream } = conversation;
  const fromClient = sender === "client";
  return {
    timeMs: parts.clock.wallMs(),
    traceId,
    direction: fromClient ? "client-to-upstream" : "upstream-to-client",
    principal: fromClient ? client : upstreamPrincipal,
    upstream,
    policy: parts.questions.policy.hash,
    bytes,
    message,
  };
}
