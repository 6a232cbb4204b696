/**
 * The decision itself: which of a principal's rules speak of a request, and what they say together.
 *
 * A deny wins over every allow; otherwise any allow wins; otherwise the default speaks. Of several
 * rules that allow, every one with a rate has its tokens drawn: a broader rule beside it lifts no
 * limit. Where arguments are not known, what some call could come to is `depends`.
 * @module
 */

import type { Decision, Obligation, RuleRef } from "../access/decision.ts";
import type { AccessRequest, Action } from "../access/request.ts";
import { ACTION_BIT, type GrantableAction, type Rule } from "./document.ts";
import { covers, type Glob, isEverything, templateGlob } from "./pattern.ts";
import { modeAt, type PolicyModel, serverOf } from "./policy.ts";
import { closed } from "./decide_fixed.ts";
import { standingOf } from "./standing.ts";
import { namesAt, speaksOf, speaksOfAll, speaksOfSome } from "./target.ts";

/** The rules of one principal, sorted by what they can speak of. */
export interface RuleSet {
  readonly tool: readonly Rule[];
  readonly prompt: readonly Rule[];
  readonly resource: readonly Rule[];
  /** Only the bare `*` of `tools`. */
  readonly server: readonly Rule[];
  readonly methods: readonly Rule[];
}

/** More rules than these determine nothing that a reader of the audit could take in. */
const MAX_DETERMINING = 8;

/** Sorts rules. The bare pattern `*` under `tools` covers resources and prompts too. */
export function ruleSet(rules: readonly Rule[]): RuleSet {
  const everything = (rule: Rule) =>
    rule.list === "tools" && rule.target !== undefined && isEverything(rule.target.whole);
  const of = (list: Rule["list"]) =>
    rules.filter((rule) => rule.target !== undefined && (rule.list === list || everything(rule)));
  return {
    tool: of("tools"),
    prompt: of("prompts"),
    resource: of("resources"),
    server: rules.filter(everything),
    methods: rules.filter(({ methods }) => methods.size > 0),
  };
}

/** A method that is not in the table: only a rule that names it can allow it, no default. */
export function decideUnknown(
  model: PolicyModel,
  rules: RuleSet,
  request: AccessRequest,
): Decision {
  const found = rules.methods.filter(({ methods }) => methods.has(request.method));
  return standing(model, { found, request, action: request.action, fallback: "deny" });
}

/** A request with its action after classification. */
export interface Classified {
  readonly request: AccessRequest;
  readonly action: GrantableAction;
}

/** The rules that speak of one thing with one name, whatever their conditions say. */
export function rulesNaming(
  model: PolicyModel,
  rules: RuleSet,
  { request, action }: Classified,
): readonly Rule[] {
  const { kind, name } = request.resource;
  const server = serverOf(model, request.resource);
  const bit = ACTION_BIT[action];
  return rules[kind].filter((rule) =>
    (rule.covered & bit) !== 0 && rule.target !== undefined && speaksOf(rule.target, server, name)
  );
}

/** What the rules that speak of a request say together. */
export function decideFound(
  model: PolicyModel,
  found: readonly Rule[],
  { request, action }: Classified,
): Decision {
  return standing(model, { found, request, action, fallback: model.document.defaults.effect });
}

/** What can be said when each of some decisions may turn out to be the one. */
export function agreed(decisions: readonly Decision[], action: GrantableAction): Decision {
  const [first, ...others] = decisions;
  if (first === undefined) return closed(action);
  const isSame = others.every(({ effect, mode }) =>
    effect === first.effect && (effect === "allow" || mode === first.mode)
  );
  const determining = new Map(
    decisions.flatMap((decision) => decision.determining.map((ref) => [ref.path, ref])),
  );
  const all = {
    ...first,
    action,
    determining: [...determining.values()].slice(0, MAX_DETERMINING),
  };
  return isSame ? all : { ...all, effect: "depends", obligations: [], mode: "enforce" };
}

/**
 * A URI template: any expansion may be meant. In a list the answer is `deny` only if every
 * expansion is denied, and else `depends`. With arguments (a completion) it is `allow` only if
 * every expansion is allowed.
 */
