/**
 * The arithmetic of one token bucket, in whole numbers, so that nothing is gained by rounding.
 *
 * A bucket counts credit in token-milliseconds: a token is `perMs` of credit, and every millisecond
 * brings `capacity` of it. Both are whole, so credit is, and all of it stays below 2^53.
 * @module
 */

import type { BucketRate } from "../access/decision.ts";
import { err, ok, type Result } from "../base/result.ts";

/** A bucket at a moment. A bucket that was never drawn from is full and needs no state. */
export interface BucketState {
  readonly rate: BucketRate;
  /** Token-milliseconds, from 0 to `capacity * perMs`. */
  readonly credit: number;
  /** Whole monotonic milliseconds at which `credit` was counted. */
  readonly atMs: number;
}

/** What is wanted of a bucket. */
export interface Wanted {
  readonly rate: BucketRate;
  /** Whole tokens; 0 draws nothing and asks only whether one token is there. */
  readonly cost: number;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
}

/** When to come back. */
export interface Wait {
  /**
   * Whole milliseconds after which the draw succeeds if nothing else draws; `Infinity` when the
   * bucket never holds as much. `Infinity` is no JSON: whoever writes it out leaves it away.
   */
  readonly retryAfterMs: number;
}

/**
 * Draws tokens, all or none.
 *
 * Time that goes back counts as time that stands still: it neither adds nor removes tokens, and the
 * bucket fills again once the clock is past where it was.
 *
 * @throws {RangeError} for a rate or a cost that is no whole number or out of range, and for a time
 * that is none.
 */
export function take(
  state: BucketState | undefined,
  { rate, cost, nowMs }: Wanted,
): Result<BucketState, Wait> {
  requireRate(rate);
  if (!Number.isSafeInteger(cost) || cost < 0) {
    throw new RangeError(
      `Cannot draw from a bucket as the cost must be a whole number >= 0: current value is ${cost}`,
    );
  }
  const { capacity, perMs } = rate;
  const needed = Math.max(cost, 1);
  if (needed > capacity) return err({ retryAfterMs: Infinity });
  const { credit, atMs } = filled(state, { rate, nowMs });
  const missing = needed * perMs - credit;
  if (missing > 0) {
    return err({ retryAfterMs: atMs - Math.floor(nowMs) + Math.ceil(missing / capacity) });
  }
  return ok({ rate, credit: credit - cost * perMs, atMs });
}

/** The moment from which on a bucket that nobody draws from is full, in whole monotonic milliseconds. */
export function fullAtMs({ rate: { capacity, perMs }, credit, atMs }: BucketState): number {
  return atMs + Math.ceil((capacity * perMs - credit) / capacity);
}

/**
 * The rate of a bucket that holds `capacity` tokens and gets `refillPerSecond` of them back. The
 * time to fill is rounded up to whole milliseconds.
 *
 * @throws {RangeError} when the result is no rate.
 */
export function rateOf(
  { capacity, refillPerSecond }: { readonly capacity: number; readonly refillPerSecond: number },
): BucketRate {
  const fillMs = capacity / refillPerSecond * 1000;
  // What a double is off, 49 / (49 / 60) for one, is no millisecond more.
  const rate = { capacity, perMs: Math.ceil(fillMs * (1 - 8 * Number.EPSILON)) };
  requireRate(rate);
  return rate;
}

/**
 * Insists on a rate that can be counted exactly.
 *
 * @throws {RangeError} when capacity or time is no whole number >= 1, or their product passes 2^53 − 1.
 */
export function requireRate({ capacity, perMs }: BucketRate): void {
  if (
    Number.isSafeInteger(capacity) && Number.isSafeInteger(perMs) &&
    capacity >= 1 && perMs >= 1 && capacity * perMs <= Number.MAX_SAFE_INTEGER
  ) return;
  throw new RangeError(
    "Cannot use a rate as capacity and milliseconds must be whole numbers >= 1 with a product " +
      `below 2^53: current values are ${capacity} and ${perMs}`,
  );
}

/**
 * The bucket after the time since it was last counted.
 *
 * Only whole milliseconds bring credit, and a bucket that is full gets none for the rest of the
 * millisecond, so that no window of any length sees more than `capacity` and what flows in it.
 */
function filled(
  state: BucketState | undefined,
  { rate, nowMs }: Pick<Wanted, "rate" | "nowMs">,
): BucketState {
  const { capacity, perMs } = rate;
  const fromMs = Math.floor(nowMs);
  const fullFromMs = Math.ceil(nowMs);
  if (!Number.isSafeInteger(fromMs) || !Number.isSafeInteger(fullFromMs)) {
    throw new RangeError(
      `Cannot count tokens as the time must be finite: current value is ${nowMs}`,
    );
  }
  const full = capacity * perMs;
  if (state === undefined) return { rate, credit: full, atMs: fullFromMs };
  const credit = creditAt(state, rate);
  if (fromMs <= state.atMs) return { rate, credit, atMs: state.atMs };
  // A product that is too large to be exact is far more than the bucket holds.
  const gained = (fromMs - state.atMs) * capacity;
  return credit + gained >= full
    ? { rate, credit: full, atMs: fullFromMs }
    : { rate, credit: credit + gained, atMs: fromMs };
}

/** The credit in terms of the rate in force: when the rate has changed, whole tokens are kept, at most a full bucket. */
function creditAt(state: BucketState, { capacity, perMs }: BucketRate): number {
  const { rate, credit } = state;
  if (rate.perMs === perMs && rate.capacity === capacity) return credit;
  return Math.min(capacity, Math.floor(credit / rate.perMs)) * perMs;
}
