/**
 * A node into a rule; reports what only shows when several of its keys are seen together.
 * @module
 */

import type { BucketRate, Obligation } from "../access/decision.ts";
import { isAction, modeOf } from "./build_servers.ts";
import { type ConditionCompiler, readCondition } from "./condition_reader.ts";
import {
  coveredByAllow,
  coveredByDeny,
  type Rule,
  type RuleCondition,
  type RuleList,
  type RuleRate,
} from "./document.ts";
import { numberOf, textOf, textsOf, valueOf, type YamlNode } from "../yaml/node.ts";
import { patternFault } from "./pattern.ts";
import type { Problems } from "../yaml/problems.ts";
import { durationMs } from "./rule_keys.ts";
import { targetFault, targetOf } from "./target.ts";

/** Builds the rules of one file. */
export class RuleBuilder {
  readonly #problems: Problems;
  readonly #compile: ConditionCompiler | undefined;

  constructor(problems: Problems, compile: ConditionCompiler | undefined) {
    this.#problems = problems;
    this.#compile = compile;
  }

  /** A rule, or nothing when a key that it hangs on is missing or wrong. */
  rule(node: YamlNode, list: RuleList): Rule | undefined {
    if (node.kind !== "map") return undefined;
    const pattern = valueOf(node, "pattern");
    const actionNodes = valueOf(node, "actions");
    const methods = new Set(textsOf(valueOf(node, "methods")));
    const needsPattern = !node.entries.has("methods") || actionNodes !== undefined;
    const complete = this.#has(node, "pattern", pattern !== undefined || !needsPattern) &&
      this.#has(node, "actions", actionNodes !== undefined || pattern === undefined);
    const text = this.#patternText(pattern, list);
    if (!complete || (pattern !== undefined && text === undefined)) return undefined;
    const effect = textOf(valueOf(node, "effect")) === "deny" ? "deny" : "allow";
    const actions = textsOf(actionNodes).filter(isAction);
    const nothing = actionNodes === undefined ? methods.size === 0 : actions.length === 0;
    if (nothing) {
      this.#doesNothing(actionNodes ?? valueOf(node, "methods"));
      return undefined;
    }
    this.#checkExecute(actionNodes, { actions, effect });
    return {
      ref: this.#problems.ref(node),
      list,
      effect,
      target: text === undefined ? undefined : targetOf(text, list),
      actions,
      covered: effect === "deny" ? coveredByDeny(actions) : coveredByAllow(actions),
      methods,
      scopes: textsOf(valueOf(node, "scopes")),
      rate: this.#rate(valueOf(node, "rate"), effect),
      obligations: this.#obligations(node, effect),
      condition: this.#condition(valueOf(node, "when")),
      mode: modeOf(node),
    };
  }

  #has(node: YamlNode, key: string, present: boolean): boolean {
    if (!present) {
      this.#problems.at(node, {
        code: "missing-key",
        message: `The key "${key}" is missing in a rule`,
        hint: key === "pattern"
          ? 'Add pattern: "*", or the names it speaks of'
          : "Add actions: [read], or what else it speaks of",
      });
    }
    return present;
  }

  /** The pattern's text if it is sound; what is wrong with it alone was reported by its shape. */
  #patternText(node: YamlNode | undefined, list: RuleList): string | undefined {
    const text = textOf(node);
    if (node === undefined || text === undefined || patternFault(text) !== undefined) {
      return undefined;
    }
    const fault = targetFault(text, list);
    if (fault === undefined) return text;
    this.#problems.at(node, fault);
    return undefined;
  }

  /** A list that was written empty; one with wrong items was reported item by item. */
  #doesNothing(node: YamlNode | undefined): void {
    if (node?.kind !== "list" || node.items.length > 0) return;
    this.#problems.at(node, {
      code: "does-nothing",
      message: `A rule with no ${node.key} does nothing`,
      hint: "Fill the list, or remove the rule",
    });
  }

  #checkExecute(
    node: YamlNode | undefined,
    { actions, effect }: Pick<Rule, "actions" | "effect">,
  ): void {
    const beside = actions.find((action) => action === "write" || action === "delete");
    if (node === undefined || beside === undefined || !actions.includes("execute")) return;
    const does = effect === "deny" ? "denies" : "grants";
    this.#problems.at(node, {
      code: "execute-covers",
      message: `A rule lists execute beside ${beside}: execute already ${does} ${beside}`,
      hint: `Remove ${beside} if execute is meant, or execute if only ${beside} is meant`,
    });
  }

  #rate(node: YamlNode | undefined, effect: Rule["effect"]): RuleRate | undefined {
    const rate = rateOf(node);
    if (node === undefined || rate === undefined) return undefined;
    if (effect === "deny") {
      this.#problems.at(node, {
        code: "rate-on-deny",
        message: "A deny has no rate: it lets nothing through that could be counted",
        hint: "Put the rate on the rule that allows",
      });
    }
    const cost = numberOf(valueOf(node, "cost")) ?? 1;
    if (cost > rate.capacity) {
      this.#problems.at(valueOf(node, "cost") ?? node, {
        code: "cost-over-capacity",
        message: `A call costs ${cost} and the bucket never holds more than ${rate.capacity}`,
        hint: "Raise the capacity or lower the cost",
      });
    }
    return { rate, cost };
  }

  #obligations(node: YamlNode, effect: Rule["effect"]): readonly Obligation[] {
    const redact = valueOf(node, "redact");
    const bytes = valueOf(node, "max_result_bytes");
    for (const written of effect === "deny" ? [redact, bytes] : []) {
      if (written === undefined) continue;
      this.#problems.at(written, {
        code: "obligation-on-deny",
        message: `A deny has no ${written.key}: it lets nothing through that comes back`,
        hint: "Put it on the rule that allows",
      });
    }
    const names = textsOf(redact);
    if (redact?.kind === "list" && redact.items.length === 0) this.#doesNothing(redact);
    const secrets = names.includes(ALL_SECRETS) ? "all" : names;
    const maxBytes = numberOf(bytes);
    return [
      ...(names.length === 0 ? [] : [{ kind: "redact", secrets } as const]),
      ...(maxBytes === undefined ? [] : [{ kind: "max_result_bytes", maxBytes } as const]),
    ];
  }

  /** With a condition that cannot be read there is an error, and the document is not used. */
  #condition(node: YamlNode | undefined): RuleCondition | undefined {
    if (node?.kind !== "scalar" || textOf(node) === undefined) return undefined;
    return readCondition(node, { compile: this.#compile, problems: this.#problems });
  }
}

/** Stands for every rule for secrets. */
export const ALL_SECRETS = "secrets";

/** `capacity` and `per`; `undefined` for what is no sound rate. */
export function rateOf(node: YamlNode | undefined): BucketRate | undefined {
  const capacity = numberOf(valueOf(node, "capacity"));
  const perMs = durationMs(textOf(valueOf(node, "per")) ?? "");
  const isSound = capacity !== undefined && Number.isSafeInteger(capacity) && capacity >= 1;
  return isSound && perMs !== undefined ? { capacity, perMs } : undefined;
}
