/**
 * The port that turns credentials into a principal, and the answer for a local operator.
 * @module
 */

import type { Credentials, Principal } from "../access/principal.ts";
import type { DenyReason } from "../access/verdict.ts";
import { ok, type Result } from "../base/result.ts";

/** Proves who is asking. */
export interface Authenticator {
  /** Gives the principal that the credentials prove, or why they prove none. */
  authenticate(
    credentials: Credentials,
    signal?: AbortSignal,
  ): Result<Principal, DenyReason> | Promise<Result<Principal, DenyReason>>;
  /**
   * Tells by their shape alone whether credentials are of the sort it takes. Default: all are.
   * For those who have several authenticators; `authenticate` relies on nobody having asked.
   */
  recognises?(credentials: Credentials): boolean;
}

/** Options of {@linkcode localAuthenticator}. */
export interface LocalIdentity {
  /** Default `local-user`. */
  readonly principal?: string;
  /** Default none. */
  readonly roles?: readonly string[];
}

/**
 * The identity the operator gave on the command line: whoever can start this program may use it.
 *
 * @example
 * ```ts
 * import { localAuthenticator } from "@aegis/cli";
 *
 * const who = localAuthenticator({ principal: "developer", roles: ["dev"] });
 * ```
 */
export function localAuthenticator(identity: LocalIdentity = {}): Authenticator {
  const principal: Principal = {
    id: identity.principal ?? "local-user",
    kind: "local",
    roles: new Set(identity.roles ?? []),
    scopes: new Set(),
  };
  return {
    authenticate: () => ok(principal),
    recognises: (credentials) => credentials.kind === "local",
  };
}
