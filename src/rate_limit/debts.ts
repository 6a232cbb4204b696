/**
 * Draws that could not be made when they were due.
 * @module
 */

import type { BucketRate } from "../access/decision.ts";
import { ok, type Result } from "../base/result.ts";
import type { BucketStore, Shortage } from "./store.ts";

type Taken = Result<void, Shortage>;

interface Debt {
  /** Tokens, at most a full bucket: more could never be paid. */
  owed: number;
  /** A payment under way. */
  paying: Promise<Taken> | undefined;
}

/** Options of {@linkcode Debts}. */
export interface DebtOptions {
  readonly store: BucketStore;
  /** Of every bucket here. */
  readonly rate: BucketRate;
  /** How many buckets may be in debt. */
  readonly max: number;
}

/**
 * Tokens owed to buckets, until they are paid.
 *
 * A refusal has to be booked after it was given, when the store may be short, slow or gone. What
 * cannot be booked is owed, and whoever owes gets no further before it is paid, so that a store that
 * fails makes nobody's guesses free.
 */
export class Debts {
  readonly #store: BucketStore;
  readonly #rate: BucketRate;
  readonly #max: number;
  readonly #debts = new Map<string, Debt>();

  constructor({ store, rate, max }: DebtOptions) {
    this.#store = store;
    this.#rate = rate;
    this.#max = max;
  }

  /** True while no further debt should be made; tries to be rid of the oldest one. */
  get full(): boolean {
    if (this.#debts.size < this.#max) return false;
    for (const key of this.#debts.keys()) {
      this.#tryToPay(key);
      break;
    }
    return this.#debts.size >= this.#max;
  }

  /** Tokens owed to a bucket. */
  owed(key: string): number {
    return this.#debts.get(key)?.owed ?? 0;
  }

  /** Draws one token now if that can be, and else owes it. Never throws. */
  charge(key: string): void {
    const debt = this.#debts.get(key) ?? { owed: 0, paying: undefined };
    debt.owed = Math.min(debt.owed + 1, this.#rate.capacity);
    this.#debts.set(key, debt);
    this.#tryToPay(key);
  }

  /**
   * Pays what is owed to a bucket; short when the bucket is. A payment under way is waited for, not
   * made twice. Throws or rejects as the store does, and then still owes.
   */
  pay(key: string): Taken | Promise<Taken> {
    const debt = this.#debts.get(key);
    if (debt === undefined) return ok(undefined);
    if (debt.paying !== undefined) {
      return debt.paying.then((taken) => taken.ok === true ? this.pay(key) : taken);
    }
    const cost = debt.owed;
    const taken = this.#store.take([{ key, rate: this.#rate, cost }]);
    if (!(taken instanceof Promise)) return this.#book(key, debt, { taken, cost });
    debt.paying = taken.then(
      (settled) => {
        debt.paying = undefined;
        return this.#book(key, debt, { taken: settled, cost });
      },
      (error) => {
        debt.paying = undefined;
        throw error;
      },
    );
    return debt.paying;
  }

  #book(
    key: string,
    debt: Debt,
    { taken, cost }: { readonly taken: Taken; readonly cost: number },
  ): Taken {
    if (taken.ok === true) {
      debt.owed -= cost;
      if (debt.owed <= 0) this.#debts.delete(key);
    }
    return taken;
  }

  #tryToPay(key: string): void {
    // A store that is short, slow or gone leaves the debt as it is: the next attempt has to pay it.
    const later = () => {};
    try {
      const paid = this.pay(key);
      if (paid instanceof Promise) paid.catch(later);
    } catch {
      later();
    }
  }
}
