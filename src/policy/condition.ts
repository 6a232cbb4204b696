/**
 * Conditions on a rule: `when:` in CEL. Compiled and checked once, at load; asked of every request
 * that the rule speaks of, within a bounded cost.
 *
 * This module brings CEL and RE2 along: import it with `import()`, and only for a policy that has
 * conditions. The types stand in `condition_types.ts`.
 * @module
 */

import { err, ok, type Result } from "../base/result.ts";
import { type CelProgram, celWith, checkTypes } from "./cel.ts";
import { type Meter, meterTree } from "./cel_meter.ts";
import { checkExpression, type Means, unitsOf, vocabularyOf } from "./condition_check.ts";
import { CONDITION_FUNCTIONS } from "./condition_functions.ts";
import { type ReadPlan, readsOf } from "./condition_reads.ts";
import type {
  Condition,
  ConditionFault,
  ConditionFunctions,
  ConditionInput,
  Truth,
} from "./condition_types.ts";
import {
  argumentValues,
  type CelValue,
  contextValues,
  principalValues,
  type Tally,
} from "./condition_values.ts";

const MAX_SOURCE_LENGTH = 4_096; // UTF-16 units

/**
 * Compiles a condition for any number of requests.
 *
 * Syntax, names, types, patterns and sizes are checked; a condition that fails whatever the request
 * is, is a fault too.
 */
export function compileCondition(
  source: string,
  functions: ConditionFunctions = CONDITION_FUNCTIONS,
): Result<Condition, ConditionFault> {
  if (source.length > MAX_SOURCE_LENGTH) {
    return err({
      message:
        `A condition must be <= ${MAX_SOURCE_LENGTH} (characters): this has ${source.length}`,
      offset: MAX_SOURCE_LENGTH,
      length: source.length - MAX_SOURCE_LENGTH,
    });
  }
  const means = meansOf(functions);
  const parsed = means.cel.parse(source);
  if (!parsed.ok) return parsed;
  const program = parsed.value;
  const fault = checkExpression(program.ast, means) ?? checkTypes(program);
  if (fault !== undefined) return err(fault);
  const condition = new CompiledCondition(source, program, means);
  return condition.failsAlways
    ? err({
      message: "A condition must not fail for every request",
      offset: 0,
      length: source.length,
    })
    : ok(condition);
}

const MEANS = new WeakMap<ConditionFunctions, Means>();

function meansOf(functions: ConditionFunctions): Means {
  const known = MEANS.get(functions);
  if (known !== undefined) return known;
  const made = { cel: celWith(functions), vocabulary: vocabularyOf(functions) };
  MEANS.set(functions, made);
  return made;
}

class CompiledCondition implements Condition {
  readonly source: string;
  readonly needsArguments: boolean;
  readonly constant: boolean | undefined;
  readonly failsAlways: boolean;
  readonly #program: CelProgram;
  readonly #meter: Meter;
  readonly #reads: ReadPlan;

  constructor(source: string, program: CelProgram, means: Means) {
    this.source = source;
    this.#program = program;
    this.#meter = meterTree(program.ast, (call) => unitsOf(call, means));
    this.#reads = readsOf(program.ast);
    this.needsArguments = this.#reads.members.has("args");
    const always = this.#ask({});
    this.constant = always === "unknown" || always === "error" ? undefined : always === "true";
    this.failsAlways = always === "error";
  }

  holds(input: ConditionInput): Truth {
    return this.#ask(input);
  }

  /** A variable that is absent is unknown: the answer is `unknown` if it rests on one. */
  #ask(input: Partial<ConditionInput>): Truth {
    const tally: Tally = { chars: 0, values: 0 };
    const variables = new Variables();
    try {
      this.#ready(input, { variables, tally });
      this.#meter.begin(tally);
      const answer: unknown = this.#program(variables);
      if (typeof answer === "boolean" && !this.#meter.isSpent) return answer ? "true" : "false";
    } catch {
      // Whatever fails, here or in the library, is an answer: it is told below.
    }
    return variables.missed ? "unknown" : "error";
  }

  #ready(
    { arguments: args, principal, context }: Partial<ConditionInput>,
    { variables, tally }: { readonly variables: Variables; readonly tally: Tally },
  ): void {
    const { members } = this.#reads;
    const argsPlan = members.get("args");
    const principalPlan = members.get("principal");
    if (args !== undefined && argsPlan !== undefined) {
      variables.set("args", argumentValues(args, { plan: argsPlan, tally }));
    }
    if (principal !== undefined && principalPlan !== undefined) {
      variables.set("principal", principalValues(principal, { plan: principalPlan, tally }));
    }
    if (context !== undefined && members.has("context")) {
      variables.set("context", contextValues(context));
    }
  }
}

/** The variables of one run; it remembers whether one was asked for that is not there. */
class Variables extends Map<string, CelValue> {
  missed = false;

  override get(name: string): CelValue | undefined {
    const value = super.get(name);
    this.missed ||= value === undefined;
    return value;
  }
}
