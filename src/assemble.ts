/**
 * Options in, gateway out: the one file that knows every concrete part.
 * @module
 */

import type { BucketRate, PolicyEngine } from "./access/decision.ts";
import type { PinBoard } from "./access/pins.ts";
import type { ResultInspector } from "./access/result_inspection.ts";
import type { Check } from "./access/verdict.ts";
import { digestText } from "./audit/digest.ts";
import type { AuditSink } from "./audit/sink.ts";
import { type Clock, systemClock } from "./base/clock.ts";
import { type Limits, resolveLimits } from "./base/limits.ts";
import { type Logger, silentLogger } from "./base/log.ts";
import { Budget } from "./gateway/budget.ts";
import { Gateway } from "./gateway/gateway.ts";
import { inspectCheck, type InspectionPlan } from "./inspect/check.ts";
import { resultInspector } from "./inspect/results/inspector.ts";
import type { Authenticator } from "./identity/authenticator.ts";
import { attemptCheck } from "./rate_limit/attempt_check.ts";
import { rateOf } from "./rate_limit/bucket.ts";
import { memoryStore } from "./rate_limit/memory_store.ts";
import { rateLimitCheck } from "./rate_limit/rate_check.ts";
import type { BucketStore } from "./rate_limit/store.ts";

/** How many requests a principal may try. */
export interface AttemptLimit extends BucketRate {
  /** `all`: every attempt draws. `refused` (default): only a refused one does. */
  readonly counts?: "all" | "refused";
}

/** What a policy may say beside its decisions. */
export interface GatewayPolicy extends Partial<InspectionPlan> {
  /** How many requests each principal may try. */
  readonly attempts?: AttemptLimit | undefined;
}

/** Options of {@linkcode createGateway}. */
export interface GatewayOptions {
  /** Who is asking? */
  readonly authenticator: Authenticator;
  /** Are they allowed? Required: no policy, no gateway. One of ours also says what is safe. */
  readonly policy: PolicyEngine & GatewayPolicy;
  /** Any further questions, asked in this order after the policy and the inspection of arguments, before the rate limit. */
  readonly checks?: readonly Check[];
  /** Tool calls of each principal; the store also keeps the buckets of the policy's rules. */
  readonly rateLimit?: {
    /** In memory by default. */
    readonly store?: BucketStore;
    /** Tool calls that may come at once. Default: no limit beyond the policy's. */
    readonly capacity?: number;
    /** Tool calls that come back in a second. */
    readonly refillPerSecond?: number;
  };
  /** Attempts of each principal. Default: the policy's, else 600 refused attempts a minute. */
  readonly attempts?: AttemptLimit;
  /** Knows what the server's tools were. Default: nobody does. */
  readonly pins?: PinBoard;
  /** Looks into the answers of the server. Default: as the policy says; with another engine nobody does. */
  readonly inspector?: ResultInspector;
  /** Where every verdict goes. */
  readonly audit: AuditSink;
  /** Whether the text of arguments goes there too. Default false: only its hash. */
  readonly recordArguments?: boolean;
  /** Bounds that differ from their defaults. */
  readonly limits?: Partial<Limits>;
  /** Notes for the operator. Default: none. */
  readonly log?: Logger;
  /** The machine's by default. */
  readonly clock?: Clock;
}

/**
 * Makes a gateway of its parts.
 *
 * @throws {RangeError} when a limit or a rate is out of its range.
 *
 * @example
 * ```ts
 * import { createGateway, localAuthenticator, noneSink, parsePolicy } from "@aegis/cli";
 *
 * await using gateway = createGateway({
 *   authenticator: localAuthenticator({ principal: "my-agent", roles: ["dev"] }),
 *   policy: await parsePolicy('version: "1"\nprincipals: { dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] } }'),
 *   audit: noneSink(),
 * });
 * console.log(gateway.policy.hash.startsWith("sha256:"));
 * ```
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { authenticator, policy, audit } = options;
  const clock = options.clock ?? systemClock;
  const limits = resolveLimits(options.limits ?? {});
  const store = options.rateLimit?.store ?? memoryStore({ clock });
  const attempts = options.attempts ?? policy.attempts;
  return new Gateway({
    questions: {
      before: [
        attemptCheck({
          store,
          ...(attempts === undefined
            ? {}
            : { rate: attempts, counts: attempts.counts ?? "refused" }),
        }),
      ],
      policy,
      after: [
        ...inspection(policy, limits),
        ...(options.checks ?? []),
        rateLimitCheck({ store, ...toolCalls(options) }),
      ],
    },
    authenticate: (credentials, signal) => authenticator.authenticate(credentials, signal),
    pins: options.pins,
    inspector: options.inspector ?? inspectorOf(policy),
    audit,
    digest: digestText,
    recordArguments: options.recordArguments ?? false,
    limits,
    budget: new Budget(limits.maxInFlightBytes),
    clock,
    log: options.log ?? silentLogger,
  });
}

/** What is asked of arguments: what the policy says is safe. */
function inspection(policy: GatewayPolicy, limits: Limits): readonly Check[] {
  const { inspection } = policy;
  if (inspection === undefined) return [];
  const plan = {
    inspection,
    argumentKinds: (tool: string) => policy.argumentKinds?.(tool),
    promptKinds: (prompt: string) => policy.promptKinds?.(prompt),
  };
  return [inspectCheck(plan, { limits })];
}

function inspectorOf({ inspection }: GatewayPolicy): ResultInspector | undefined {
  return inspection === undefined ? undefined : resultInspector(inspection.results);
}

function toolCalls({ rateLimit }: GatewayOptions): { toolCalls?: BucketRate } {
  if (rateLimit?.capacity === undefined) {
    if (rateLimit?.refillPerSecond === undefined) return {};
    throw new RangeError(
      'Cannot set "refillPerSecond" without "capacity": nothing could be refilled',
    );
  }
  const { capacity, refillPerSecond = capacity / 60 } = rateLimit;
  return { toolCalls: rateOf({ capacity, refillPerSecond }) };
}
