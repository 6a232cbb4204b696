/**
 * Who asks, by what a request shows.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { DenyReason } from "../../access/verdict.ts";
import type { Result } from "../../base/result.ts";
import { errorResponse, toldToAudit } from "./replies.ts";
import type { HttpUpstream } from "./settings.ts";

/** Proves who is asking. */
export async function callerOf(
  { headers }: Request,
  { identity, gateway }: HttpUpstream,
): Promise<Result<Principal, DenyReason>> {
  const credentials = identity.credentials(headers);
  return credentials.ok ? await gateway.authenticate(credentials.value) : credentials;
}

/** What a request is told whose credentials prove nobody. */
export function unidentified(reason: DenyReason, { identity }: HttpUpstream): Response {
  const { status, challenge } = identity.refusal(reason);
  const detail = status === 503
    ? "Who is asking cannot be proved just now."
    : "Credentials are missing or not valid.";
  const response = errorResponse(status, status === 503 ? -31503 : -31401, detail, {
    headers: {
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(status === 503 ? { "retry-after": "5" } : {}),
    },
  });
  return toldToAudit(response, reason.code === "unauthenticated" ? reason.detail : reason.code);
}
