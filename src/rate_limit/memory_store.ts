/**
 * Token buckets in the memory of this process.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/clock.ts";
import { AegisError } from "../base/error.ts";
import { err, ok, type Result } from "../base/result.ts";
import { type BucketState, fullAtMs, requireRate, take } from "./bucket.ts";
import type { BucketStore, Draw, Shortage } from "./store.ts";

/** Options of {@linkcode memoryStore}. */
export interface MemoryStoreOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** How many buckets that are not full are kept at most. Default 100,000, about 30 MB. */
  readonly maxBuckets?: number;
}

/**
 * Keeps buckets in memory, bounded.
 *
 * A full bucket is forgotten, for it is as good as one that was never drawn from; no other ever is,
 * so that filling the store resets nobody. When it holds `maxBuckets`, a draw from one more is short
 * until one of them is full again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { memoryStore } from "@aegis/cli";
 *
 * await using store = memoryStore();
 * const draw = { key: "dev", rate: { capacity: 1, perMs: 60_000 }, cost: 1 };
 * assert.equal((await store.take([draw])).ok, true);
 * assert.equal((await store.take([draw])).ok, false);
 * ```
 *
 * @throws {RangeError} when `maxBuckets` is no whole number >= 1.
 */
export function memoryStore(options: MemoryStoreOptions = {}): BucketStore {
  return new MemoryStore(options);
}

/** How exactly the moment a bucket is full again is noted. */
const NO_KEYS: readonly string[] = [];
const TAKEN = ok(undefined);
const SLOT_MS = 1000;

class MemoryStore implements BucketStore {
  readonly #clock: Clock;
  readonly #maxBuckets: number;
  readonly #buckets = new Map<string, BucketState>();
  /**
   * Keys by the slot in which they were to be full when they were noted. Each kept bucket stands in
   * exactly one slot; one that was drawn from since is noted again when its slot is due, so a draw
   * pays for at most one such move.
   */
  readonly #slots = new Map<number, string[]>();
  /** No slot is due before; slots only ever move later. */
  #nextSlot = Infinity;
  /** The latest time seen: for what was forgotten, too, time that goes back stands still. */
  #latestMs = -Infinity;
  #closed = false;

  constructor({ clock = systemClock, maxBuckets = 100_000 }: MemoryStoreOptions) {
    if (!Number.isSafeInteger(maxBuckets) || maxBuckets < 1) {
      throw new RangeError(
        `Cannot set "maxBuckets" as it must be a whole number >= 1: current value is ${maxBuckets}`,
      );
    }
    this.#clock = clock;
    this.#maxBuckets = maxBuckets;
  }

  take(draws: readonly Draw[]): Result<void, Shortage> {
    if (this.#closed) {
      throw new AegisError("store-closed", "Cannot draw from a bucket: the store is closed");
    }
    if (draws.length === 0 || this.#onlyAsksFull(draws)) return TAKEN;
    const clockMs = this.#clock.monotonicMs();
    const nowMs = Math.max(clockMs, this.#latestMs);
    const taken = this.#takeAt(draws, nowMs);
    this.#latestMs = nowMs;
    if (taken.ok) return taken;
    const { key, retryAfterMs } = taken.error;
    return err({ key, retryAfterMs: retryAfterMs + Math.ceil(nowMs - clockMs) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#buckets.clear();
    this.#slots.clear();
    return Promise.resolve();
  }

  /** One question whether a bucket holds a token that was never drawn from, or is full again and forgotten. */
  #onlyAsksFull(draws: readonly Draw[]): boolean {
    const [draw] = draws;
    if (draw === undefined || draws.length > 1 || draw.cost !== 0) return false;
    requireRate(draw.rate);
    return !this.#buckets.has(draw.key);
  }

  #takeAt(draws: readonly Draw[], nowMs: number): Result<void, Shortage> {
    let drawn: Map<string, BucketState> | undefined;
    for (const { key, rate, cost } of draws) {
      const taken = take(drawn?.get(key) ?? this.#buckets.get(key), { rate, cost, nowMs });
      if (!taken.ok) return err({ key, retryAfterMs: taken.error.retryAfterMs });
      if (cost > 0) (drawn ??= new Map()).set(key, taken.value);
    }
    return drawn === undefined ? TAKEN : this.#keep(drawn, nowMs);
  }

  /** Keeps all the states, or none when there is no room for a new one. */
  #keep(drawn: ReadonlyMap<string, BucketState>, nowMs: number): Result<void, Shortage> {
    let added: readonly string[] = NO_KEYS;
    for (const key of drawn.keys()) if (!this.#buckets.has(key)) added = [...added, key];
    if (this.#buckets.size + added.length > this.#maxBuckets) this.#forgetFull(nowMs);
    const [first] = added;
    if (first !== undefined && this.#buckets.size + added.length > this.#maxBuckets) {
      const dueMs = this.#nextSlot * SLOT_MS;
      return err({ key: first, retryAfterMs: Math.max(1, Math.ceil(dueMs - nowMs)) });
    }
    for (const [key, state] of drawn) {
      if (!this.#buckets.has(key)) this.#note(key, state);
      this.#buckets.set(key, state);
    }
    return TAKEN;
  }

  #note(key: string, state: BucketState): void {
    const slot = Math.ceil(fullAtMs(state) / SLOT_MS);
    const keys = this.#slots.get(slot);
    if (keys === undefined) this.#slots.set(slot, [key]);
    else keys.push(key);
    this.#nextSlot = Math.min(this.#nextSlot, slot);
  }

  /** Forgets what is full, looking only at slots that are due; passes over all slots once a second at most. */
  #forgetFull(nowMs: number): void {
    if (this.#nextSlot * SLOT_MS > nowMs) return;
    const due = [...this.#slots.keys()].filter((slot) => slot * SLOT_MS <= nowMs);
    for (const slot of due) {
      const keys = this.#slots.get(slot) ?? [];
      this.#slots.delete(slot);
      for (const key of keys) {
        const state = this.#buckets.get(key);
        if (state === undefined) continue;
        // INVARIANT: Only full buckets are forgotten.
        if (fullAtMs(state) <= nowMs) this.#buckets.delete(key);
        else this.#note(key, state);
      }
    }
    this.#nextSlot = Infinity;
    for (const slot of this.#slots.keys()) this.#nextSlot = Math.min(this.#nextSlot, slot);
  }
}
