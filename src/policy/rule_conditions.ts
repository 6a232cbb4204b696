/**
 * Conditions of rules, in CEL. Brings its compiler along: import it with `import()`, and only for a
 * policy that has conditions.
 * @module
 */

import { type Clock, systemClock } from "../base/clock.ts";
import { ok } from "../base/result.ts";
import { compileCondition } from "./condition.ts";
import { conditionInput } from "./condition_input.ts";
import type { ConditionCompiler } from "./condition_reader.ts";

/** Makes the compiler; a condition's `context.time` is the wall time of the clock. */
export function conditionCompiler(clock: Clock = systemClock): ConditionCompiler {
  return (source) => {
    const compiled = compileCondition(source);
    if (!compiled.ok) return compiled;
    const { needsArguments, constant } = compiled.value;
    return ok({
      source,
      needsArguments,
      ...(constant === undefined ? {} : { constant }),
      holds: (request, as) =>
        compiled.value.holds(conditionInput(request, { timeMs: clock.wallMs(), ...as })),
    });
  };
}
