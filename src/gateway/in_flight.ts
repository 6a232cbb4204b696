/**
 * The requests that wait for an answer, one table for each direction.
 * @module
 */

import type { Resource } from "../access/request.ts";
import type { RequestId } from "../jsonrpc/message.ts";

/** A request that was forwarded and is not answered yet. */
export interface Pending {
  readonly id: RequestId;
  readonly method: string;
  readonly resource: Resource;
  readonly traceId: string;
  /** A `tools/call` that is no task: a refusal of its answer is a tool result. */
  readonly toolCall: boolean;
  /** Notifications of progress with this token belong to it. */
  readonly progressToken: RequestId | undefined;
  /** A list request that asks for a further page. */
  readonly paged: boolean;
  /** The revision the request itself announces, or the channel's. */
  readonly revision: string | null;
}

/**
 * One direction's table. The maps tell `1` from `"1"`, as JSON-RPC does.
 *
 * A cancelled request leaves the table, so that its late answer is dropped, but its id stays taken
 * until that answer comes or `maxCancelled` younger ones push it out.
 */
export class InFlight {
  readonly #pending = new Map<RequestId, Pending>();
  readonly #tokens = new Map<RequestId, RequestId>();
  readonly #cancelled = new Set<RequestId>();
  readonly #maxCancelled: number;

  constructor({ maxCancelled }: { readonly maxCancelled: number }) {
    this.#maxCancelled = maxCancelled;
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size;
  }

  /** True while an id may not be used again. */
  holds(id: RequestId): boolean {
    return this.#pending.has(id) || this.#cancelled.has(id);
  }

  /** True while a progress token may not be used again. */
  holdsToken(token: RequestId): boolean {
    return this.#tokens.has(token);
  }

  get(id: RequestId): Pending | undefined {
    return this.#pending.get(id);
  }

  /** The request a progress token belongs to. */
  byToken(token: RequestId): Pending | undefined {
    const id = this.#tokens.get(token);
    return id === undefined ? undefined : this.#pending.get(id);
  }

  add(pending: Pending): void {
    this.#pending.set(pending.id, pending);
    if (pending.progressToken !== undefined) this.#tokens.set(pending.progressToken, pending.id);
  }

  /** Takes out the request that an answer belongs to; an answer nobody asked for finds none. */
  answer(id: RequestId): Pending | undefined {
    const pending = this.#remove(id);
    if (pending === undefined) this.#cancelled.delete(id);
    return pending;
  }

  /** Takes out a request that its sender gave up. */
  cancel(id: RequestId): Pending | undefined {
    const pending = this.#remove(id);
    if (pending === undefined) return undefined;
    this.#cancelled.add(id);
    if (this.#cancelled.size > this.#maxCancelled) {
      for (const oldest of this.#cancelled) {
        this.#cancelled.delete(oldest);
        break;
      }
    }
    return pending;
  }

  /** Takes out all. */
  drain(): readonly Pending[] {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    this.#tokens.clear();
    this.#cancelled.clear();
    return all;
  }

  #remove(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    if (pending.progressToken !== undefined) this.#tokens.delete(pending.progressToken);
    return pending;
  }
}
