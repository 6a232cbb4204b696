/**
 * The compiler of conditions, as the reader of a policy wants it.
 * @module
 */

import { ok } from "../base/result.ts";
import { conditionInput } from "./condition_input.ts";
import type { ConditionCompiler } from "./condition_reader.ts";

/** Loads it: who writes no `when:` does not pay for CEL. */
export async function loadConditions(): Promise<ConditionCompiler> {
  const { compileCondition } = await import("./condition.ts");
  return (source) => {
    const compiled = compileCondition(source);
    if (!compiled.ok) return compiled;
    const { needsArguments, constant, holds } = compiled.value;
    return ok({
      source,
      needsArguments,
      ...(constant === undefined ? {} : { constant }),
      holds: (request, { action, server }) =>
        holds.call(compiled.value, conditionInput(request, { timeMs: Date.now(), action, server })),
    });
  };
}
