/**
 * Rules that another rule of the same entry makes superfluous.
 * @module
 */

import type { Rule, Target } from "./document.ts";
import { isEverything } from "./pattern.ts";
import { includes } from "./target.ts";

/**
 * Pairs of a rule that changes nothing and the rule that decides the same for all of it.
 *
 * `isSpent` is asked before each comparison; once it says yes, no more are found.
 */
export function* redundantRules(
  rules: readonly Rule[],
  isSpent: () => boolean,
): Iterable<readonly [rule: Rule, other: Rule]> {
  const wide = rules.filter(({ target }) => target !== undefined && isWide(target));
  const same = Map.groupBy(rules, keyOf);
  for (const rule of rules) {
    const other = covering(rule, { candidates: same.get(keyOf(rule)) ?? [], isSpent }) ??
      covering(rule, { candidates: wide, isSpent });
    if (other !== undefined) yield [rule, other];
  }
}

function covering(
  rule: Rule,
  { candidates, isSpent }: {
    readonly candidates: readonly Rule[];
    readonly isSpent: () => boolean;
  },
): Rule | undefined {
  for (const other of candidates) {
    if (isSpent()) return undefined;
    if (other !== rule && makesIdle(other, rule)) return other;
  }
  return undefined;
}

function keyOf({ list, target }: Rule): string {
  return `${list} ${target?.whole.text ?? ""}`;
}

function isWide({ whole }: Target): boolean {
  return whole.pieces.length > 1;
}

/** True for an allow that does nothing beyond allowing. */
export function isPlainAllow({ effect, rate, methods, obligations }: Rule): boolean {
  return effect === "allow" && rate === undefined && methods.size === 0 && obligations.length === 0;
}

function isBefore(a: Rule, b: Rule): boolean {
  return a.ref.line < b.ref.line || (a.ref.line === b.ref.line && a.ref.column < b.ref.column);
}

/** True when `rule` decides nothing that `other` does not decide the same way. */
function makesIdle(other: Rule, rule: Rule): boolean {
  if (other.effect !== rule.effect || other.target === undefined || rule.target === undefined) {
    return false;
  }
  if (rule.rate !== undefined || rule.methods.size > 0 || other.mode !== rule.mode) return false;
  if (rule.obligations.length > 0) return false;
  if (other.condition !== undefined && other.condition.source !== rule.condition?.source) {
    return false;
  }
  const lists = other.list === rule.list ||
    (other.list === "tools" && isEverything(other.target.whole));
  const holds = lists && (rule.covered & ~other.covered) === 0 &&
    other.scopes.every((scope) => rule.scopes.includes(scope)) &&
    includes(other.target, rule.target);
  if (!holds) return false;
  // Of two that cover each other, the later one is the superfluous one.
  const both = other.covered === rule.covered && other.rate === undefined &&
    other.methods.size === 0 && other.list === rule.list && other.obligations.length === 0 &&
    other.condition?.source === rule.condition?.source &&
    rule.scopes.length === other.scopes.length && includes(rule.target, other.target);
  return !both || isBefore(other, rule);
}
