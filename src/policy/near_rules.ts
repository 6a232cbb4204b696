/**
 * The rules that a person wants to see when asking why: those that decided, and those that missed
 * by little.
 * @module
 */

import type { Decision, RuleRef } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { AccessRequest } from "../access/request.ts";
import { holdsScopes, whyApplies } from "./applicable.ts";
import {
  ACTION_BIT,
  type GrantableAction,
  type Mode,
  type PrincipalEntry,
  type Rule,
} from "./document.ts";
import { isEverything, matches, templateGlob } from "./pattern.ts";
import { modeAt, type PolicyModel } from "./policy.ts";
import { answerOf, standingOf } from "./standing.ts";
import { speaksOf, speaksOfSome } from "./target.ts";

/** What became of a rule. */
export type RuleOutcome =
  /** It is one of those that decided. */
  | "decided"
  /** It speaks of the request, and a deny or the default was stronger. */
  | "overruled"
  /** It decides for some arguments, and they are not known. */
  | "in-part"
  /** Everything fits, and its condition does not hold or fails. */
  | "condition"
  /** It would deny, and its mode only observes. */
  | "observed"
  /** The name fits and the action does not. */
  | "other-action"
  /** The name would fit at another server. */
  | "other-server"
  /** Everything fits, but the token does not hold the scopes. */
  | "missing-scopes";

/** A rule and what became of it. */
export interface RuleExplanation {
  readonly entry: string;
  readonly ref: RuleRef;
  readonly effect: "allow" | "deny";
  /** As written; absent on a rule that only lists methods. */
  readonly pattern: string | undefined;
  readonly actions: readonly GrantableAction[];
  readonly mode: Mode;
  readonly outcome: RuleOutcome;
  /** The outcome in words. */
  readonly because: string;
}

/** What the rules are held against. */
export interface Question {
  readonly request: AccessRequest;
  readonly decision: Decision;
  readonly server: string | null;
}

const MAX_SHOWN = 40;

const ORDER: readonly RuleOutcome[] = [
  "decided",
  "in-part",
  "observed",
  "overruled",
  "condition",
  "missing-scopes",
  "other-action",
  "other-server",
];

/** The rules of the entries that apply, the deciding ones first. */
export function nearRules(model: PolicyModel, question: Question): readonly RuleExplanation[] {
  const found: RuleExplanation[] = [];
  for (const entry of model.document.entries) {
    if (whyApplies(entry, question.request.principal) === undefined) continue;
    for (const rule of entry.rules) {
      const explained = explainRule(rule, { entry, model, question });
      if (explained !== undefined) found.push(explained);
    }
  }
  const rank = ({ outcome }: RuleExplanation) => ORDER.indexOf(outcome);
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_SHOWN);
}

/** True when a rule speaks of the request's name, whatever its actions and scopes. */
function speaksOfName(rule: Rule, { request, server }: Question): boolean {
  if (!request.known) return rule.methods.has(request.method);
  const { target } = rule;
  if (target === undefined || !isInReach(rule, request)) return false;
  const { name, template } = request.resource;
  return template === true
    ? speaksOfSome(target, server, templateGlob(name))
    : speaksOf(target, server, name);
}

/** True when it speaks of the request's action; a rule's methods have none. */
function speaksOfAction(rule: Rule, { request, decision }: Question): boolean {
  if (!request.known) return true;
  return isGrantable(decision.action) && (rule.covered & ACTION_BIT[decision.action]) !== 0;
}

interface Around {
  readonly entry: PrincipalEntry;
  readonly model: PolicyModel;
  readonly question: Question;
}

function explainRule(rule: Rule, { entry, model, question }: Around): RuleExplanation | undefined {
  const mode = rule.mode ?? modeAt(model, question.server);
  const found = outcomeOf(rule, { mode, question });
  if (found === undefined) return undefined;
  const [outcome, because] = found;
  return {
    entry: entry.name,
    ref: rule.ref,
    effect: rule.effect,
    pattern: rule.target?.whole.text,
    actions: rule.actions,
    mode,
    outcome,
    because,
  };
}

function outcomeOf(
  rule: Rule,
  { mode, question }: { readonly mode: RuleExplanation["mode"]; readonly question: Question },
): readonly [RuleOutcome, string] | undefined {
  const { request, decision } = question;
  if (!speaksOfName(rule, question)) {
    return decision.effect !== "allow" && speaksElsewhere(rule, question)
      ? ["other-server", `it speaks of another server: this one is ${nameOf(question.server)}`]
      : undefined;
  }
  const decided = decision.determining.some(({ path }) => path === rule.ref.path);
  if (decided && decision.effect === "depends") {
    return ["in-part", `it ${does(rule)} some of this: the arguments decide`];
  }
  if (!speaksOfAction(rule, question)) {
    return [
      "other-action",
      `it ${rule.effect === "deny" ? "denies" : "grants"} ${rule.actions.join(", ")}, ` +
      `and this is ${decision.action}`,
    ];
  }
  if (!holdsScopes(rule, request.principal)) {
    return [
      "missing-scopes",
      `the token lacks ${missingScopes(rule, request.principal).join(", ")}`,
    ];
  }
  const unmet = decided ? undefined : unmetCondition(rule, question);
  if (unmet !== undefined) return ["condition", unmet];
  if (rule.effect === "deny" && mode === "observe") {
    return ["observed", "it denies this, and its mode only observes"];
  }
  if (decided) return ["decided", `it ${does(rule)} this`];
  return rule.effect === decision.effect
    ? ["decided", `it ${does(rule)} this too`]
    : ["overruled", "a deny is stronger"];
}

function does({ effect }: Rule): string {
  return effect === "deny" ? "denies" : "allows";
}

/** Why a rule does not count because of its condition; `undefined` when it counts or may. */
function unmetCondition(rule: Rule, { request, decision, server }: Question): string | undefined {
  const { condition } = rule;
  if (condition === undefined) return undefined;
  const as = { request, action: decision.action, server };
  if (standingOf(rule, as) !== "not") return undefined;
  return answerOf(condition, as) === "error"
    ? "its condition (when) fails, so that it allows nothing"
    : "its condition (when) does not hold";
}

/** Scopes that a rule asks for and a token does not hold. */
export function missingScopes(rule: Rule, { scopes }: Principal): readonly string[] {
  return rule.scopes.filter((scope) => !scopes.has(scope));
}

function speaksElsewhere(rule: Rule, { request }: Question): boolean {
  const qualified = rule.target?.qualified;
  return qualified !== undefined && request.known && isInReach(rule, request) &&
    matches(qualified.name, request.resource.name);
}

function isInReach({ list, target }: Rule, { resource }: AccessRequest): boolean {
  return list === `${resource.kind}s` ||
    (list === "tools" && target !== undefined && isEverything(target.whole));
}

function nameOf(server: string | null): string {
  return server === null ? "one without a name" : `"${server}"`;
}

function isGrantable(action: Decision["action"]): action is GrantableAction {
  return action !== "control" && action !== "ask-client";
}
