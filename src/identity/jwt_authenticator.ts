/**
 * Who is asking, by a JWT that an authorization server signed: RFC 9068, RFC 8725, OAuth 2.1.
 * @module
 */

import type { Credentials, Principal } from "../access/principal.ts";
import type { DenyReason } from "../access/verdict.ts";
import { member } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import type { Authenticator } from "./authenticator.ts";
import { rolesOf, scopesOf } from "./claim_mapping.ts";
import { readClaims, timeFault, type Validity } from "./claim_rules.ts";
import { type CompactToken, hasJwtShape, readCompactToken } from "./compact_token.ts";
import { isSignatureAlgorithm, loadJose, verifySignature } from "./jws.ts";
import {
  type Issuer,
  type JwtOptions,
  type ResolvedJwtOptions,
  resolveJwtOptions,
} from "./jwt_options.ts";
import type { VerificationKey } from "./key_set.ts";
import { TokenCache } from "./token_cache.ts";
import { refusal, type TokenFault } from "./token_fault.ts";
import { unlessAborted } from "./unless_aborted.ts";

/** An issuer whose tokens cannot be verified just now. */
export interface IssuerProblem {
  /** Its `iss`. */
  readonly issuer: string;
  /** For the operator. */
  readonly problem: string;
}

/** An authenticator that holds the keys of issuers. */
export interface JwtAuthenticator extends Authenticator, AsyncDisposable {
  /** Reads the keys of every issuer before the first token, and tells whose cannot be had. */
  prepare(): Promise<readonly IssuerProblem[]>;
}

/**
 * Takes bearer tokens that one of the issuers signed for one of our audiences.
 *
 * A token is a JWS in compact form with an allowed asymmetric algorithm, `iss` of a configured issuer,
 * `aud` of ours, `exp`, and `sub`; its key is one of that issuer's own key set, found by `kid`. The
 * principal is `issuer#subject`, of kind `token`. Keys are read again after 10 min and, for a key
 * that is not known, at most once in 30 s; while they cannot be read, the old ones are used for an
 * hour. A verified token is remembered until it expires or its key leaves the set.
 *
 * @example
 * ```ts
 * import { jwtAuthenticator } from "@aegis/cli";
 *
 * await using who = jwtAuthenticator({
 *   issuers: [{
 *     issuer: "https://auth.example",
 *     jwksUri: "https://auth.example/jwks.json",
 *     audiences: ["https://mcp.example/mcp"],
 *     claims: { roles: [["realm_access", "roles"]], roleMap: { engineering: ["dev"] } },
 *   }],
 * });
 * const nobody = await who.authenticate({ kind: "bearer", token: "not.a.token" });
 * console.assert(!nobody.ok && nobody.error.code === "unauthenticated");
 * ```
 *
 * @throws {TypeError} when an issuer cannot be one; {RangeError} when a number is out of its range.
 */
export function jwtAuthenticator(options: JwtOptions): JwtAuthenticator {
  return new TokenVerifier(resolveJwtOptions(options));
}

type Answer = Result<Principal, DenyReason>;

/** A token whose signature was checked. */
interface Verified extends Validity {
  readonly answer: Answer;
  readonly issuer: Issuer;
  readonly key: VerificationKey;
}

/** For a caller who waits no longer; others may still wait for the same keys. */
const ABORTED: Answer = refusal("keys-unavailable");

/** Of the texts of all remembered tokens together: 4,096 of 4 KiB. */
const MAX_CACHED_CHARS = 16 * 1024 * 1024;

class TokenVerifier implements JwtAuthenticator {
  readonly #options: ResolvedJwtOptions;
  readonly #verified: TokenCache<Verified>;

  constructor(options: ResolvedJwtOptions) {
    this.#options = options;
    this.#verified = new TokenCache({
      maxTokens: options.maxCachedTokens,
      maxChars: MAX_CACHED_CHARS,
    });
  }

  recognises(credentials: Credentials): boolean {
    return credentials.kind === "bearer" && hasJwtShape(credentials.token);
  }

  authenticate(credentials: Credentials, signal?: AbortSignal): Answer | Promise<Answer> {
    if (credentials.kind !== "bearer") return refusal("not-recognised");
    const { token } = credentials;
    if (token.length > this.#options.maxTokenBytes) return refusal("too-large");
    const known = this.#verified.get(token);
    const keys = known?.issuer.keys.current();
    if (known === undefined || keys === undefined || !keys.has(known.key)) {
      return unlessAborted(this.#verify(token), { signal, otherwise: ABORTED });
    }
    const fault = this.#timeFault(known);
    return fault === undefined ? known.answer : this.#forget(token, fault);
  }

  async prepare(): Promise<readonly IssuerProblem[]> {
    const issuers = [...this.#options.issuers.values()];
    await Promise.all([loadJose(), ...issuers.map(({ keys }) => keys.latest())]);
    return issuers.flatMap(({ name, keys: { problem } }) =>
      problem === undefined ? [] : [{ issuer: name, problem }]
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#verified.clear();
    await Promise.all([...this.#options.issuers.values()].map(({ keys }) => keys.close()));
  }

  /** Everything that needs no key comes first, so that no forged token causes a request. */
  async #verify(token: string): Promise<Answer> {
    const read = readCompactToken(token);
    if (!read.ok) return this.#forget(token, read.error);
    const { alg, kid, payload, isAccessToken } = read.value;
    if (this.#options.requireAtJwt && !isAccessToken) return this.#forget(token, "typ");
    const issuer = this.#issuerOf(read.value);
    if (issuer === undefined) return this.#forget(token, "iss");
    if (!isSignatureAlgorithm(alg) || !issuer.algorithms.has(alg)) {
      return this.#forget(token, "alg");
    }
    const claims = readClaims(payload, issuer.audiences);
    if (!claims.ok) return this.#forget(token, claims.error);
    const early = this.#timeFault(claims.value);
    if (early !== undefined) return this.#forget(token, early);
    const key = await issuer.keys.find({ alg, kid });
    if (!key.ok) return this.#forget(token, key.error);
    const imported = await key.value.forAlgorithm(alg);
    if (imported === undefined) return this.#forget(token, "unknown-key");
    if (!await verifySignature(token, imported, alg)) return this.#forget(token, "signature");
    const answer = ok(principalOf({ issuer, payload, subject: claims.value.subject }));
    const { notBeforeMs, expiresAtMs } = claims.value;
    this.#verified.set(token, { answer, issuer, key: key.value, notBeforeMs, expiresAtMs });
    const late = this.#timeFault(claims.value);
    return late === undefined ? answer : this.#forget(token, late);
  }

  // INVARIANT: Only the issuer that a token names can vouch for it.
  #issuerOf({ payload }: CompactToken): Issuer | undefined {
    const name = member(payload, "iss");
    return typeof name === "string" ? this.#options.issuers.get(name) : undefined;
  }

  #timeFault(validity: Validity): TokenFault | undefined {
    const { clock, skewMs } = this.#options;
    return timeFault(validity, { nowMs: clock.wallMs(), skewMs });
  }

  #forget(token: string, fault: TokenFault): Answer {
    this.#verified.delete(token);
    return refusal(fault);
  }
}

interface Proved {
  readonly issuer: Issuer;
  readonly payload: CompactToken["payload"];
  readonly subject: string;
}

function principalOf({ issuer, payload, subject }: Proved): Principal {
  return {
    id: `${issuer.name}#${subject}`,
    kind: "token",
    roles: rolesOf(payload, issuer.claims),
    scopes: scopesOf(payload),
    claims: payload,
  };
}
