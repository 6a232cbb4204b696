/**
 * What the proxy shows to an upstream: a credential of its own, never the client's token.
 * @module
 */

import { err, ok, type Result } from "../base/result.ts";
import type { Secret } from "../base/secret.ts";

/** For whom a request goes upstream. */
export interface OnBehalfOf {
  /** The bearer token that proved the principal, if one did. It reaches the token endpoint at most. */
  readonly subjectToken?: Secret;
}

/** Why there is no credential; the request is then not sent. */
export type CredentialFault =
  /** It is made of the client's token, and the client showed none. */
  | { readonly code: "no_subject_token" }
  /** The token endpoint refused, or cannot be used; `detail` is for the operator and holds no secret. */
  | { readonly code: "token_endpoint"; readonly detail: string };

/** The proxy's own credential towards one upstream. */
export interface UpstreamCredential extends AsyncDisposable {
  /** The value of the `Authorization` header; asked for each request, for it may end. */
  authorization(
    behalf: OnBehalfOf,
    signal?: AbortSignal,
  ): Promise<Result<Secret, CredentialFault>>;
}

/**
 * One header value for every request, such as `Bearer …` or `Basic …`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Secret, staticCredential } from "@aegis/cli";
 *
 * await using credential = staticCredential(new Secret("Bearer s3cret"));
 * const header = await credential.authorization({});
 * assert.equal(header.ok && header.value.reveal(), "Bearer s3cret");
 * ```
 *
 * @throws {TypeError} when the value cannot stand in a header.
 */
export function staticCredential(value: Secret): UpstreamCredential {
  if (!isHeaderValue(value.reveal())) {
    throw new TypeError(
      "Cannot use an upstream credential: it must be printable ASCII without spaces at its ends",
    );
  }
  const always = ok(value);
  return {
    authorization: () => Promise.resolve(always),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function isHeaderValue(text: string): boolean {
  return /^[\x21-\x7e]+(?: +[\x21-\x7e]+)*$/.test(text);
}

/** A fault of the token endpoint. */
export function endpointFault(
  detail: string,
): { readonly ok: false; readonly error: CredentialFault } {
  return err({ code: "token_endpoint", detail });
}
