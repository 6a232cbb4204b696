/**
 * Whether a rule counts for a request, as far as its condition can be known.
 * @module
 */

import type { AccessRequest } from "../access/request.ts";
import type { ConditionAnswer, ConditionCircumstances, Rule, RuleCondition } from "./document.ts";

/** `maybe`: the arguments decide, and they are not known. */
export type Standing = "counts" | "maybe" | "not";

/** A request and what it does not say of itself. */
export interface Conditional extends ConditionCircumstances {
  readonly request: AccessRequest;
}

/**
 * Asks a rule's condition. One that fails lets nothing through: an allow does not count, a deny does.
 */
export function standingOf({ condition, effect }: Rule, conditional: Conditional): Standing {
  if (condition === undefined) return "counts";
  const { request } = conditional;
  // A template's expansion is no more known than a listed tool's arguments.
  if (condition.needsArguments && request.resource.template === true) return "maybe";
  switch (answerOf(condition, conditional)) {
    case "true":
      return "counts";
    case "false":
      return "not";
    case "unknown":
      return "maybe";
    case "error":
      return effect === "deny" ? "counts" : "not";
  }
}

/**
 * A condition's answer. One that throws has failed, and so has one that calls arguments unknown that
 * are known.
 */
export function answerOf(
  condition: RuleCondition,
  { request, action, server }: Conditional,
): ConditionAnswer {
  const areKnown = request.arguments !== undefined;
  try {
    const answer = condition.holds(request, { action, server });
    if (answer === "true" || answer === "false") return answer;
    // Without arguments a failure can be their absence.
    return condition.needsArguments && !areKnown ? "unknown" : "error";
  } catch {
    return condition.needsArguments && !areKnown ? "unknown" : "error"; // it gave no answer
  }
}
