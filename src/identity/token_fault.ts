/**
 * What can be wrong with a bearer token, and what of it the answer depends on.
 * @module
 */

import type { DenyReason, UnauthenticatedDetail } from "../access/verdict.ts";
import { err } from "../base/result.ts";
import type { JsonFault } from "./strict_json.ts";

/** One rule that credentials broke; for the audit. */
export type TokenFault =
  /** What was shown is of no kind that is taken here. */
  | "not-recognised"
  | "too-large"
  /** Five parts or an `enc` header: a JWE. */
  | "encrypted"
  | "not-three-parts"
  | "not-base64url"
  | JsonFault
  /** `alg` is absent, `none`, symmetric, or not allowed for the issuer. */
  | "alg"
  | "typ"
  | "crit"
  /** `cty` tells of a token in a token. */
  | "nested"
  | "kid"
  | "iss"
  | "aud"
  | "exp"
  | "expired"
  | "nbf"
  | "not-yet-valid"
  | "sub"
  /** `cnf`: the token needs a proof of possession, which a bearer does not give (RFC 9449 §7). */
  | "sender-constrained"
  | "unknown-key"
  /** Several keys fit, and the token does not say which. */
  | "ambiguous-key"
  | "signature"
  /** The issuer's keys cannot be had. */
  | "keys-unavailable"
  /** No such API key. */
  | "api-key";

/** The refusal for a fault. */
export function refusal(
  rule: TokenFault,
): { readonly ok: false; readonly error: DenyReason } {
  return err({ code: "unauthenticated", detail: detailOf(rule), rule });
}

function detailOf(rule: TokenFault): UnauthenticatedDetail {
  if (rule === "expired") return "expired";
  return rule === "keys-unavailable" ? "unavailable" : "invalid_token";
}
