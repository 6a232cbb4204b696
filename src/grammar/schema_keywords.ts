/**
 * Keywords that are judged by our own code, within the budget of the validation.
 * @module
 */

import { canonicalJson } from "../base/canonical_json.ts";
import type { JsonValue } from "../base/json.ts";
import { nameSkeletons } from "./name_skeleton.ts";
import type { SchemaBudget } from "./schema_budget.ts";

/** A property that is declared nowhere, and the declared one that it looks like. */
export interface Twin {
  readonly twin: string;
  readonly name: string;
}

/** Finds a property that looks like one of `declared` and is none of `names`. */
export function twinFinder(
  declared: readonly string[],
  { names, budget }: { readonly names: ReadonlySet<string>; readonly budget: SchemaBudget },
): (value: object) => Twin | undefined {
  const bySkeleton = new Map(
    declared.flatMap((name) => nameSkeletons(name).map((skeleton) => [skeleton, name])),
  );
  return (value) => {
    for (const twin of Object.keys(value)) {
      if (names.has(twin)) continue;
      budget.pay(1 + twin.length / 8);
      const skeleton = nameSkeletons(twin).find((one) => bySkeleton.has(one));
      if (skeleton !== undefined) return { twin, name: bySkeleton.get(skeleton) ?? "" };
    }
    return undefined;
  };
}

/** Tells whether a value is one of those listed; comparing them one by one takes time in each. */
export function membership(
  values: readonly JsonValue[],
  budget: SchemaBudget,
): (value: JsonValue) => boolean {
  const texts = new Set(values.map(canonicalJson));
  return (value) => texts.has(paidText(value, budget));
}

/** Tells whether no two items are equal. */
export function areUnique(items: readonly JsonValue[], budget: SchemaBudget): boolean {
  return new Set(items.map((item) => paidText(item, budget))).size === items.length;
}

function paidText(value: JsonValue, budget: SchemaBudget): string {
  const text = canonicalJson(value);
  budget.pay(text.length / 8);
  return text;
}
