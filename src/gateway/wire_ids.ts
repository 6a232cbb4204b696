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
import { cancelledRequest, SUBSCRIPTION_ID_KEY, subscriptionId } from "../mcp/correlation.ts";

/** One channel's requests in flight: the client's id of each, and ours. */
export class WireIds {
  readonly #next: () => number;
  readonly #ours = new Map<RequestId, number>();
  readonly #theirs = new Map<RequestId, RequestId>();

  /** @param next gives a number that no request to the same upstream has had. */
  constructor(next: () => number) {
    this.#next = next;
  }

  /** The request as the upstream shall see it. Nothing is kept until {@linkcode keep}. */
  renumbered(request: RequestMessage): RequestMessage & { readonly id: number } {
    return { ...request, id: this.#next() };
  }

  /** Keeps which request of the client one of ours stands for. */
  keep(theirs: RequestId, ours: number): void {
    this.#ours.set(theirs, ours);
    this.#theirs.set(ours, theirs);
  }

  /** Forgets a request by the client's id: an answer to it finds nothing any more. Gives our id of it. */
  forget(theirs: RequestId): number | undefined {
    const ours = this.#ours.get(theirs);
    if (ours === undefined) return undefined;
    this.#ours.delete(theirs);
    this.#theirs.delete(ours);
    return ours;
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
   * names a subscription that is none.
   */
  toClient(message: Message): Message | undefined {
    switch (message.kind) {
      case "request":
        return message;
      case "notification":
        return this.#notification(message);
      case "error": {
        if (message.id === null) return message;
        const id = this.#theirs.get(message.id);
        return id === undefined ? undefined : { ...message, id };
      }
      case "result": {
        const id = this.#theirs.get(message.id);
        return id === undefined ? undefined : { ...message, id, result: this.#result(message) };
      }
    }
  }

  #notification(message: NotificationMessage): NotificationMessage | undefined {
    const cancelled = message.method === CANCELLED ? cancelledRequest(message.params) : undefined;
    const theirs = cancelled === undefined ? undefined : this.#theirs.get(cancelled);
    const named = theirs === undefined ? message : withParams(message, { requestId: theirs });
    const ours = subscriptionId(named.params);
    if (ours === undefined) return named;
    const subscription = this.#theirs.get(ours);
    return subscription === undefined
      ? undefined
      : { ...named, params: subscribed(named.params, subscription) };
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

function withParams(message: NotificationMessage, some: JsonObject): NotificationMessage {
  return { ...message, params: { ...message.params, ...some } };
}
