/**
 * Looks into answers by what the operator says of results, and by what the allow of their request
 * was bound to.
 * @module
 */

import type { Obligation } from "../../access/decision.ts";
import type { ResultRules } from "../../access/inspection.ts";
import type { InspectedResult, ResultInspector } from "../../access/result_inspection.ts";
import type { JsonObject } from "../../base/json.ts";
import type { BoundRules, ResultFindings } from "./inspect_result.ts";

/**
 * Makes the inspector of one upstream; what it needs is loaded with the first answer.
 *
 * @example
 * ```ts
 * import { resultInspector } from "@aegis/cli";
 *
 * const inspector = resultInspector({ hidden: "remove", secrets: "redact", injection: "mark" });
 * const text = "plain \u001b[31mred";
 * const found = await inspector.inspect(
 *   { content: [{ type: "text", text }] },
 *   { method: "tools/call", obligations: [] },
 * );
 * console.assert(found.effect === "pass" && found.changes[0] === "ansi-removed 1");
 * ```
 */
export function resultInspector(rules: ResultRules): ResultInspector {
  let inspect: ((result: JsonObject, rules: BoundRules) => ResultFindings) | undefined;
  return {
    inspect(result, { method, obligations }) {
      // A prompt is there to address the model.
      const wanted = method === "prompts/get" ? { ...rules, injection: "off" as const } : rules;
      const bound = rulesFor(wanted, obligations);
      if (isOff(bound) || isBareGreeting(method, result)) {
        return { effect: "pass", result, changes: NO_CHANGES };
      }
      if (inspect !== undefined) return inspected(inspect(result, bound), result);
      return import("./inspect_result.ts").then(({ inspectResult }) => {
        inspect = inspectResult;
        return inspected(inspectResult(result, bound), result);
      });
    },
  };
}

const NO_CHANGES: readonly string[] = [];

/** The rules with what a rule of the policy adds for its calls; nothing is loosened by it. */
function rulesFor(rules: ResultRules, obligations: readonly Obligation[]): BoundRules {
  let bound: BoundRules = rules;
  for (const obligation of obligations) {
    switch (obligation.kind) {
      case "rate":
        break;
      case "redact":
        bound = redacting(bound, obligation.secrets);
        break;
      case "max_result_bytes":
        bound = { ...bound, maxBytes: Math.min(bound.maxBytes ?? Infinity, obligation.maxBytes) };
        break;
    }
  }
  return bound;
}

/** Where secrets are sought anyway they are sought all; where not, those that are named. */
function redacting(rules: BoundRules, named: "all" | readonly string[]): BoundRules {
  if (rules.secrets !== "off" && rules.redact === undefined) return rules;
  const { redact: before = [], ...rest } = rules;
  const secrets = rules.secrets === "off" ? "redact" : rules.secrets;
  return named === "all"
    ? { ...rest, secrets }
    : { ...rest, secrets, redact: [...before, ...named] };
}

/** A greeting without instructions shows no model any text; nobody's start shall wait for it. */
function isBareGreeting(method: string, result: JsonObject): boolean {
  return method === "initialize" && !Object.hasOwn(result, "instructions");
}

function isOff({ hidden, secrets, injection, maxBytes }: BoundRules): boolean {
  return hidden === "off" && secrets === "off" && injection === "off" && maxBytes === undefined;
}

function inspected(found: ResultFindings, result: JsonObject): InspectedResult {
  switch (found.kind) {
    case "passed":
      return { effect: "pass", result, changes: found.notes };
    case "changed":
      return { effect: "pass", result: found.result, changes: found.notes };
    case "refused":
      return { effect: "refuse", ...found.objection };
  }
}
