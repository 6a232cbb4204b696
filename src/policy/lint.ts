/**
 * What a sound policy still gets wrong: rules that can never take effect, and rules that change
 * nothing. Each question is linear, or stops at a budget.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { type Classification, classify } from "./classify.ts";
import {
  ACTION_BIT,
  type PolicyDocument,
  type PrincipalEntry,
  type Rule,
  type Target,
} from "./document.ts";
import { dialectAt } from "./inspection.ts";
import { lintInspection } from "./lint_inspection.ts";
import { isEverything, matches } from "./pattern.ts";
import { type Preset, PRESETS } from "./presets.ts";
import { type Fault, Problems } from "../yaml/problems.ts";
import { isPlainAllow, redundantRules } from "./redundant.ts";
import { namesAt } from "./target.ts";

/** The upstream a policy is checked against. */
export interface LintUpstream {
  readonly name: string | null;
  readonly preset: Preset | undefined;
  /** Other upstreams that the same policy stands before. */
  readonly beside?: readonly string[];
}

/** Options of {@linkcode lintPolicy}. */
export interface LintOptions {
  /** Absent when the policy is checked for itself: what depends on the upstream is not asked. */
  readonly upstream?: LintUpstream;
  /** Every method of the protocol; a rule's `methods:` speaks only of others. */
  readonly knownMethods?: ReadonlySet<string>;
}

/** Everything found; errors are for what would deny and never can. */
export function lintPolicy(
  document: PolicyDocument,
  options: LintOptions = {},
): readonly Diagnostic[] {
  const linter = new Linter(document, options);
  for (const entry of document.entries) linter.entry(entry);
  return [...linter.found(), ...lintInspection(document, options.upstream)];
}

/** Comparisons spent on one policy: enough for thousands of rules, over in a fraction of a second. */
const MAX_COMPARISONS = 200_000;

/** What people write who expect a regular expression, a glob or a brace list. */
const FOREIGN_WILDCARD = /[[\](){}|^$?\\+]|\.\*/;

class Linter {
  readonly #problems: Problems;
  readonly #document: PolicyDocument;
  readonly #upstream: LintUpstream | undefined;
  readonly #knownMethods: ReadonlySet<string>;
  /** Servers that are configured here; `undefined` when any may be. */
  readonly #servers: ReadonlySet<string> | undefined;
  readonly #tools: readonly (readonly [string, Classification])[];
  #comparisons = 0;

  constructor(document: PolicyDocument, { upstream, knownMethods = new Set() }: LintOptions) {
    this.#problems = new Problems(document.file, "");
    this.#document = document;
    this.#upstream = upstream;
    this.#knownMethods = knownMethods;
    this.#servers = serversHere(document, upstream);
    this.#tools = toolsHere(document, upstream);
  }

  found(): readonly Diagnostic[] {
    return this.#problems.list();
  }

  entry(entry: PrincipalEntry): void {
    this.#tokenName(entry);
    for (const rule of entry.rules) this.#rule(rule, entry);
    this.#redundant(entry);
  }

