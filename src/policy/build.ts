/**
 * Nodes into a document. What does not fit was reported by `check_shape.ts` and is left out here, so
 * that everything else can still be checked.
 * @module
 */

import type { InspectionLevel } from "../access/inspection.ts";
import { buildInspect } from "./build_inspect.ts";
import { rateOf, RuleBuilder } from "./build_rules.ts";
import { buildServers, grantsOf, modeOf } from "./build_servers.ts";
import type { ConditionCompiler } from "./condition_reader.ts";
import type { PolicyDocument, PresetChoice, PrincipalEntry, Rule } from "./document.ts";
import {
  itemsOf,
  namesIn,
  pointerOf,
  textOf,
  textsOf,
  valueOf,
  type YamlNode,
} from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";

/** Options of {@linkcode buildDocument}. */
export interface BuildOptions {
  readonly problems: Problems;
  /** Without one a rule with `when:` is an error. */
  readonly compileCondition: ConditionCompiler | undefined;
}

/** Builds the document; reports what only shows when several keys are seen together. */
export function buildDocument(
  root: YamlNode,
  { problems, compileCondition }: BuildOptions,
): PolicyDocument {
  const defaults = valueOf(root, "defaults");
  const level = valueOf(defaults, "arguments");
  const rules = new RuleBuilder(problems, compileCondition);
  const entries: PrincipalEntry[] = [];
  for (const [name, node, keyOffset] of namesIn(valueOf(root, "principals"))) {
    entries.push(entryOf(node, { name, keyOffset, rules, problems }));
  }
  return {
    file: problems.file,
    defaults: {
      effect: textOf(valueOf(defaults, "effect")) === "allow" ? "allow" : "deny",
      mode: modeOf(defaults) ?? "enforce",
      serverMay: grantsOf(valueOf(defaults, "server_may"), problems),
      attempts: rateOf(valueOf(defaults, "attempts")),
      arguments: levelOf(textOf(level)),
      argumentsRef: level === undefined ? undefined : problems.ref(level),
    },
    entries,
    servers: buildServers(valueOf(root, "servers"), problems),
    presets: presetsOf(valueOf(root, "presets")),
    inspect: buildInspect(valueOf(root, "inspect"), problems),
  };
}

interface Around {
  readonly name: string;
  readonly keyOffset: number;
  readonly rules: RuleBuilder;
  readonly problems: Problems;
}

function entryOf(node: YamlNode, around: Around): PrincipalEntry {
  const { name, keyOffset, problems } = around;
  const rules: Rule[] = [];
  for (const [key, list] of namesIn(node)) {
    if (key !== "tools" && key !== "resources" && key !== "prompts") continue;
    for (const item of itemsOf(list)) {
      const rule = around.rules.rule(item, key);
      if (rule !== undefined) rules.push(rule);
    }
  }
  hasRules(node, around);
  const match = valueOf(node, "match");
  const issuer = textOf(valueOf(match, "issuer"));
  const subject = textOf(valueOf(match, "subject"));
  return {
    name,
    ref: problems.ref(node, keyOffset),
    roles: textsOf(valueOf(node, "roles")),
    tokenId: issuer === undefined || subject === undefined ? undefined : `${issuer}#${subject}`,
    rules,
  };
}

function hasRules(node: YamlNode, { name, keyOffset, problems }: Around): void {
  if (node.kind !== "map") return;
  for (const list of ["tools", "resources", "prompts"]) {
    const written = valueOf(node, list);
    if (written !== undefined && (written.kind !== "list" || written.items.length > 0)) return;
  }
  problems.atOffset(keyOffset, {
    code: "no-rules",
    severity: "warning",
    message: `The entry ${JSON.stringify(name)} has no rules`,
    hint: "Add tools, resources or prompts, or remove it",
    path: pointerOf(node),
  });
}

function presetsOf(node: YamlNode | undefined): PresetChoice {
  if (node === undefined) return { use: "auto" };
  if (node.kind === "list") return { use: "listed", names: textsOf(node) };
  return textOf(node) === "auto" ? { use: "auto" } : { use: "none" };
}

function levelOf(word: string | undefined): InspectionLevel {
  return word === "off" || word === "strict" ? word : "standard";
}
