/**
 * The rules that the claims of a token have to keep, whoever signed it: RFC 7519 §4.1, RFC 8725 §3,
 * RFC 9068 §4.
 * @module
 */

import { type JsonObject, type JsonValue, member } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { TokenFault } from "./token_fault.ts";

/** When a token is good, in milliseconds since the Unix epoch, without any skew. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
}

/** What was read of claims that keep the rules. */
export interface ReadClaims extends Validity {
  readonly subject: string;
}

const MAX_SUBJECT_CHARS = 1_024;
/** 9999-12-31T23:59:59Z, the last second of RFC 3339: milliseconds written by mistake lie beyond. */
const LAST_SECOND = 253_402_300_799;

/** Reads what must be there; the time is for {@linkcode timeFault}. */
export function readClaims(
  claims: JsonObject,
  audiences: ReadonlySet<string>,
): Result<ReadClaims, TokenFault> {
  if (!isMeantFor(member(claims, "aud"), audiences)) return err("aud");
  const subject = member(claims, "sub");
  if (typeof subject !== "string" || !isSubject(subject)) return err("sub");
  const expiresAt = member(claims, "exp");
  if (!isNumericDate(expiresAt)) return err("exp");
  const notBefore = member(claims, "nbf");
  if (notBefore !== undefined && !isNumericDate(notBefore)) return err("nbf");
  if (member(claims, "cnf") !== undefined) return err("sender-constrained");
  return ok({ subject, notBeforeMs: (notBefore ?? 0) * 1000, expiresAtMs: expiresAt * 1000 });
}

/** What is wrong with the time of a token, if anything is; the skew is granted at both ends. */
export function timeFault(
  { notBeforeMs, expiresAtMs }: Validity,
  { nowMs, skewMs }: { readonly nowMs: number; readonly skewMs: number },
): "expired" | "not-yet-valid" | undefined {
  // Written so that a time that is no number is refused.
  if (!(nowMs < expiresAtMs + skewMs)) return "expired";
  return nowMs >= notBeforeMs - skewMs ? undefined : "not-yet-valid";
}

/** RFC 8707, RFC 7519 §4.1.3: one of ours, to the letter; a list that holds anything else is no list. */
function isMeantFor(aud: JsonValue | undefined, audiences: ReadonlySet<string>): boolean {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.every((one) => typeof one === "string") &&
    named.some((one) => audiences.has(String(one)));
}

/** Not empty, of bounded length, and without controls: it is half of an id that people read. */
function isSubject(subject: string): boolean {
  return subject !== "" && subject.length <= MAX_SUBJECT_CHARS && !/\p{Cc}/u.test(subject);
}

function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === "number" && value >= 0 && value <= LAST_SECOND;
}
