/**
 * The requests that wait for an answer, one table for each direction.
 * @module
 */

import type { Obligation } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { Resource } from "../access/request.ts";
import type { DenyReason } from "../access/verdict.ts";
import type { Limits } from "../base/limits.ts";
import type { RequestId } from "../jsonrpc/message.ts";

/** A request that was forwarded and is not answered yet. */
export interface Pending {
  readonly id: RequestId;
  /** Who asked. */
  readonly principal: Principal;
  readonly method: string;
  readonly resource: Resource;
  readonly traceId: string;
  /** Notifications of progress with this token belong to it. */
  readonly progressToken: RequestId | undefined;
  /** A list request that asks for a further page. */
  readonly paged: boolean;
  /** The revision the request itself announces, or the channel's. */
  readonly revision: string | null;
  /** What the allow of the request was bound to. */
  readonly obligations: readonly Obligation[];
}

/** A request that is judged for longer than a moment. */
export interface Held {
  readonly id: RequestId;
  readonly progressToken: RequestId | undefined;
  /** True once its sender gave it up, or whoever was to answer is gone: it must not be forwarded. */
  withdrawn: boolean;
}

/**
 * One direction's table. The maps tell `1` from `"1"`, as JSON-RPC does.
 *
 * A cancelled request leaves the table, so that its late answer is dropped, but its id stays taken
 * until that answer comes or `maxKept` younger ones push it out.
 */
export class InFlight {
  readonly #held = new Map<RequestId, Held>();
  readonly #pending = new Map<RequestId, Pending>();
  readonly #tokens = new Map<RequestId, RequestId>();
  readonly #taskTokens = new Set<RequestId>();
  readonly #cancelled = new Set<RequestId>();
  readonly #sent = new Map<RequestId, Pending>();
  readonly #maxKept: number;

  /** @param options `maxKept`: cancelled ids and tokens of tasks that are remembered, each. */
  constructor({ maxKept }: { readonly maxKept: number }) {
    this.#maxKept = maxKept;
  }

  /** How many wait, for an answer or for their verdict. */
  get size(): number {
    return this.#pending.size + this.#held.size;
  }

  /** True while an id may not be used again. */
  holds(id: RequestId): boolean {
    return this.#pending.has(id) || this.#held.has(id) || this.#cancelled.has(id);
  }

  /** True while a progress token may not be used again. */
  holdsToken(token: RequestId): boolean {
    return this.#tokens.has(token);
  }

  get(id: RequestId): Pending | undefined {
    return this.#pending.get(id);
  }

  /** True while progress may be reported under a token. */
  hasProgress(token: RequestId): boolean {
    const id = this.#tokens.get(token);
    return (id !== undefined && this.#pending.has(id)) || this.#taskTokens.has(token);
  }

  /** The request that asked for progress under a token. */
  ofToken(token: RequestId): RequestId | undefined {
    return this.#tokens.get(token);
  }

  /** Keeps an id and a token while their request is judged; it counts, but nothing can answer it. */
  hold(id: RequestId, progressToken: RequestId | undefined): Held {
    const held = { id, progressToken, withdrawn: false };
    this.#held.set(id, held);
    if (progressToken !== undefined) this.#tokens.set(progressToken, id);
    return held;
  }

  /** Ends {@linkcode hold}. */
  release({ id, progressToken }: Held): void {
    this.#held.delete(id);
    if (!this.#pending.has(id)) this.#forget(progressToken, id);
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

  /** Keeps a request whose answer was sent on a stream that can be resumed; the last few of them. */
  sent(pending: Pending): void {
    this.#sent.set(pending.id, pending);
    forgetOldest(this.#sent, MAX_SENT);
  }

  /** The request whose answer comes once more. Its id may be another's by now: then it is nobody's. */
  again(id: RequestId): Pending | undefined {
    return this.holds(id) ? undefined : this.#sent.get(id);
  }

  /** Notes that a request was answered with a task, whose progress goes on under its token (MCP 2025-11-25, Tasks). */
  becameTask({ progressToken }: Pending): void {
    if (progressToken !== undefined) addBounded(this.#taskTokens, progressToken, this.#maxKept);
  }

  /** Takes out a request that its sender gave up. */
  cancel(id: RequestId): Pending | undefined {
    const pending = this.#remove(id);
    if (pending !== undefined) addBounded(this.#cancelled, id, this.#maxKept);
    return pending;
  }

  /** Puts back what was cancelled. */
  restore(pending: Pending): void {
    this.#cancelled.delete(pending.id);
    this.add(pending);
  }

  /** Withdraws a request that is still judged. */
  withdraw(id: RequestId): void {
    const held = this.#held.get(id);
    if (held !== undefined) held.withdrawn = true;
  }

  /** Takes out all. */
  drain(): readonly Pending[] {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    this.#tokens.clear();
    this.#taskTokens.clear();
    this.#cancelled.clear();
    this.#sent.clear();
    for (const held of this.#held.values()) held.withdrawn = true;
    return all;
  }

  #remove(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    this.#forget(pending.progressToken, id);
    return pending;
  }

  /** A token that two requests want belongs to the later one, which the end of the first leaves alone. */
  #forget(token: RequestId | undefined, id: RequestId): void {
    if (token !== undefined && this.#tokens.get(token) === id) this.#tokens.delete(token);
  }
}

/** Answers that a client can have missed at once: one for each of its streams, commonly. */
export const MAX_SENT = 64;

/** Longer names are cut in what is kept while a request is in flight: the entry of the request has all of it. */
const MAX_KEPT_NAME = 4096;
/** A revision is a date. */
const MAX_KEPT_REVISION = 64;

/** A resource as it is kept, so that no request in flight holds more than some KiB. */
export function kept(resource: Resource): Resource {
  const { name } = resource;
  return name.length <= MAX_KEPT_NAME ? resource : { ...resource, name: copied(name) };
}

/** A revision as it is kept; a text too long for one is none. */
export function keptRevision(revision: string | null): string | null {
  return revision !== null && revision.length > MAX_KEPT_REVISION ? null : revision;
}

/** The fault of a progress token that is too long to be kept. */
export function oversizedToken(
  token: RequestId | undefined,
  { maxIdBytes }: Pick<Limits, "maxIdBytes">,
): DenyReason | undefined {
  if (typeof token !== "string" || token.length * 3 <= maxIdBytes) return undefined;
  return encoder.encode(token).length <= maxIdBytes ? undefined : {
    code: "too_large",
    limit: "maxIdBytes",
    max: maxIdBytes,
    pointer: "/_meta/progressToken",
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The beginning of a text, in memory of its own: a slice would keep the whole of it. */
function copied(text: string): string {
  return decoder.decode(encoder.encode(text.slice(0, MAX_KEPT_NAME)));
}

/** Takes the oldest out of a map that holds more than `max`. */
export function forgetOldest(map: Map<RequestId, unknown>, max: number): void {
  if (map.size <= max) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

/** Adds to a set that holds at most `max`, forgetting the oldest. */
export function addBounded<T>(set: Set<T>, value: T, max: number): void {
  set.add(value);
  if (set.size <= max) return;
  for (const oldest of set) {
    set.delete(oldest);
    return;
  }
}
