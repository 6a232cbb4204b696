/**
 * Finds live-looking secrets in a text: well-formed for their issuer, no published example, no
 * placeholder.
 * @module
 */

import { searchLiterals } from "./literal_search.ts";
import { isPublished, looksMadeUp } from "./secret_examples.ts";
import { proveSecret } from "./secret_proofs.ts";
import type { SecretRule } from "./secret_rule.ts";
import { nextRegion } from "./secret_regions.ts";
import { SECRET_RULES } from "./secret_rules.ts";

/** One secret in a text. */
export interface SecretMatch {
  /** Whose and what it is: `github-token`. */
  readonly rule: string;
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends, exclusive. */
  readonly end: number;
}

const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;
const ALNUM = /[0-9A-Za-z]/;
const rulesByStart = indexRules();
const starts = searchLiterals([...rulesByStart.keys()]);

/**
 * Finds every secret, in order and without overlaps.
 *
 * Linear: where a secret can stand each place is compared with the literal beginnings, and only behind
 * one of them is a shape of bounded length tried. Percent-escapes and Base64 are not undone; give
 * decoded text to look there.
 */
export function findSecrets(text: string): readonly SecretMatch[] {
  let found: SecretMatch[] | undefined;
  let from = 0;
  for (let at = 0; at < text.length;) {
    const region = nextRegion(text, at);
    if (region === undefined) break;
    at = region.end;
    from = Math.max(from, region.start);
    for (;;) {
      const hit = starts.next(text, { from, to: region.end });
      if (hit === undefined) break;
      const match = matchAt(text, { ...hit, from: found?.at(-1)?.end ?? 0 });
      if (match !== undefined) (found ??= []).push(match);
      from = Math.max(match?.end ?? 0, hit.at + 1);
    }
  }
  return found ?? NONE;
}

const NONE: readonly SecretMatch[] = [];

interface Hit {
  readonly at: number;
  readonly literal: string;
  /** Where the secret before it ended. */
  readonly from: number;
}

function matchAt(text: string, hit: Hit): SecretMatch | undefined {
  for (const [rule, start] of rulesByStart.get(hit.literal) ?? []) {
    const match = matchRule(text, { rule, at: hit.at, afterStart: hit.at + start.length });
    if (match !== undefined && match.start >= hit.from) return match;
  }
  return undefined;
}

interface Trial {
  readonly rule: SecretRule;
  readonly at: number;
  readonly afterStart: number;
}

function matchRule(text: string, { rule, at, afterStart }: Trial): SecretMatch | undefined {
  if (rule.notAfter !== undefined && !standsFree(text, { at, notAfter: rule.notAfter })) {
    return undefined;
  }
  const begin = rule.before === undefined ? at : lookBack(text, { at, before: rule.before });
  if (begin === undefined) return undefined;
  rule.rest.lastIndex = afterStart;
  const rest = rule.rest.exec(text);
  if (rest === null) return undefined;
  const end = rule.rest.lastIndex;
  if (rule.proof !== "key-block" && rule.proof !== "jwt" && continues(text, end)) return undefined;
  const secret = rest[1];
  const found = secret === undefined ? { start: begin, end } : within(rest[0], { secret, end });
  const variable = secret ?? text.slice(begin, at) + rest[0];
  if (isPublished(variable)) return undefined;
  if (rule.proof !== undefined) {
    const proven = proveSecret(rule.proof, { text, ...found });
    if (proven === undefined) return undefined;
    if (proven.certain) return { rule: rule.rule, start: found.start, end: proven.end };
  }
  return looksMadeUp(variable) ? undefined : { rule: rule.rule, ...found };
}

/** Where the group stands: the last place in what was matched, which ends at `end`. */
function within(
  matched: string,
  { secret, end }: { readonly secret: string; readonly end: number },
): { readonly start: number; readonly end: number } {
  const start = end - matched.length + matched.lastIndexOf(secret);
  return { start, end: start + secret.length };
}

/** A letter or digit that belongs to an escape (`%3D`, `\n`) is no part of the word behind it. */
function standsFree(
  text: string,
  { at, notAfter }: { readonly at: number; readonly notAfter: RegExp },
): boolean {
  const previous = text.charAt(at - 1);
  if (!notAfter.test(previous)) return true;
  return text.charAt(at - 3) === "%" && HEX_PAIR.test(text.slice(at - 2, at)) ||
    text.charAt(at - 2) === "\\" && /[nrt]/.test(previous);
}

function lookBack(
  text: string,
  { at, before }: { readonly at: number; readonly before: NonNullable<SecretRule["before"]> },
): number | undefined {
  let begin = at;
  while (begin > 0 && at - begin < before.max && before.of.test(text.charAt(begin - 1))) begin--;
  const enough = at - begin >= before.min;
  return enough && standsFree(text, { at: begin, notAfter: before.of }) ? begin : undefined;
}

/** A longer word is not what the issuer makes. */
function continues(text: string, end: number): boolean {
  return end < text.length && ALNUM.test(text.charAt(end));
}

/** The rules to try where a literal stands: its own, then those of its shorter beginnings. */
function indexRules(): ReadonlyMap<string, readonly (readonly [SecretRule, string])[]> {
  const own = new Map<string, (readonly [SecretRule, string])[]>();
  for (const rule of SECRET_RULES) {
    for (const start of rule.starts) {
      const known = own.get(start);
      if (known === undefined) own.set(start, [[rule, start]]);
      else known.push([rule, start]);
    }
  }
  return new Map([...own.keys()].map((literal) => {
    const rules = [];
    for (let length = literal.length; length >= 2; length--) {
      rules.push(...own.get(literal.slice(0, length)) ?? []);
    }
    return [literal, rules];
  }));
}
