/**
 * The token in an `Authorization` header: RFC 6750 §2.1, RFC 9110 §11.4.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import { err, ok, type Result } from "../base/result.ts";

/** Why a header gives no token. */
export type BearerFault =
  /** There is no such header, or it is empty. */
  | "absent"
  /** It is of another scheme, such as Basic. */
  | "other-scheme"
  /** It names the scheme and then no token, one that is not a `b64token`, or more than one. */
  | "malformed";

/**
 * Takes the token out of the value of an `Authorization` header, several of which are joined by a
 * comma (RFC 9110 §5.3) and so refused.
 */
export function readBearerToken(header: string | null | undefined): Result<string, BearerFault> {
  if (header === null || header === undefined || header === "") return err("absent");
  const [scheme = ""] = header.split(/[ \t,]/, 1);
  if (!/^bearer$/i.test(scheme)) {
    return err(/[ ,]bearer /i.test(header) ? "malformed" : "other-scheme");
  }
  const token = header.slice(scheme.length).replace(/^ +/, "");
  return header[scheme.length] === " " && B64TOKEN.test(token) ? ok(token) : err("malformed");
}

const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** The refusal of a request whose header gives no token. */
export function bearerRefusal(fault: BearerFault): DenyReason {
  // RFC 6750 §3.1: an authentication method that is not supported is as good as none.
  const detail = fault === "malformed" ? "invalid_request" : "no_token";
  return { code: "unauthenticated", detail, rule: `authorization-${fault}` };
}
