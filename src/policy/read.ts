/**
 * Bytes into a policy document and everything that is wrong with them, all at once.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import { buildDocument } from "./build.ts";
import { checkShape } from "../yaml/check_shape.ts";
import type { ConditionCompiler } from "./condition_reader.ts";
import type { PolicyDocument } from "./document.ts";
import { POLICY } from "./keys.ts";
import { itemsOf, namesIn, textOf, valueOf, type YamlNode } from "../yaml/node.ts";
import { Problems } from "../yaml/problems.ts";
import { decode } from "../yaml/text.ts";
import { parseYaml } from "../yaml/parse.ts";

/** Options of {@linkcode openPolicy}. */
export interface OpenOptions {
  /** The file as the operator named it, for diagnostics and rule references. */
  readonly file: string;
  readonly limits?: Pick<Limits, "maxPolicyFileBytes">;
}

/** Options of {@linkcode readPolicy}. */
export interface ReadOptions extends OpenOptions {
  /** Without one a rule with `when:` is an error. */
  readonly compileCondition?: ConditionCompiler;
}

/** A policy as read. */
export interface PolicyReading {
  /** Absent when the file holds nothing that could be understood. With errors it is incomplete. */
  readonly document: PolicyDocument | undefined;
  /** Everything wrong: errors first, each kind in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A policy whose shape was checked and whose conditions are yet to be compiled. */
export interface OpenedPolicy {
  /** Whether some rule has a condition, so that a compiler is needed. */
  readonly hasConditions: boolean;
  /** The rules for secrets that its rules name. */
  readonly secrets: readonly NamedSecret[];
  /** Reads the rest; once. */
  read(compileCondition?: ConditionCompiler): PolicyReading;
}

/** A name under `redact:`. */
export interface NamedSecret {
  readonly name: string;
  readonly ref: RuleRef;
}

/** Reads a policy, YAML or JSON. Never throws for what the file holds. */
export function readPolicy(source: string | Uint8Array, options: ReadOptions): PolicyReading {
  return openPolicy(source, options).read(options.compileCondition);
}

/** Reads a policy as far as that goes without compiling conditions. */
export function openPolicy(source: string | Uint8Array, options: OpenOptions): OpenedPolicy {
  const { file, limits = DEFAULT_LIMITS } = options;
  const decoded = decode(source, { file, what: "policy", maxBytes: limits.maxPolicyFileBytes });
  if (!decoded.ok) return unreadable([decoded.error]);
  const problems = new Problems(file, decoded.value);
  const root = parseYaml(decoded.value, problems);
  if (root === undefined || (root.kind === "scalar" && root.value === null)) {
    if (!problems.failed) problems.atOffset(0, EMPTY);
    return unreadable(problems.list());
  }
  checkShape(root, POLICY, problems);
  return {
    hasConditions: hasConditions(root),
    secrets: namedSecrets(root, problems),
    read(compileCondition) {
      const document = buildDocument(root, { problems, compileCondition });
      return { document, diagnostics: problems.list() };
    },
  };
}

const EMPTY = {
  code: "empty-file",
  message: "The policy is empty",
  hint: 'Start with version: "1" and a mapping of principals',
  path: "",
};

function unreadable(diagnostics: readonly Diagnostic[]): OpenedPolicy {
  return { hasConditions: false, secrets: [], read: () => ({ document: undefined, diagnostics }) };
}

function hasConditions(root: YamlNode): boolean {
  for (const rule of rulesIn(root)) if (valueOf(rule, "when") !== undefined) return true;
  return false;
}

function namedSecrets(root: YamlNode, problems: Problems): readonly NamedSecret[] {
  const named: NamedSecret[] = [];
  for (const rule of rulesIn(root)) {
    for (const item of itemsOf(valueOf(rule, "redact"))) {
      const name = textOf(item);
      if (name !== undefined) named.push({ name, ref: problems.ref(item) });
    }
  }
  return named;
}

function* rulesIn(root: YamlNode): Iterable<YamlNode> {
  for (const [, entry] of namesIn(valueOf(root, "principals"))) {
    for (const [, list] of namesIn(entry)) yield* itemsOf(list);
  }
}
