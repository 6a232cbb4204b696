/**
 * `when:` into a condition: the compiler is handed the text, and what it finds wrong is reported at
 * its place in the file.
 * @module
 */

import type { Result } from "../base/result.ts";
import type { RuleCondition } from "./document.ts";
import type { ScalarNode } from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";
import { offsetInside } from "../yaml/scalar_position.ts";

/** What is wrong with the text of a condition. */
export interface ConditionFault {
  /** Sentence case, no final period. */
  readonly message: string;
  /** UTF-16 offset in the text. */
  readonly offset: number;
  /** UTF-16 units from there; 0 where something is missing. */
  readonly length: number;
  /** What to do. */
  readonly hint?: string;
}

/** Compiles the text of a condition. Never throws for what the text holds. */
export type ConditionCompiler = (source: string) => Result<RuleCondition, ConditionFault>;

/** Options of {@linkcode readCondition}. */
export interface ReadConditionOptions {
  readonly compile: ConditionCompiler | undefined;
  readonly problems: Problems;
}

/** Reads the condition of a rule; `undefined` when there is something wrong with it. */
export function readCondition(
  node: ScalarNode,
  { compile, problems }: ReadConditionOptions,
): RuleCondition | undefined {
  if (compile === undefined) {
    problems.at(node, {
      code: "no-conditions",
      message: "A condition (when) cannot be read here: no compiler was given",
      hint: "Give checkPolicy, loadPolicy or readPolicy one, or remove the condition",
    });
    return undefined;
  }
  const compiled = compile(node.text);
  if (!compiled.ok) {
    const { message, offset, hint } = compiled.error;
    const path = problems.ref(node).path;
    const fault = { code: "bad-condition", message, path };
    problems.atOffset(
      offsetInside(problems.text, node, offset),
      hint === undefined ? fault : { ...fault, hint },
    );
    return undefined;
  }
  checkConstant(node, { condition: compiled.value, problems });
  return compiled.value;
}

function checkConstant(
  node: ScalarNode,
  { condition: { constant }, problems }: {
    readonly condition: RuleCondition;
    readonly problems: Problems;
  },
): void {
  if (constant === false) {
    problems.at(node, {
      code: "never-holds",
      message: "This condition never holds, so that the rule can never take effect",
      hint: "Correct it, or remove the rule",
    });
  } else if (constant === true) {
    problems.at(node, {
      code: "always-holds",
      severity: "warning",
      message: "This condition always holds",
      hint: "Remove it, or correct it",
    });
  }
}
