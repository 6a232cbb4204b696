/**
 * The check that asks: is it too much?
 * @module
 */

import type { BucketRate, Decision } from "../access/decision.ts";
import type { AccessRequest } from "../access/request.ts";
import type { Check, Finding } from "../access/verdict.ts";
import type { Result } from "../base/result.ts";
import { requireRate } from "./bucket.ts";
import { bucketKey } from "./bucket_key.ts";
import type { BucketStore, Draw, Shortage } from "./store.ts";

/** Options of {@linkcode rateLimitCheck}. */
export interface RateLimitOptions {
  /** Keeps the buckets. */
  readonly store: BucketStore;
  /** How many tools a principal may call, whatever the policy says. Default: no such limit. */
  readonly toolCalls?: BucketRate;
}

/** A draw, and how the bucket is called in a denial. */
interface NamedDraw extends Draw {
  readonly bucket: string;
}

const PASS: Finding = { effect: "pass" };

/**
 * Makes the check that draws tokens for what the policy allows: one from the principal's bucket of
 * tool calls, and those of every `rate` obligation; all of them or none.
 *
 * It belongs after the policy. Upkeep and lists draw nothing.
 *
 * @example
 * ```ts
 * import { memoryStore, rateLimitCheck } from "@aegis/cli";
 *
 * await using store = memoryStore();
 * const check = rateLimitCheck({ store, toolCalls: { capacity: 60, perMs: 60_000 } });
 * ```
 *
 * @throws {RangeError} when `toolCalls` is no rate of whole numbers.
 */
export function rateLimitCheck({ store, toolCalls }: RateLimitOptions): Check {
  if (toolCalls !== undefined) requireRate(toolCalls);
  return {
    name: "rate-limit",
    examine(request, decision) {
      const draws = drawsOf(request, { decision, toolCalls });
      if (draws.length === 0) return PASS;
      const taken = store.take(draws);
      return taken instanceof Promise
        ? taken.then((settled) => finding(settled, draws))
        : finding(taken, draws);
    },
  };
}

function drawsOf(
  request: AccessRequest,
  { decision, toolCalls }: {
    readonly decision: Decision | undefined;
    readonly toolCalls: BucketRate | undefined;
  },
): readonly NamedDraw[] {
  const { principal, method, context } = request;
  if (request.arguments === undefined || request.action === "control") return [];
  const draws: NamedDraw[] = [];
  if (
    toolCalls !== undefined && method === "tools/call" && context.direction === "client-to-upstream"
  ) {
    const key = bucketKey("tool-calls", principal);
    draws.push({ bucket: "tool-calls", key, rate: toolCalls, cost: 1 });
  }
  for (const obligation of decision?.obligations ?? []) {
    if (obligation.kind !== "rate") continue;
    const { bucket, rate, cost } = obligation;
    draws.push({ bucket, key: bucketKey("rule", principal, bucket), rate, cost });
  }
  return draws;
}

function finding(taken: Result<void, Shortage>, draws: readonly NamedDraw[]): Finding {
  if (taken.ok === true) return PASS;
  const { key, retryAfterMs } = taken.error;
  const bucket = draws.find((draw) => draw.key === key)?.bucket ?? "rate-limit";
  return { effect: "deny", reason: { code: "rate_limited", bucket, retryAfterMs } };
}
