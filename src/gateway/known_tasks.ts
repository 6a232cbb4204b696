/**
 * The tasks that answers of one upstream created: whose they are, and what the allow of the call was
 * bound to. Their results come by other requests, in the modern revision by other channels.
 *
 * MCP 2025-11-25, Tasks; tasks extension of 2026-07-28.
 * @module
 */

import type { Obligation } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import { forgetOldest } from "./in_flight.ts";

type Owner = Pick<Principal, "id" | "kind">;

/** Whoever made none for the longest time is forgotten first. */
const MAX_OWNERS = 10_000;

/** Tasks by who made them. A task that was forgotten is nobody's: its result may have been bound. */
export class KnownTasks {
  readonly #made = new Map<string, Map<string, readonly Obligation[]>>();

  /** Keeps a task; each principal's oldest is forgotten beyond `max`. */
  note(
    task: string,
    { owner, obligations, max }: {
      readonly owner: Owner;
      readonly obligations: readonly Obligation[];
      readonly max: number;
    },
  ): void {
    const key = keyOf(owner);
    const own = this.#made.get(key) ?? new Map<string, readonly Obligation[]>();
    this.#made.delete(key);
    this.#made.set(key, own);
    forgetOldest(this.#made, MAX_OWNERS);
    own.delete(task);
    own.set(task, obligations);
    forgetOldest(own, max);
  }

  /** What a principal's task is bound to; undefined when the principal has made no such task. */
  boundBy(owner: Owner, task: string): readonly Obligation[] | undefined {
    return this.#made.get(keyOf(owner))?.get(task);
  }
}

function keyOf({ kind, id }: Owner): string {
  return `${kind} ${id}`;
}
