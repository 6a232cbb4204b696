/**
 * Ids of our own towards an upstream that many clients share: whatever ids the clients choose, the
 * upstream never sees one twice.
 * @module
 */

import { type JsonObject, objectMember } from "../base/json.ts";
import type {
  Message,
  NotificationMessage,
  RequestId,
  RequestMessage,
  ResultMessage,
} from "../jsonrpc/message.ts";
import {
  cancelledRequest,
  reportedProgress,
  SUBSCRIPTION_ID_KEY,
  subscriptionId,
  wantedProgress,
} from "../mcp/correlation.ts";

import { forgetOldest, MAX_SENT } from "./in_flight.ts";

/** What the upstream calls a request in flight. */
export interface WireNames {
  /** The id it was sent with. */
  readonly id: RequestId;
  /** What progress of it is reported under, as it was sent. */
  readonly progressToken: RequestId | undefined;
}

/** Tokens that are kept once their request is over: a task's progress goes on (MCP 2025-11-25). */
const MAX_LATE_TOKENS = 64;

/**
 * One channel's requests in flight: the client's id of each, and ours. A request that wants to hear
 * of its progress has our id as its token too.
 */
export class WireIds {
  readonly #next: () => number;
  readonly #ours = new Map<RequestId, number>();
  readonly #theirs = new Map<RequestId, RequestId>();
  /** The client's progress tokens of requests in flight, by our id. */
  readonly #tokens = new Map<RequestId, RequestId>();
  /** The same of the last requests that ended. */
  readonly #lateTokens = new Map<RequestId, RequestId>();
  /** The client's ids of the last requests whose answer can come once more, by ours. */
  readonly #sent = new Map<RequestId, RequestId>();

  /** @param next gives a number that no request to the same upstream has had. */
  constructor(next: () => number) {
    this.#next = next;
  }

  /** The request as the upstream shall see it. Nothing is kept until {@linkcode keep}. */
  renumbered(request: RequestMessage): RequestMessage & { readonly id: number } {
    const id = this.#next();
    if (wantedProgress(request.params) === undefined) return { ...request, id };
    const _meta = { ...objectMember(request.params, "_meta"), progressToken: id };
    return { ...request, id, params: { ...request.params, _meta } };
  }

  /** Keeps which request of the client one of ours stands for, and the token it came with. */
  keep(theirs: RequestId, ours: number, token = this.#lateTokens.get(ours)): void {
    // INVARIANT: one id of the client stands for one request: answers to those before are nobody's
    this.forget(theirs);
    for (const [before, id] of this.#sent) if (id === theirs) this.#sent.delete(before);
    this.#ours.set(theirs, ours);
    this.#theirs.set(ours, theirs);
    if (token !== undefined) this.#tokens.set(ours, token);
  }

  /** Forgets a request by the client's id: an answer to it finds nothing any more. Gives our id of it. */
  forget(theirs: RequestId): number | undefined {
    const ours = this.#ours.get(theirs);
    if (ours === undefined) return undefined;
    this.#ours.delete(theirs);
    this.#theirs.delete(ours);
    const token = this.#tokens.get(ours);
    this.#tokens.delete(ours);
    if (token !== undefined) this.#keepLate(ours, token);
    return ours;
  }

  #keepLate(ours: number, token: RequestId): void {
    this.#lateTokens.set(ours, token);
    forgetOldest(this.#lateTokens, MAX_LATE_TOKENS);
  }

  /** Forgets a request whose answer was sent, and can come once more by the same id of ours. */
  sent(theirs: RequestId): void {
    const ours = this.forget(theirs);
    if (ours === undefined) return;
    this.#sent.set(ours, theirs);
    forgetOldest(this.#sent, MAX_SENT);
  }

  /** The client's id of a request that the upstream names. */
  theirs(ours: RequestId): RequestId | undefined {
    return this.#theirs.get(ours);
  }

  /** A notification of the client in the upstream's terms. */
  toUpstream(message: NotificationMessage): NotificationMessage {
    const id = message.method === CANCELLED ? cancelledRequest(message.params) : undefined;
    const ours = id === undefined ? undefined : this.#ours.get(id);
    return ours === undefined ? message : withParams(message, { requestId: ours });
  }

  /**
   * A message of the upstream in the client's terms; undefined for an answer to nothing and for what
   * names a subscription or a progress token that is none.
   */
  toClient(
    message: Message,
    { isResumed = false, isAsking = () => false }: {
      readonly isResumed?: boolean;
      /** Whether a request of the upstream's own has this id. */
      readonly isAsking?: (id: RequestId) => boolean;
    } = {},
  ): Message | undefined {
    switch (message.kind) {
      case "request":
        return message;
      case "notification":
        return this.#notification(message, isAsking);
      case "error": {
        if (message.id === null) return message;
        const id = this.#answered(message.id, isResumed);
        return id === undefined ? undefined : { ...message, id };
      }
      case "result": {
        const id = this.#answered(message.id, isResumed);
        return id === undefined ? undefined : { ...message, id, result: this.#result(message) };
      }
    }
  }

  #answered(ours: RequestId, isResumed: boolean): RequestId | undefined {
    const theirs = this.#theirs.get(ours);
    if (theirs !== undefined || !isResumed) return theirs;
    return this.#sent.get(ours);
  }

  #notification(
    message: NotificationMessage,
    isAsking: (id: RequestId) => boolean,
  ): NotificationMessage | undefined {
    if (message.method === PROGRESS) return this.#progress(message);
    const cancelled = message.method === CANCELLED ? cancelledRequest(message.params) : undefined;
    const theirs = cancelled === undefined || isAsking(cancelled)
      ? undefined
      : this.#theirs.get(cancelled);
    const named = theirs === undefined ? message : withParams(message, { requestId: theirs });
    const ours = subscriptionId(named.params);
    if (ours === undefined) return named;
    const subscription = this.#theirs.get(ours);
    return subscription === undefined
      ? undefined
      : { ...named, params: subscribed(named.params, subscription) };
  }

  #progress(message: NotificationMessage): NotificationMessage | undefined {
    const ours = reportedProgress(message.params);
    const token = ours === undefined
      ? undefined
      : this.#tokens.get(ours) ?? this.#lateTokens.get(ours);
    return token === undefined ? undefined : withParams(message, { progressToken: token });
  }

  /** A result in the client's terms; the closing one of a subscription names it too. */
  #result({ result }: ResultMessage): JsonObject {
    const ours = subscriptionId(result);
    const theirs = ours === undefined ? undefined : this.#theirs.get(ours);
    return theirs === undefined ? result : subscribed(result, theirs);
  }
}

/** Names a subscription as the client does (MCP 2026-07-28, `subscriptions/listen`). */
function subscribed(holder: JsonObject | undefined, id: RequestId): JsonObject {
  return { ...holder, _meta: { ...objectMember(holder, "_meta"), [SUBSCRIPTION_ID_KEY]: id } };
}

const CANCELLED = "notifications/cancelled";
const PROGRESS = "notifications/progress";

function withParams(message: NotificationMessage, some: JsonObject): NotificationMessage {
  return { ...message, params: { ...message.params, ...some } };
}
