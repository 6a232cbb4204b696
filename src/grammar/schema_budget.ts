/**
 * What one validation may cost. A schema can ask for more work than its value is worth: branches
 * that recurse in every branch take time exponential in the depth.
 * @module
 */

import { isObject, isRawNumber, type JsonValue } from "../base/json.ts";
import type { LinearRegex } from "./linear_regex.ts";
import type { SchemaViolation } from "./schema_violation.ts";

const STEPS = 20_000; // looks at a value, for any call
const STEPS_PER_VALUE = 100; // a union of many variants tries them all on one item
const MATCHING = 10_000_000; // characters × RE2 instructions, for any call
const MATCHING_PER_CHARACTER = 300;

/** Thrown out of a validator whose budget is spent; `withinBudget()` catches it. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

/** The budget of the validation that runs; validations of one schema do not overlap. */
export class SchemaBudget {
  #steps = 0;
  #matching = 0;

  /** Begins a validation of `value`. */
  begin(value: JsonValue): void {
    const { values, characters } = sizeOf(value);
    this.#steps = STEPS + STEPS_PER_VALUE * values;
    this.#matching = MATCHING + MATCHING_PER_CHARACTER * characters;
  }

  /** Pays for a look at `value` with `steps`, and for going through its members. */
  look(value: unknown, steps: number): void {
    this.pay(steps + (typeof value === "object" && value !== null ? Object.keys(value).length : 0));
  }

  /** Pays `steps`. */
  pay(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new BudgetSpent();
  }

  /** An expression whose every test is paid for. */
  charge(regex: LinearRegex): Pick<LinearRegex, "test" | "toString"> {
    return {
      test: (text) => {
        this.#matching -= (text.length + 1) * regex.size;
        if (this.#matching < 0) throw new BudgetSpent();
        return regex.test(text);
      },
      toString: () => regex.toString(),
    };
  }
}

/** Runs a validation of `value`; what costs too much does not fit. */
export function withinBudget(
  run: () => SchemaViolation | undefined,
  { budget, value }: { readonly budget: SchemaBudget; readonly value: JsonValue },
): SchemaViolation | undefined {
  try {
    budget.begin(value);
    return run();
  } catch (error) {
    // a stack that is too deep has cost too much as well
    if (error instanceof BudgetSpent || error instanceof RangeError) return TOO_COSTLY;
    throw error;
  }
}

const TOO_COSTLY: SchemaViolation = {
  pointer: "",
  detail: "cannot be checked against the tool's schema within the limits",
};

function sizeOf(value: JsonValue): { readonly values: number; readonly characters: number } {
  let values = 0;
  let characters = 0;
  const open: JsonValue[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    values++;
    if (typeof next === "string") characters += next.length;
    else if (Array.isArray(next)) { for (const item of next) open.push(item); }
    else if (isObject(next)) {
      for (const [name, held] of Object.entries(next)) {
        characters += name.length;
        open.push(held);
      }
    } else if (isRawNumber(next)) characters += next.rawJSON.length;
  }
  return { values, characters };
}
