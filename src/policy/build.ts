/**
 * Nodes into a document. What does not fit was reported by `shape.ts` and is left out here, so that
 * everything else can still be checked.
 * @module
 */

import type { BucketRate, RuleRef } from "../access/decision.ts";
import {
  ACTIONS,
  type Ask,
  type AskGrant,
  ASKS,
  coveredByAllow,
  coveredByDeny,
  type GrantableAction,
  type Mode,
  type PolicyDocument,
  type PresetChoice,
  type PrincipalEntry,
  type Rule,
  type RuleList,
  type RuleRate,
  type ServerEntry,
  type ToolEntry,
} from "./document.ts";
import { durationMs } from "./rule_keys.ts";
import { itemsOf, numberOf, pointerOf, type PolicyNode, textOf, valueOf } from "./node.ts";
import { patternFault } from "./pattern.ts";
import type { Problems } from "./problems.ts";
import { targetFault, targetOf } from "./target.ts";

/** Builds the document; reports what only shows when several keys are seen together. */
export function buildDocument(root: PolicyNode, problems: Problems): PolicyDocument {
  const builder = new Builder(problems);
  const defaults = valueOf(root, "defaults");
  const entries: PrincipalEntry[] = [];
  for (const [name, node, keyOffset] of namesIn(valueOf(root, "principals"))) {
    entries.push(builder.entry(name, node, keyOffset));
  }
  const servers = new Map<string, ServerEntry>();
  for (const [name, node] of namesIn(valueOf(root, "servers"))) {
    servers.set(name, builder.server(name, node));
  }
  return {
    file: problems.file,
    defaults: {
      effect: textOf(valueOf(defaults, "effect")) === "allow" ? "allow" : "deny",
      mode: modeOf(defaults) ?? "enforce",
      serverMay: builder.grants(valueOf(defaults, "server_may")),
      attempts: rateOf(valueOf(defaults, "attempts")),
    },
    entries,
    servers,
    presets: presetsOf(valueOf(root, "presets")),
  };
}

class Builder {
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  entry(name: string, node: PolicyNode, keyOffset: number): PrincipalEntry {
    const rules: Rule[] = [];
    for (const [key, list] of namesIn(node)) {
      if (key !== "tools" && key !== "resources" && key !== "prompts") continue;
      for (const item of itemsOf(list)) {
        const rule = this.#rule(item, key);
        if (rule !== undefined) rules.push(rule);
      }
    }
    this.#hasRules(name, node, keyOffset);
    const match = valueOf(node, "match");
    const issuer = textOf(valueOf(match, "issuer"));
    const subject = textOf(valueOf(match, "subject"));
    return {
      name,
      ref: this.#ref(node, keyOffset),
      roles: textsOf(valueOf(node, "roles")),
      tokenId: issuer === undefined || subject === undefined ? undefined : `${issuer}#${subject}`,
      rules,
    };
  }

  #hasRules(name: string, node: PolicyNode, keyOffset: number): void {
    if (node.kind !== "map") return;
    for (const list of ["tools", "resources", "prompts"]) {
      const written = valueOf(node, list);
      if (written !== undefined && (written.kind !== "list" || written.items.length > 0)) return;
    }
    this.#problems.atOffset(keyOffset, {
      code: "no-rules",
      severity: "warning",
      message: `The entry ${JSON.stringify(name)} has no rules`,
      hint: "Add tools, resources or prompts, or remove it",
      path: pointerOf(node),
    });
  }

  /** A rule, or nothing when a key that it hangs on is missing or wrong. */
  #rule(node: PolicyNode, list: RuleList): Rule | undefined {
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
      ref: this.#ref(node),
      list,
      effect,
      target: text === undefined ? undefined : targetOf(text, list),
      actions,
      covered: effect === "deny" ? coveredByDeny(actions) : coveredByAllow(actions),
      methods,
      scopes: textsOf(valueOf(node, "scopes")),
      rate: this.#rate(valueOf(node, "rate"), effect),
      mode: modeOf(node),
    };
  }

  #has(node: PolicyNode, key: string, present: boolean): boolean {
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
  #patternText(node: PolicyNode | undefined, list: RuleList): string | undefined {
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
  #doesNothing(node: PolicyNode | undefined): void {
    if (node?.kind !== "list" || node.items.length > 0) return;
    this.#problems.at(node, {
      code: "does-nothing",
      message: `A rule with no ${node.key} does nothing`,
      hint: "Fill the list, or remove the rule",
    });
  }

  #checkExecute(
    node: PolicyNode | undefined,
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

  #rate(node: PolicyNode | undefined, effect: Rule["effect"]): RuleRate | undefined {
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

  server(name: string, node: PolicyNode): ServerEntry {
    const tools = new Map<string, ToolEntry>();
    for (const [tool, entry] of namesIn(valueOf(node, "tools"))) {
      const action = valueOf(entry, "action");
      const word = textOf(action);
      if (action !== undefined && isAction(word)) {
        tools.set(tool, { action: word, ref: this.#ref(action) });
      }
    }
    const may = valueOf(node, "may");
    return {
      name,
      tools,
      may: may === undefined ? undefined : this.grants(may),
      trustsAnnotations: textOf(valueOf(node, "trust")) === "annotations",
      mode: modeOf(node),
    };
  }

  grants(node: PolicyNode | undefined): readonly AskGrant[] {
    return itemsOf(node).flatMap((item) => {
      const ask = textOf(item);
      return isAsk(ask) ? [{ ask, ref: this.#ref(item) }] : [];
    });
  }

  #ref(node: PolicyNode, offset: number = node.offset): RuleRef {
    const { line, column } = this.#problems.position(offset);
    return { file: this.#problems.file, line, column, path: pointerOf(node) };
  }
}

function* namesIn(
  node: PolicyNode | undefined,
): Iterable<readonly [name: string, value: PolicyNode, keyOffset: number]> {
  if (node?.kind !== "map") return;
  for (const [name, { value, keyOffset }] of node.entries) yield [name, value, keyOffset];
}

function textsOf(node: PolicyNode | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

function modeOf(node: PolicyNode | undefined): Mode | undefined {
  const word = textOf(valueOf(node, "mode"));
  return word === "enforce" || word === "observe" ? word : undefined;
}

function rateOf(node: PolicyNode | undefined): BucketRate | undefined {
  const capacity = numberOf(valueOf(node, "capacity"));
  const perMs = durationMs(textOf(valueOf(node, "per")) ?? "");
  const isSound = capacity !== undefined && Number.isSafeInteger(capacity) && capacity >= 1;
  return isSound && perMs !== undefined ? { capacity, perMs } : undefined;
}

function presetsOf(node: PolicyNode | undefined): PresetChoice {
  if (node === undefined) return { use: "auto" };
  if (node.kind === "list") return { use: "listed", names: textsOf(node) };
  return textOf(node) === "auto" ? { use: "auto" } : { use: "none" };
}

function isAction(word: string | undefined): word is GrantableAction {
  return word !== undefined && ACTIONS.some((action) => action === word);
}

function isAsk(word: string | undefined): word is Ask {
  return word !== undefined && ASKS.some((ask) => ask === word);
}
