/**
 * Draws that could not be made when they were due.
 * @module
 */

import type { BucketRate } from "../access/decision.ts";
import { ok, type Result } from "../base/result.ts";
import type { BucketStore, Shortage } from "./store.ts";

type Taken = Result<void, Shortage>;

interface Debt {
  /** Tokens, those of a payment under way included. */
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

  /** False while no further debt should be made; then tries to be rid of the oldest one. */
  hasRoom(): boolean {
    if (this.#debts.size < this.#max) return true;
    for (const oldest of this.#debts.keys()) {
      this.#tryToPay(oldest);
      break;
    }
    return this.#debts.size < this.#max;
  }

  /** True while anything is owed to a bucket. */
  has(key: string): boolean {
    return this.#debts.has(key);
  }

  /** Draws one token now if that can be, and else owes it. Never throws. */
  charge(key: string): void {
    const debt = this.#debts.get(key) ?? { owed: 0, paying: undefined };
    debt.owed++;
    this.#debts.set(key, debt);
    this.#tryToPay(key);
  }

  /**
   * Pays what is owed to a bucket, a full bucket at a time; short when the bucket is. A payment under
   * way is waited for, not made twice. Throws or rejects as the store does, and then still owes.
   */
  pay(key: string): Taken | Promise<Taken> {
    const debt = this.#debts.get(key);
    if (debt === undefined) return ok(undefined);
    if (debt.paying !== undefined) {
      return debt.paying.then((taken) => taken.ok === true ? this.pay(key) : taken);
    }
    const cost = Math.min(debt.owed, this.#rate.capacity);
    const taken = this.#store.take([{ key, rate: this.#rate, cost }]);
    if (!(taken instanceof Promise)) return this.#book(key, { debt, cost, taken });
    debt.paying = taken.then(
      (settled) => {
        debt.paying = undefined;
        return this.#book(key, { debt, cost, taken: settled });
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
    { debt, cost, taken }: { readonly debt: Debt; readonly cost: number; readonly taken: Taken },
  ): Taken | Promise<Taken> {
    if (taken.ok !== true) return taken;
    debt.owed -= cost;
    if (debt.owed > 0) return this.pay(key);
    this.#debts.delete(key);
    return ok(undefined);
  }

  #tryToPay(key: string): void {
    try {
      const paid = this.pay(key);
      if (paid instanceof Promise) paid.catch(stillOwed);
    } catch {
      stillOwed();
    }
  }
}

/** A store that is slow or gone leaves the debt as it is: the next attempt has to pay it. */
function stillOwed(): void {}
