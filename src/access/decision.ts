/**
 * What the policy says, and the port through which it is asked.
 * @module
 */

import type { AccessRequest, Action } from "./request.ts";

/** Where a rule stands in the operator's file. */
export interface RuleRef {
  /** The file as the operator named it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** JSON pointer of the rule. */
  readonly path: string;
}

/** A token bucket: `capacity` tokens, refilled evenly so that `capacity` return in `perMs`. */
export interface BucketRate {
  /** Tokens a full bucket holds: a whole number >= 1. */
  readonly capacity: number;
  /** Milliseconds in which an empty bucket fills: a whole number >= 1. */
  readonly perMs: number;
}

/** What enforcement must do for an allow to stand. */
export type Obligation =
  /** Draw `cost` tokens from the bucket named `bucket`, kept per principal. */
  | {
    readonly kind: "rate";
    readonly bucket: string;
    readonly rate: BucketRate;
    readonly cost: number;
  }
  /** Take secrets out of the result: all of them, or those that these rules find. */
  | { readonly kind: "redact"; readonly secrets: "all" | readonly string[] }
  /** Refuse a result that takes more bytes as JSON. */
  | { readonly kind: "max_result_bytes"; readonly maxBytes: number };

/**
 * The policy's answer. `depends` is only given while arguments are unknown. No determining rule:
 * the default spoke.
 */
export interface Decision {
  /** What the rules say. */
  readonly effect: "allow" | "deny" | "depends";
  /** The action after classification. */
  readonly action: Action;
  /** The rules that decided; none when the default spoke. */
  readonly determining: readonly RuleRef[];
  /** What enforcement must do for an allow to stand. */
  readonly obligations: readonly Obligation[];
  /** `observe`: a deny is recorded as `would: deny` and not enforced. */
  readonly mode: "enforce" | "observe";
  /** Of a deny that a better token would turn into an allow: all scopes that it would have to have. */
  readonly wantedScopes?: readonly string[];
}

/**
 * The port of the policy decision point. One `decide` serves calls and lists alike, so that
 * nothing hidden is callable.
 */
export interface PolicyEngine {
  /** `sha256:` and the hex digest of the policy's bytes; written into every audit entry. */
  readonly hash: string;
  /** Judges one request. May throw or reject: that is a denial. */
  decide(request: AccessRequest, signal?: AbortSignal): Decision | Promise<Decision>;
}
