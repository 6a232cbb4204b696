/**
 * Every bound of the program: one entry each, with unit, default and allowed range.
 *
 * A limit can be set by library option, by environment (`AEGIS_` or `GUARDIAN_` and the name in
 * `env`) and, where one is named, by flag. `config/limits.ts` reads those; everything else takes a
 * ready {@linkcode Limits}.
 * @module
 */

/** One bound. */
export interface LimitSpec {
  /** A duration is `ms`, a `boolean` 0 or 1; all others are counted. */
  readonly unit:
    | "bytes"
    | "ms"
    | "levels"
    | "values"
    | "members"
    | "requests"
    | "connections"
    | "streams"
    | "boolean";
  /** In `unit`. */
  readonly default: number;
  /** The least value allowed, in `unit`. */
  readonly min: number;
  /** The greatest value allowed, in `unit`. */
  readonly max: number;
  /** Environment name without its prefix; durations there are in seconds. */
  readonly env?: string;
  /** Flag without its dashes. */
  readonly flag?: string;
  /** What it bounds, for `--help` and the README's table. */
  readonly brief: string;
}

const KIB = 1024;
const MB = 1_000_000;
const GB = 1_000_000_000;

/** All bounds by name. */
export const LIMITS = {
  maxHttpBodyBytes: {
    unit: "bytes",
    default: 100 * MB,
    min: KIB,
    max: GB,
    env: "MAX_HTTP_BODY_BYTES",
    brief: "one HTTP body",
  },
  maxLineBytes: {
    unit: "bytes",
    default: 100 * MB,
    min: KIB,
    max: GB,
    env: "MAX_STDIO_LINE_BYTES",
    flag: "max-line-size",
    brief: "one line on stdio, in either direction",
  },
  maxArgumentBytes: {
    unit: "bytes",
    default: 50 * MB,
    min: 1,
    max: GB,
    env: "MAX_ARGUMENT_BYTES",
    flag: "max-arg-size",
    brief: "one argument of a call",
  },
  maxArgumentsTotalBytes: {
    unit: "bytes",
    default: 100 * MB,
    min: 1,
    max: GB,
    env: "MAX_ARGUMENTS_TOTAL_BYTES",
    brief: "all arguments of a call",
  },
  maxDepth: {
    unit: "levels",
    default: 128,
    min: 4,
    max: 1000,
    env: "MAX_NESTING_DEPTH",
    flag: "max-depth",
    brief: "nesting of arrays and objects",
  },
  maxScanBytes: {
    unit: "bytes",
    default: MB,
    min: KIB,
    max: GB,
    env: "SANITIZER_MAX_SCAN_BYTES",
    brief: "text one detector reads at once; longer text is read in overlapping windows",
  },
  maxSseBufferBytes: {
    unit: "bytes",
    default: 100 * MB,
    min: KIB,
    max: GB,
    env: "MAX_SSE_BUFFER_BYTES",
    brief: "one SSE event",
  },
  maxPolicyFileBytes: {
    unit: "bytes",
    default: 10 * MB,
    min: KIB,
    max: GB,
    env: "MAX_POLICY_FILE_BYTES",
    brief: "the policy file",
  },
  maxConcurrentRequests: {
    unit: "requests",
    default: 10_000,
    min: 1,
    max: 1_000_000,
    env: "MAX_CONCURRENT_REQUESTS",
    brief: "requests waiting for an answer, in each direction",
  },
  maxConnections: {
    unit: "connections",
    default: 10_000,
    min: 1,
    max: 1_000_000,
    env: "MAX_CONNECTIONS",
    brief: "connections of clients to `serve`",
  },
  maxStreamsPerPrincipal: {
    unit: "streams",
    default: 2_000,
    min: 1,
    max: 1_000_000,
    env: "MAX_STREAMS_PER_PRINCIPAL",
    brief: "streams that one principal holds open without a request",
  },
  transportTimeoutMs: {
    unit: "ms",
    default: 30_000,
    min: 100,
    max: 3_600_000,
    env: "TRANSPORT_TIMEOUT",
    brief: "connecting, and waiting for a peer to take bytes; never the length of a call",
  },
  checkTimeoutMs: {
    unit: "ms",
    default: 5_000,
    min: 10,
    max: 600_000,
    env: "CHECK_TIMEOUT",
    brief: "one check or policy engine that answers later; too late is a denial",
  },
  redisOperationTimeoutMs: {
    unit: "ms",
    default: 5_000,
    min: 10,
    max: 600_000,
    env: "REDIS_OPERATION_TIMEOUT",
    brief: "one Redis operation",
  },
  redisFailOpen: {
    unit: "boolean",
    default: 0,
    min: 0,
    max: 1,
    env: "REDIS_FAIL_OPEN",
    brief: "whether a dead Redis lets calls pass",
  },
  shutdownGraceMs: {
    unit: "ms",
    default: 30_000,
    min: 0,
    max: 3_600_000,
    env: "TARGET_SHUTDOWN_TIMEOUT",
    brief: "how long `serve` drains before it ends",
  },
  maxMessageValues: {
    unit: "values",
    default: 1_000_000,
    min: 100,
    max: 100_000_000,
    env: "MAX_MESSAGE_VALUES",
    brief: "JSON values in one message",
  },
  maxObjectMembers: {
    unit: "members",
    default: 10_000,
    min: 16,
    max: 10_000_000,
    env: "MAX_OBJECT_MEMBERS",
    brief: "members of one object from a client",
  },
  maxIdBytes: {
    unit: "bytes",
    default: KIB,
    min: 16,
    max: 64 * KIB,
    env: "MAX_ID_BYTES",
    brief: "a request id",
  },
  maxInFlightBytes: {
    unit: "bytes",
    default: 512 * MB,
    min: MB,
    max: 64 * GB,
    env: "MAX_IN_FLIGHT_BYTES",
    brief: "everything in flight, counted as what it costs parsed",
  },
} as const satisfies Record<string, LimitSpec>;

/** The name of a bound. */
export type LimitName = keyof typeof LIMITS;

/** A value for every bound, in its unit. */
export type Limits = { readonly [name in LimitName]: number };

/** Every bound at its default. */
export const DEFAULT_LIMITS: Limits = resolveLimits({});

/**
 * Completes a partial set of bounds with the defaults.
 *
 * @throws {RangeError} when a value is no whole number or outside its range.
 */
export function resolveLimits(wanted: Partial<Limits>): Limits {
  const limits: Record<string, number> = {};
  for (const [name, spec] of Object.entries(LIMITS)) {
    const value = wanted[name as LimitName] ?? spec.default;
    if (!Number.isSafeInteger(value) || value < spec.min || value > spec.max) {
      throw new RangeError(
        `Cannot set "${name}" as it must be a whole number from ${spec.min} to ${spec.max} (${spec.unit}): current value is ${value}`,
      );
    }
    limits[name] = value;
  }
  return limits as Limits;
}
