/**
 * Several ways to prove who is asking, at one door.
 * @module
 */

import type { Authenticator } from "./authenticator.ts";
import { refusal } from "./token_fault.ts";

/**
 * Hands credentials to the first authenticator that recognises their shape. Its answer is final:
 * a token that one refuses is shown to no other.
 *
 * @example
 * ```ts
 * import { anyAuthenticator, apiKeyAuthenticator, hashApiKey, jwtAuthenticator } from "@aegis/cli";
 *
 * await using tokens = jwtAuthenticator({
 *   issuers: [{ issuer: "https://auth.example", audiences: ["https://mcp.example/mcp"] }],
 * });
 * const hash = await hashApiKey("aegis_4f1c9a7be2d84c06b5a3f08e12d7c964");
 * const who = anyAuthenticator([tokens, apiKeyAuthenticator({ keys: [{ id: "ci", hash }] })]);
 * ```
 *
 * @throws {TypeError} when there is none, or one before the last recognises everything.
 */
export function anyAuthenticator(authenticators: readonly Authenticator[]): Authenticator {
  const blind = authenticators.findIndex(({ recognises }) => recognises === undefined);
  if (authenticators.length === 0 || (blind !== -1 && blind < authenticators.length - 1)) {
    throw new TypeError(
      "Cannot join authenticators: there must be one, and all but the last must tell what they recognise",
    );
  }
  const takes = (credentials: Parameters<Authenticator["authenticate"]>[0]) =>
    authenticators.find((one) => one.recognises?.(credentials) ?? true);
  return {
    recognises: (credentials) => takes(credentials) !== undefined,
    authenticate: (credentials, signal) =>
      takes(credentials)?.authenticate(credentials, signal) ?? refusal("not-recognised"),
  };
}
