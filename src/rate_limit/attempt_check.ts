/**
 * The check that asks, before the policy: has this principal been guessing too much?
 * @module
 */

import type { BucketRate } from "../access/decision.ts";
import type { AccessRequest } from "../access/request.ts";
import type { Check, Finding, Verdict } from "../access/verdict.ts";
import { AegisError } from "../base/error.ts";
import type { Result } from "../base/result.ts";
import { requireRate } from "./bucket.ts";
import { bucketKey } from "./bucket_key.ts";
import { Debts } from "./debts.ts";
import type { BucketStore, Shortage } from "./store.ts";

/** Options of {@linkcode attemptCheck}. */
export interface AttemptOptions {
  /** Keeps the buckets. */
  readonly store: BucketStore;
  /** Default: 600 a minute. */
  readonly rate?: BucketRate;
  /**
   * `all`: every attempt draws a token before it is judged. `refused`, the default: an attempt only
   * needs one token to be there, and one that is refused draws it.
   */
  readonly counts?: "all" | "refused";
}

/** The attempt limit of a policy that sets none. */
export const DEFAULT_ATTEMPT_RATE: BucketRate = { capacity: 600, perMs: 60_000 };

/** Principals that may owe draws at once; as many as there can be requests in flight (base/limits.ts). */
const MAX_DEBTS = 10_000;

const NAME = "attempts";
const PASS: Finding = { effect: "pass" };

/**
 * Makes the check that bounds how often a principal may try. It belongs before the policy.
 *
 * Without it refused calls are free, and a principal may try names and arguments until one passes.
 * By default only refusals count: an honest agent calls as often as its rate limit says, and one
 * that is refused 600 times a minute is guessing. Upkeep and lists are no attempts; whatever needs
 * a grant is, and so is every unknown method.
 *
 * What this check itself refuses draws nothing, so that a principal that waits gets on again. A
 * refusal that cannot be drawn (the store is short, slow or gone) is owed, and the principal's next
 * attempt is refused until it is paid.
 *
 * @example
 * ```ts
 * import { attemptCheck, memoryStore } from "@aegis/cli";
 *
 * await using store = memoryStore();
 * const check = attemptCheck({ store, rate: { capacity: 600, perMs: 60_000 }, counts: "all" });
 * ```
 *
 * @throws {RangeError} when `rate` is no rate of whole numbers.
 */
export function attemptCheck(options: AttemptOptions): Check {
  const { store, rate = DEFAULT_ATTEMPT_RATE, counts = "refused" } = options;
  requireRate(rate);
  return counts === "all" ? new CountAll(store, rate) : new CountRefused(store, rate);
}

class CountAll implements Check {
  readonly name = NAME;
  readonly #store: BucketStore;
  readonly #rate: BucketRate;

  constructor(store: BucketStore, rate: BucketRate) {
    this.#store = store;
    this.#rate = rate;
  }

  examine(request: AccessRequest): Finding | Promise<Finding> {
    if (!isAttempt(request)) return PASS;
    const key = bucketKey("attempts", request.principal);
    return after(this.#store.take([{ key, rate: this.#rate, cost: 1 }]), finding);
  }
}

class CountRefused implements Check {
  readonly name = NAME;
  readonly #store: BucketStore;
  readonly #rate: BucketRate;
  readonly #debts: Debts;
  /** Requests that this check refused. */
  readonly #refused = new WeakSet<AccessRequest>();

  constructor(store: BucketStore, rate: BucketRate) {
    this.#store = store;
    this.#rate = rate;
    this.#debts = new Debts({ store, rate, max: MAX_DEBTS });
  }

  examine(request: AccessRequest): Finding | Promise<Finding> {
    if (!isAttempt(request)) return PASS;
    const key = bucketKey("attempts", request.principal);
    if (!this.#debts.has(key) && !this.#debts.hasRoom()) {
      throw new AegisError(
        "debts-full",
        `Cannot judge an attempt: ${MAX_DEBTS} principals owe tokens that cannot be drawn`,
      );
    }
    const note = (taken: Result<void, Shortage>): Finding => {
      const found = finding(taken);
      if (found.effect === "deny") this.#refused.add(request);
      return found;
    };
    return after(this.#ask(key), note);
  }

  settle(request: AccessRequest, verdict: Verdict): void {
    if (verdict.effect === "allow" || !isAttempt(request) || this.#refused.has(request)) return;
    const { reason } = verdict;
    // Judged late or in error: it was this check that refused, though it could not say so.
    if (reason.code === "check_failed" && reason.check === NAME) return;
    this.#debts.charge(bucketKey("attempts", request.principal));
  }

  /** Pays what is owed, then asks for one token to be there. */
  #ask(key: string): Result<void, Shortage> | Promise<Result<void, Shortage>> {
    return after(
      this.#debts.pay(key),
      (paid) => paid.ok === true ? this.#store.take([{ key, rate: this.#rate, cost: 0 }]) : paid,
    );
  }
}

/** A client's request, or unknown notification, that needs a grant. */
function isAttempt(request: AccessRequest): boolean {
  return request.context.direction === "client-to-upstream" && request.arguments !== undefined &&
    (!request.known || request.action !== "control");
}

function finding(taken: Result<void, Shortage>): Finding {
  if (taken.ok === true) return PASS;
  const { retryAfterMs } = taken.error;
  return { effect: "deny", reason: { code: "rate_limited", bucket: NAME, retryAfterMs } };
}

/** Goes on at once when the answer is there. */
function after<T, U>(answer: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}
