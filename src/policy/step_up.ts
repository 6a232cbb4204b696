/**
 * What a better token would have to hold (RFC 6750 §3.1, `insufficient_scope`).
 * @module
 */

import type { Decision } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { Rule } from "./document.ts";

/**
 * All scopes that a token would need for what its own scopes do not allow: those of the rule that
 * asks for the fewest more, and those it has now that any rule speaks of, so that getting a better
 * token loses nothing (MCP 2025-11-25, Scope Challenge Handling).
 *
 * `withAll` is what would be decided if the token had every scope. Undefined when that is no allow,
 * or nothing is missing.
 */
export function wantedScopes(
  { scopes }: Principal,
  rules: readonly Rule[],
  withAll: Decision,
): readonly string[] | undefined {
  if (withAll.effect !== "allow") return undefined;
  const paths = new Set(withAll.determining.map(({ path }) => path));
  const missing = (rule: Rule) => rule.scopes.filter((scope) => !scopes.has(scope)).length;
  const [easiest] = rules
    .filter((rule) => rule.effect === "allow" && paths.has(rule.ref.path))
    .toSorted((a, b) => missing(a) - missing(b));
  if (easiest === undefined || missing(easiest) === 0) return undefined;
  const spoken = new Set(rules.flatMap((rule) => rule.scopes));
  const held = [...scopes].filter((scope) => spoken.has(scope));
  return [...new Set([...held, ...easiest.scopes])].sort();
}
