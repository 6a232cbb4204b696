/**
 * Answers on their way back, looked into by whoever was made part of the gateway for it.
 * @module
 */

import { answered } from "../access/answered.ts";
import type { InspectedResult } from "../access/result_inspection.ts";
import { isObject } from "../base/json.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";
import type { Passed, Settled } from "./questions.ts";

/** What of an answer passes once it was looked into; without an inspector all of it. */
export function lookedInto(
  { parts }: Conversation,
  pending: Pick<Pending, "method" | "obligations">,
  passed: Settled,
): Settled | Promise<Settled> {
  const { inspector, limits } = parts;
  if (inspector === undefined || passed.kind === "refused") return passed;
  const about = { method: pending.method, obligations: pending.obligations };
  const found = answered(() => inspector.inspect(passed.result, about), {
    read: asInspected,
    timeoutMs: limits.checkTimeoutMs,
  });
  return found instanceof Promise
    ? found.then((settled) => settledBy(settled, passed))
    : settledBy(found, passed);
}

function settledBy(found: InspectedResult | undefined, passed: Passed): Settled {
  const { verdict } = passed;
  const judged = verdict === undefined ? {} : { verdict };
  // INVARIANT: No pass is implied: missing, thrown, late or misshapen means deny.
  if (found === undefined) {
    return { kind: "refused", reason: { code: "check_failed", check: "results" }, ...judged };
  }
  if (found.effect === "refuse") {
    const { rule, detail } = found;
    return { kind: "refused", reason: { code: "unsafe_result", rule, detail }, ...judged };
  }
  const { result, changes } = found;
  if (result === passed.result && changes.length === 0) return passed;
  return {
    ...passed,
    result,
    changes: [...passed.changes, ...changes],
    changed: passed.changed || result !== passed.result,
  };
}

function asInspected(value: unknown): InspectedResult | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { effect, result, changes, rule, detail } = value as Readonly<Record<string, unknown>>;
  const sound = effect === "pass"
    ? isObject(result) && Array.isArray(changes)
    : effect === "refuse" && typeof rule === "string" && typeof detail === "string";
  return sound ? value as InspectedResult : undefined;
}
