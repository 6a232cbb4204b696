/**
 * Who asks an HTTP proxy: the ways to prove it, joined for one endpoint.
 * @module
 */

import type { Credentials, Principal } from "./access/principal.ts";
import type { DenyReason } from "./access/verdict.ts";
import type { JsonObject } from "./base/json.ts";
import type { Result } from "./base/result.ts";
import { Secret } from "./base/secret.ts";
import { anyAuthenticator } from "./identity/any_authenticator.ts";
import { type ApiKey, apiKeyAuthenticator } from "./identity/api_key.ts";
import { type Authenticator, localAuthenticator } from "./identity/authenticator.ts";
import {
  bearerHttpIdentity,
  type HttpIdentity,
  localHttpIdentity,
} from "./identity/http_identity.ts";
import { type IssuerProblem, jwtAuthenticator } from "./identity/jwt_authenticator.ts";
import type { IssuerOptions } from "./identity/jwt_options.ts";
import { metadataPaths, protectedResourceMetadata } from "./identity/metadata.ts";

/** Who may be proved, and how. */
export interface ServedIdentity {
  readonly authenticator: Authenticator & {
    readonly prepare?: () => Promise<readonly IssuerProblem[]>;
  };
  readonly http: HttpIdentity;
  /** The token that proved a principal, where it may be exchanged for another. */
  readonly subject: (principal: Principal) => Secret | undefined;
  /** Documents that anybody may read, by path. */
  readonly documents: ReadonlyMap<string, string>;
  /** For the audit's first entry. */
  readonly detail: JsonObject;
}

/** The identity of whoever can reach a loopback listener. */
export function localIdentity(
  { principal, roles }: { readonly principal: string; readonly roles: readonly string[] },
): ServedIdentity {
  return {
    authenticator: localAuthenticator({ principal, roles }),
    http: localHttpIdentity(),
    subject: () => undefined,
    documents: new Map(),
    detail: { principal, roles },
  };
}

/** What {@linkcode tokenIdentity} is told; at least one issuer or key. */
export interface TokenIdentityOptions {
  readonly issuers: readonly IssuerOptions[];
  readonly keys: readonly ApiKey[];
  /** The address of the endpoint as clients write it. */
  readonly resource: URL | undefined;
  /** What clients are told to ask for first. */
  readonly scopes: readonly string[];
  readonly skewSeconds?: number;
  readonly requireAtJwt?: boolean;
  /** Whether tokens may be exchanged for others, for an upstream. Default false: nobody gets at them. */
  readonly exchanged?: boolean;
}

/**
 * The identity of whoever shows a token or a key.
 *
 * @throws {TypeError} when an issuer or a key cannot be one; {RangeError} when a number is out of its range.
 */
export function tokenIdentity(
  { issuers, keys, resource, scopes, skewSeconds, requireAtJwt = false, exchanged = false }:
    TokenIdentityOptions,
): ServedIdentity {
  const tokens = issuers.length === 0 ? undefined : jwtAuthenticator({
    issuers,
    requireAtJwt,
    ...(skewSeconds === undefined ? {} : { skewSeconds }),
  });
  const ways = [
    ...(tokens === undefined ? [] : [tokens]),
    ...(keys.length === 0 ? [] : [apiKeyAuthenticator({ keys })]),
  ];
  const subjects = new Subjects(anyAuthenticator(ways), exchanged);
  const described = tokens === undefined ? undefined : resource;
  const paths = described === undefined ? [] : metadataPaths(described);
  const [path] = paths;
  return {
    authenticator: {
      authenticate: (credentials, signal) => subjects.authenticate(credentials, signal),
      prepare: () => tokens?.prepare() ?? Promise.resolve([]),
    },
    http: bearerHttpIdentity({
      ...(path === undefined ? {} : { metadataUrl: new URL(path, described) }),
      ...(scopes.length === 0 ? {} : { scopes }),
    }),
    subject: (principal) => subjects.tokenOf(principal),
    documents: new Map(
      described === undefined ? [] : paths.map((each) => [
        each,
        JSON.stringify(protectedResourceMetadata({
          resource: described,
          authorizationServers: issuers.map(({ issuer }) => issuer),
          ...(scopes.length === 0 ? {} : { scopesSupported: scopes }),
        })),
      ]),
    ),
    detail: {
      issuers: issuers.map(({ issuer }) => issuer),
      audiences: [...new Set(issuers.flatMap(({ audiences }) => audiences))],
      apiKeys: keys.map(({ id }) => id),
    },
  };
}

/** Remembers by which token each principal was proved, for as long as anybody holds the principal. */
class Subjects implements Authenticator {
  readonly #inner: Authenticator;
  readonly #isWanted: boolean;
  // INVARIANT: A client's token never goes upstream: here it is for the token endpoint alone.
  readonly #tokens = new WeakMap<Principal, Secret>();

  constructor(inner: Authenticator, isWanted: boolean) {
    this.#inner = inner;
    this.#isWanted = isWanted;
  }

  async authenticate(
    credentials: Credentials,
    signal?: AbortSignal,
  ): Promise<Result<Principal, DenyReason>> {
    const who = await this.#inner.authenticate(credentials, signal);
    if (this.#isWanted && who.ok && credentials.kind === "bearer") {
      this.#tokens.set(who.value, new Secret(credentials.token));
    }
    return who;
  }

  tokenOf(principal: Principal): Secret | undefined {
    return this.#tokens.get(principal);
  }
}
