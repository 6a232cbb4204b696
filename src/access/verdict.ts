/**
 * The pipeline's answer to one access request: the reasons for a denial, and what each check said.
 * @module
 */

import type { Decision, Obligation, RuleRef } from "./decision.ts";
import type { AccessRequest, ToolListing } from "./request.ts";

/**
 * What is wrong with credentials, as far as the answer differs: nothing was shown; it was not shown as
 * RFC 6750 §2.1 wants; it proves nobody; it did once; or it cannot be told just now.
 */
export type UnauthenticatedDetail =
  | "no_token"
  | "invalid_request"
  | "invalid_token"
  | "expired"
  | "unavailable";

/** Why something is refused; closed, so that every translator handles each case. */
export type DenyReason =
  | {
    readonly code: "unauthenticated";
    /** Which answer fits (RFC 6750 §3.1); none stands for `invalid_token`. */
    readonly detail?: UnauthenticatedDetail;
    /** Which rule the credentials broke, in kebab-case; for the audit, never for the client. */
    readonly rule?: string;
  }
  | { readonly code: "insufficient_scope"; readonly scopes: readonly string[] }
  | { readonly code: "not_permitted"; readonly rules: readonly RuleRef[] }
  | {
    readonly code: "unsafe_argument";
    readonly pointer: string;
    readonly detail: string;
    /** Which rule of which detector, in kebab-case; for the audit. */
    readonly rule?: string;
  }
  | { readonly code: "invalid_arguments"; readonly pointer: string; readonly detail: string }
  /** It is not what it was when the operator took it. */
  | { readonly code: "tool_changed"; readonly detail: string }
  /** What its server says of it is against the protocol, so that it cannot be called as it should be. */
  | { readonly code: "unusable_tool"; readonly detail: string }
  | { readonly code: "unsafe_result"; readonly rule: string; readonly detail: string }
  | { readonly code: "rate_limited"; readonly bucket: string; readonly retryAfterMs: number }
  | {
    readonly code: "too_large";
    readonly limit: string;
    readonly max: number;
    readonly pointer?: string;
  }
  | { readonly code: "overloaded"; readonly limit: string; readonly max: number }
  | { readonly code: "unknown_method" }
  | { readonly code: "malformed"; readonly detail: string; readonly parse: boolean }
  | { readonly code: "invalid_params"; readonly pointer: string; readonly detail: string }
  | { readonly code: "header_mismatch"; readonly detail: string }
  | { readonly code: "id_in_flight" }
  | { readonly code: "not_expected"; readonly detail: string }
  | { readonly code: "check_failed"; readonly check: string }
  | { readonly code: "audit_failed" }
  | { readonly code: "upstream_failed"; readonly detail: string };

/** What one check found. */
export type Finding =
  | {
    readonly effect: "pass";
    readonly obligations?: readonly Obligation[];
    /** What it would refuse if it were sure: recorded, not enforced. */
    readonly would?: DenyReason;
  }
  | { readonly effect: "deny"; readonly reason: DenyReason };

/** A question asked of every request. It may deny or add obligations, never allow. */
export interface Check {
  /** Kebab-case, as it stands in the audit. */
  readonly name: string;
  /** A throw, a rejection or a misshapen finding is a denial (`check_failed`). */
  examine(
    request: AccessRequest,
    decision: Decision | undefined,
    signal: AbortSignal | undefined,
  ): Finding | Promise<Finding>;
  /**
   * Told the tools that a server lists, so that what judging their calls needs can be loaded before
   * the first of them. Not waited for; what it throws or rejects with is forgotten.
   */
  prepare?(tools: readonly ToolListing[]): void | Promise<void>;
  /** Told the verdict when there is one; must not throw. */
  settle?(request: AccessRequest, verdict: Verdict): void;
}

/** How long one check took. */
export interface Step {
  /** The check's name; `policy` for the policy engine. */
  readonly check: string;
  /** Microseconds. */
  readonly us: number;
}

/** The pipeline's answer. */
export type Verdict =
  | {
    readonly effect: "allow";
    readonly decision: Decision;
    readonly obligations: readonly Obligation[];
    readonly steps: readonly Step[];
    /** What would have been refused, in observe mode or by a check that was not sure. */
    readonly would?: DenyReason;
  }
  | {
    readonly effect: "deny";
    readonly reason: DenyReason;
    readonly decision?: Decision;
    readonly steps: readonly Step[];
  };
