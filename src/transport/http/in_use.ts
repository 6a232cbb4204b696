/**
 * How much is asked of a server at once: requests of all, and streams of each principal.
 * @module
 */

import type { Principal } from "../../access/principal.ts";

/** The limits. */
export interface InUseLimits {
  readonly maxConcurrentRequests: number;
  readonly maxStreamsPerPrincipal: number;
}

/** Counts what is in use. Whatever is taken is given back by the function that comes with it. */
export class InUse {
  readonly #limits: InUseLimits;
  readonly #streams = new Map<string, number>();
  #requests = 0;

  constructor(limits: InUseLimits) {
    this.#limits = limits;
  }

  /** Requests under way. */
  get requests(): number {
    return this.#requests;
  }

  /** Takes a request; undefined when there are as many as there may be. */
  request(): (() => void) | undefined {
    if (this.#requests >= this.#limits.maxConcurrentRequests) return undefined;
    this.#requests++;
    return once(() => this.#requests--);
  }

  /** Takes a stream of a principal; undefined when it has as many as it may have. */
  stream({ kind, id }: Pick<Principal, "kind" | "id">): (() => void) | undefined {
    const key = `${kind} ${id}`;
    const streams = this.#streams.get(key) ?? 0;
    if (streams >= this.#limits.maxStreamsPerPrincipal) return undefined;
    this.#streams.set(key, streams + 1);
    return once(() => {
      const left = (this.#streams.get(key) ?? 1) - 1;
      if (left > 0) this.#streams.set(key, left);
      else this.#streams.delete(key);
    });
  }
}

function once(release: () => void): () => void {
  let isTaken = true;
  return () => {
    if (!isTaken) return;
    isTaken = false;
    release();
  };
}