export function decideTemplate(
  model: PolicyModel,
  rules: RuleSet,
  { request, action }: Classified,
): Decision {
  const server = serverOf(model, request.resource);
  const template = templateGlob(request.resource.name);
  const as = { request, action, server };
  const touching = rules[request.resource.kind].filter((rule) =>
    (rule.covered & ACTION_BIT[action]) !== 0 && rule.target !== undefined &&
    speaksOfSome(rule.target, server, template) && standingOf(rule, as) !== "not"
  );
  const covering = touching.filter((rule) =>
    rule.target !== undefined && speaksOfAll(rule.target, server, template) &&
    standingOf(rule, as) === "counts"
  );
  const fallback = model.document.defaults.effect;
  const denies = touching.filter(isDeny);
  if (request.arguments !== undefined) {
    const found = [...covering.filter((rule) => !isDeny(rule)), ...denies];
    return united(model, { found, request, action, fallback });
  }
  // What holds for every expansion: an enforced deny of them all is final.
  const all = united(model, { found: covering, request, action, fallback });
  if (all.effect === "allow") return denies.length === 0 ? all : { ...all, effect: "depends" };
  if (all.determining.length > 0) return all;
  const some = touching.filter((rule) =>
    !isDeny(rule) &&
    !denies.some((deny) =>
      standingOf(deny, as) === "counts" && takesOut(deny, rule, { server, model })
    )
  );
  return some.length === 0 ? all : { ...all, effect: "depends", determining: refsOf(some) };
}

function isDeny({ effect }: Rule): boolean {
  return effect === "deny";
}

/** True when a deny that is enforced covers everything that an allow speaks of at this server. */
function takesOut(
  deny: Rule,
  allow: Rule,
  { server, model }: { readonly server: string | null; readonly model: PolicyModel },
): boolean {
  const wide: Glob | undefined = deny.target && namesAt(deny.target, server);
  const narrow: Glob | undefined = allow.target && namesAt(allow.target, server);
  return wide !== undefined && narrow !== undefined && covers(wide, narrow) &&
    (deny.mode ?? modeAt(model, server)) === "enforce";
}

interface Found {
  /** Rules that speak of the request. */
  readonly found: readonly Rule[];
  readonly request: AccessRequest;
  readonly action: Action;
  /** What holds when none does. */
  readonly fallback: "allow" | "deny";
}

/**
 * What rules say together that speak of one request where their conditions hold. Of those that may
 * hold, the worst is that all denies do and no allow, the best the other way round.
 */
function standing(model: PolicyModel, found: Found): Decision {
  if (found.found.every(({ condition }) => condition === undefined)) return united(model, found);
  const { request, action } = found;
  const as = { request, action, server: serverOf(model, request.resource) };
  const each = found.found.map((rule) => ({ rule, is: standingOf(rule, as) }));
  const those = (effect: Rule["effect"]) =>
    each.flatMap(({ rule, is }) =>
      is === "counts" || (is === "maybe" && rule.effect === effect) ? [rule] : []
    );
  const worst = united(model, { ...found, found: those("deny") });
  if (each.every(({ is }) => is !== "maybe")) return worst;
  const best = united(model, { ...found, found: those("allow") });
  const isSame = best.effect === worst.effect &&
    (best.effect === "allow" || best.mode === worst.mode);
  return isSame ? worst : {
    ...best,
    effect: "depends",
    determining: refsOf(each.flatMap(({ rule, is }) => is === "not" ? [] : [rule])),
    obligations: [],
    mode: "enforce",
  };
}

/** What rules that all count say together. */
function united(model: PolicyModel, { found, request, action, fallback }: Found): Decision {
  const ambient = modeAt(model, serverOf(model, request.resource));
  const modeOf = (rule: Rule) => rule.mode ?? ambient;
  const denies = found.filter(isDeny);
  const enforced = denies.filter((rule) => modeOf(rule) === "enforce");
  if (enforced.length > 0) {
    return {
      effect: "deny",
      action,
      determining: refsOf(enforced),
      obligations: [],
      mode: "enforce",
    };
  }
  const allows = found.filter(({ effect }) => effect === "allow");
  const obligations = obligationsOf(allows);
  if (allows.length === 0 && fallback === "deny") {
    return { effect: "deny", action, determining: [], obligations: [], mode: ambient };
  }
  if (denies.length > 0) {
    return { effect: "deny", action, determining: refsOf(denies), obligations, mode: "observe" };
  }
  const isObserved = allows.length === 0
    ? ambient === "observe"
    : allows.every((rule) => modeOf(rule) === "observe");
  return {
    effect: "allow",
    action,
    determining: refsOf(allows),
    obligations,
    mode: isObserved ? "observe" : "enforce",
  };
}

function refsOf(rules: readonly Rule[]): readonly RuleRef[] {
  return rules.slice(0, MAX_DETERMINING).map(({ ref }) => ref);
}

/** INVARIANT: no allow beside it lifts the rate of a rule that speaks of the request. */
function obligationsOf(allows: readonly Rule[]): readonly Obligation[] {
  return allows.flatMap(({ rate, ref, obligations }): readonly Obligation[] =>
    rate === undefined ? obligations : [{ kind: "rate", bucket: ref.path, ...rate }, ...obligations]
  );
}
