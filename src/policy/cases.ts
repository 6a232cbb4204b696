/**
 * Decision tables: who asks for what, and what must come of it.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import { CASES } from "./case_keys.ts";
import { ACTIONS, type Ask, ASKS, type GrantableAction } from "./document.ts";
import {
  itemsOf,
  jsonOf,
  numberOf,
  pointerOf,
  textOf,
  valueOf,
  type YamlNode,
} from "../yaml/node.ts";
import { Problems } from "../yaml/problems.ts";
import { checkShape } from "../yaml/check_shape.ts";
import { decode } from "../yaml/text.ts";
import { parseYaml } from "../yaml/parse.ts";

/** A decision table as read. */
export interface CaseTable {
  readonly file: string;
  /** The policy's path as it stands in the table. */
  readonly policy: string;
  readonly cases: readonly Case[];
}

/** One line of a table. */
export interface Case {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly upstream: { readonly name: string | null; readonly argv: readonly string[] } | undefined;
  readonly who: Who;
  readonly what: What;
  /** `undefined`: they are not known, as when a tool is listed. */
  readonly arguments: JsonObject | undefined;
  readonly expect: Outcome;
  readonly action: GrantableAction | undefined;
  /** The line of a rule that must be among those that decided. */
  readonly rule: number | undefined;
}

/** Who asks. */
export interface Who {
  readonly id: string;
  readonly kind: "local" | "token";
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** What is asked for. */
export type What =
  | { readonly kind: "tool"; readonly name: string; readonly hints: readonly string[] }
  | { readonly kind: "resource" | "template" | "prompt" | "method"; readonly name: string }
  | { readonly kind: "asks"; readonly name: Ask };

/** What must come of it. `observe`: a deny that is only written down. */
export type Outcome = "allow" | "deny" | "depends" | "observe";

/** A table and everything wrong with it. */
export interface CaseReading {
  /** Absent when there are errors. */
  readonly table: CaseTable | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Options of {@linkcode readCases}. */
export interface ReadCasesOptions {
  readonly file: string;
  readonly limits?: Pick<Limits, "maxPolicyFileBytes">;
}

/** Reads a decision table. Never throws for what the file holds. */
export function readCases(
  source: string | Uint8Array,
  { file, limits = DEFAULT_LIMITS }: ReadCasesOptions,
): CaseReading {
  const decoded = decode(source, { file, what: "table", maxBytes: limits.maxPolicyFileBytes });
  if (!decoded.ok) return { table: undefined, diagnostics: [decoded.error] };
  const problems = new Problems(file, decoded.value);
  const root = parseYaml(decoded.value, problems);
  if (root === undefined || (root.kind === "scalar" && root.value === null)) {
    if (!problems.failed) problems.atOffset(0, EMPTY);
    return { table: undefined, diagnostics: problems.list() };
  }
  checkShape(root, CASES, problems);
  const cases = itemsOf(valueOf(root, "cases")).flatMap((node) =>
    readCase(node, { root, problems }) ?? []
  );
  const table = { file, policy: textOf(valueOf(root, "policy")) ?? "", cases };
  return { table: problems.failed ? undefined : table, diagnostics: problems.list() };
}

const EMPTY = {
  code: "empty-file",
  message: "The table is empty",
  hint: "Start with policy: FILE and a list of cases",
  path: "",
};

interface Around {
  readonly root: YamlNode;
  readonly problems: Problems;
}

function readCase(node: YamlNode, { root, problems }: Around): Case | undefined {
  if (node.kind !== "map") return undefined;
  const who = readWho(node, problems);
  const what = readWhat(node, problems);
  const expect = textOf(valueOf(node, "expect"));
  if (who === undefined || what === undefined || !isOutcome(expect)) return undefined;
  const action = textOf(valueOf(node, "action"));
  return {
    ...problems.position(node.offset),
    path: pointerOf(node),
    upstream: upstreamOf(node) ?? upstreamOf(root),
    who,
    what,
    arguments: argumentsOf(valueOf(node, "arguments")),
    expect,
    action: isAction(action) ? action : undefined,
    rule: numberOf(valueOf(node, "rule")),
  };
}

function readWho(node: YamlNode, problems: Problems): Who | undefined {
  const text = (key: string) => textOf(valueOf(node, key));
  const [principal, issuer, subject] = [text("principal"), text("issuer"), text("subject")];
  const held = { roles: wordsOf(valueOf(node, "roles")), scopes: wordsOf(valueOf(node, "scopes")) };
  if (issuer === undefined && subject === undefined) {
    return { id: principal ?? "local-user", kind: "local", ...held };
  }
  if (principal === undefined && issuer !== undefined && subject !== undefined) {
    return { id: `${issuer}#${subject}`, kind: "token", ...held };
  }
  problems.at(node, {
    code: "unclear-principal",
    message: "A case is about a local principal or about a token's",
    hint: "Write either principal, or both issuer and subject",
  });
  return undefined;
}

const THINGS = ["tool", "resource", "template", "prompt", "method", "asks"] as const;

function readWhat(node: YamlNode, problems: Problems): What | undefined {
  const named = THINGS.filter((thing) => valueOf(node, thing) !== undefined);
  const [kind] = named;
  if (kind === undefined || named.length > 1) {
    problems.at(node, {
      code: "unclear-case",
      message: `A case asks for exactly one thing: found ${named.join(" and ") || "none"}`,
      hint: `Write one of ${THINGS.join(", ")}`,
    });
    return undefined;
  }
  const name = textOf(valueOf(node, kind));
  if (name === undefined) return undefined;
  switch (kind) {
    case "tool":
      return { kind, name, hints: wordsOf(valueOf(node, "hints")) };
    case "asks":
      return isAsk(name) ? { kind, name } : undefined;
    case "resource":
    case "template":
    case "prompt":
    case "method":
      return { kind, name };
  }
}

function upstreamOf(node: YamlNode): Case["upstream"] {
  const name = textOf(valueOf(node, "server"));
  const target = valueOf(node, "target");
  if (name === undefined && target === undefined) return undefined;
  return { name: name ?? null, argv: wordsOf(target) };
}

function argumentsOf(node: YamlNode | undefined): JsonObject | undefined {
  if (node === undefined) return {};
  const value = jsonOf(node);
  return isObject(value) ? value : undefined;
}

function wordsOf(node: YamlNode | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

function isOutcome(word: string | undefined): word is Outcome {
  return word === "allow" || word === "deny" || word === "depends" || word === "observe";
}

function isAction(word: string | undefined): word is GrantableAction {
  return ACTIONS.some((action) => action === word);
}

function isAsk(word: string): word is Ask {
  return ASKS.some((ask) => ask === word);
}