  #tokenName(entry: PrincipalEntry): void {
    const hash = entry.name.indexOf("#");
    if (!/^https?:\/\//.test(entry.name) || hash < 0) return;
    if (entry.roles.length > 0 || entry.tokenId !== undefined) return;
    const [issuer, subject] = [entry.name.slice(0, hash), entry.name.slice(hash + 1)];
    this.#warn(entry, {
      code: "token-by-name",
      message: `The entry "${entry.name}" looks like a token's principal, which no name matches`,
      hint: `Add match: { issuer: "${issuer}", subject: "${subject}" }`,
    });
  }

  #rule(rule: Rule, entry: PrincipalEntry): void {
    this.#scopes(rule, entry);
    this.#methods(rule);
    const { target } = rule;
    if (target === undefined) return;
    this.#wildcards(rule, target);
    if (rule.list !== "tools" && (rule.covered & ACTION_BIT.read) === 0) {
      const things = rule.list === "prompts" ? "prompt" : "resource";
      this.#never(rule, {
        why: `a ${things} is only ever read`,
        hint: "Write actions: [read]",
      });
      return;
    }
    const elsewhere = this.#elsewhere(target);
    if (elsewhere !== undefined) this.#warn(rule, elsewhere);
    else if (rule.effect === "deny") this.#unreachable(rule, target);
  }

  /** A scope can only be held by a token. */
  #scopes(rule: Rule, entry: PrincipalEntry): void {
    if (rule.scopes.length === 0 || entry.roles.length > 0 || entry.tokenId !== undefined) return;
    this.#never(rule, {
      why: `it asks for scopes, which only tokens hold, and "${entry.name}" is a local principal`,
      hint: "Add roles or match to the entry, or remove the scopes",
    });
  }

  #methods(rule: Rule): void {
    for (const method of rule.methods) {
      if (!this.#knownMethods.has(method)) continue;
      this.#never(rule, {
        why: `"${method}" is a method of the protocol, and methods: speaks only of others`,
        hint: "Write a rule for the tools, resources or prompts it reaches",
      });
    }
  }

  #wildcards(rule: Rule, { whole }: Target): void {
    if (rule.list === "resources" || !FOREIGN_WILDCARD.test(whole.text)) return;
    this.#warn(rule, {
      code: "foreign-wildcard",
      message: `The pattern ${JSON.stringify(whole.text)} is taken letter by letter`,
      hint: "* is the only wildcard; write several rules where a pattern would need alternatives",
    });
  }

  /** What is odd about a pattern's server, seen from the upstream that stands behind us. */
  #elsewhere({ whole, qualified }: Target): Fault | undefined {
    if (qualified === undefined) return undefined;
    const text = JSON.stringify(whole.text);
    const upstream = this.#upstream;
    if (upstream !== undefined && upstream.name === null) {
      return {
        code: "unnamed-upstream",
        message: `The upstream has no name, so ${text} is matched against bare names`,
        hint: `Give it one: --name ${qualified.server.text.replaceAll("*", "") || "NAME"}`,
      };
    }
    const servers = this.#servers;
    if (servers === undefined || servers.has(qualified.server.text)) return undefined;
    for (const name of servers) {
      if (this.#isSpent() || matches(qualified.server, name)) return undefined;
    }
    return {
      code: "other-upstream",
      message: `${text} speaks of a server that is not configured here`,
      hint: upstream === undefined
        ? `Configured are ${[...servers].slice(0, 10).join(", ")}`
        : `The upstream is "${upstream.name}"`,
    };
  }

  /**
   * A deny that covers no action which a call could have: tools that nobody has classified count as
   * `execute`, so that a deny of delete alone stops none of them.
   */
  #unreachable(rule: Rule, target: Target): void {
    const upstream = this.#upstream;
    if (upstream === undefined || rule.list !== "tools") return;
    if ((rule.covered & ACTION_BIT.execute) !== 0) return;
    const names = namesAt(target, upstream.name);
    if (names === undefined) return;
    const known = this.#tools.filter(([tool]) => !this.#isSpent() && matches(names, tool));
    // The bare * reaches resources, which are read; annotations turn read into write or delete.
    let reachable = isEverything(target.whole) ? ACTION_BIT.read : 0;
    for (const [, classification] of known) reachable |= reachableBy(classification);
    if ((reachable & rule.covered) !== 0 || this.#isSpent()) return;
    if (known.length > 0 && target.whole.pieces.length > 1) return;
    const server = upstream.name === null ? undefined : this.#document.servers.get(upstream.name);
    if (known.length === 0 && server?.trustsAnnotations === true) return;
    const denied = rule.actions.join(" and ");
    const [first] = known;
    this.#never(rule, {
      why: first === undefined
        ? `nobody has said what the tools it names do, so they count as execute, which a deny of ${denied} does not cover`
        : `"${first[0]}" counts as ${first[1].action}, which a deny of ${denied} does not cover`,
      hint: "Say what the tool does under servers.<name>.tools, or deny execute",
      // The bare name may be another tool behind another shim.
      severity: target.qualified !== undefined && upstream.name !== null ? "error" : "warning",
    });
  }

  /** Rules that change nothing. */
  #redundant({ rules }: PrincipalEntry): void {
    const isOpen = this.#document.defaults.effect === "allow";
    if (isOpen) {
      for (const rule of rules.filter(isPlainAllow)) {
        this.#warn(rule, {
          code: "redundant-allow",
          message:
            "This rule changes nothing: defaults.effect allows everything that is not denied",
          hint: "Remove it, or set defaults.effect to deny",
        });
      }
    }
    for (const [rule, other] of redundantRules(rules, () => this.#isSpent())) {
      if (isOpen && isPlainAllow(rule)) continue;
      this.#warn(rule, {
        code: `redundant-${rule.effect}`,
        message: `This rule changes nothing: the rule in line ${other.ref.line} ${
          rule.effect === "deny" ? "denies" : "allows"
        } all of it already`,
        hint: "Remove one of them",
      });
    }
  }

  /** Counts a comparison; true when there have been enough. */
  #isSpent(): boolean {
    return ++this.#comparisons > MAX_COMPARISONS;
  }

  #never(
    rule: Rule,
    { why, hint, severity }: {
      readonly why: string;
      readonly hint: string;
      readonly severity?: Diagnostic["severity"];
    },
  ): void {
    const isDeny = rule.effect === "deny";
    this.#add(rule, {
      code: isDeny ? "dead-deny" : "dead-allow",
      severity: severity ?? (isDeny ? "error" : "warning"),
      message: `This ${rule.effect} can never take effect: ${why}`,
      hint,
    });
  }

  #warn(at: Pick<Rule, "ref">, fault: Fault): void {
    this.#add(at, { ...fault, severity: "warning" });
  }

  #add({ ref: { line, column, path } }: Pick<Rule, "ref">, fault: Fault): void {
    this.#problems.add({ ...fault, line, column, path });
  }
}

/** The servers that patterns can speak of here: the upstream, and what the policy describes. */
function serversHere(
  document: PolicyDocument,
  upstream: LintUpstream | undefined,
): ReadonlySet<string> | undefined {
  const names = new Set(document.servers.keys());
  for (const name of upstream?.beside ?? []) names.add(name);
  if (upstream !== undefined) return upstream.name === null ? names : names.add(upstream.name);
  // Which upstreams the policy will stand before is not known; where none is named, any may be.
  if (names.size === 0) return undefined;
  for (const { shortName } of PRESETS.values()) names.add(shortName);
  return names;
}

/** Tools of the upstream that somebody knows. */
function toolsHere(
  document: PolicyDocument,
  { name, preset }: LintUpstream = { name: null, preset: undefined },
): readonly (readonly [string, Classification])[] {
  const server = name === null ? undefined : document.servers.get(name);
  const names = new Set([...server?.tools.keys() ?? [], ...preset?.tools.keys() ?? []]);
  const knowledge = { server, preset, dialect: dialectAt(document, name) };
  return [...names].map((tool) => [tool, classify(tool, knowledge, undefined)]);
}

/** The actions that a call can have: annotations turn read into write or delete. */
function reachableBy({ action, statement }: Classification): number {
  if (statement !== undefined) return ALL_ACTIONS;
  return action === "read" ? ALL_ACTIONS & ~ACTION_BIT.execute : ACTION_BIT[action];
}

const ALL_ACTIONS = 15;
