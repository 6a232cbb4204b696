/**
 * Who a `serve` run takes for whom by `aegis.yaml`, at each of its endpoints.
 * @module
 */

import type { UpstreamSettings, WhoSettings } from "../config/aegis.ts";
import type { ApiKeyEntry } from "../config/api_keys.ts";
import { claimPath } from "../config/claim_path.ts";
import { localIdentity, type ServedIdentity, tokenIdentity } from "../serve_identity.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import { plainText } from "./run_plan.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";
import { type EndpointPlace, readKeys, resourceOf } from "./serve_identity.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;

/** Who may be proved, under the flags that go before the file. */
export interface Who extends WhoSettings {
  readonly keys: readonly ApiKeyEntry[];
  /** Instead of those of issuers and upstreams; empty for none. */
  readonly audiences: readonly string[];
  /** Instead of those of upstreams; empty for none. */
  readonly scopes: readonly string[];
}

/** Whether flags say by themselves who may be proved. */
export function isIdentified(flags: Flags): boolean {
  return flags.principal !== undefined || flags.issuer.length > 0 ||
    flags["api-keys"] !== undefined;
}

/**
 * Lays the flags over what the file says.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a file of API keys.
 */
export async function whoOf(who: WhoSettings, flags: Flags): Promise<Who> {
  if (flags["jwks-uri"] !== undefined || flags["jwks-file"] !== undefined) {
    throw usageError(
      "Cannot tell whose keys --jwks-uri or --jwks-file are: there must be one --issuer",
      "Beside --config they stand in the file, with their issuer",
    );
  }
  if (flags.roles.length > 0 && who.principal === undefined) {
    throw usageError("Cannot use --roles beside tokens", "Roles come from the claims of a token");
  }
  const fromFile = who.apiKeyFile === undefined ? [] : await readKeys(who.apiKeyFile);
  const claims = flags["roles-claim"].map(claimPath);
  return {
    ...who,
    roles: flags.roles.length > 0 ? flags.roles.map((role) => plainText("roles", role)) : who.roles,
    issuers: claims.length === 0
      ? who.issuers
      : who.issuers.map((issuer) => ({ ...issuer, roles: claims })),
    skewSeconds: flags["token-skew"] ?? who.skewSeconds,
    requireAtJwt: flags["require-at-jwt"] || who.requireAtJwt,
    keys: [...who.apiKeys, ...fromFile],
    audiences: flags.audience,
    scopes: flags.scope,
  };
}

/** The identity at one endpoint: tokens must be for it, unless the operator says otherwise. */
export function fileIdentity(
  who: Who,
  { upstream, exchanged, ...place }: EndpointPlace & {
    readonly upstream: UpstreamSettings;
    readonly exchanged: boolean;
  },
): ServedIdentity {
  const { principal, roles, skewSeconds, requireAtJwt, keys } = who;
  if (principal !== undefined) return localIdentity({ principal, roles });
  const resource = resourceOf(place);
  const own = resource === undefined ? [] : [resource.href];
  return tokenIdentity({
    issuers: who.issuers.map(({ issuer, jwksUri, jwksFile, algorithms, roleMap, ...each }) => ({
      issuer,
      audiences: firstFilled([who.audiences, upstream.audiences, each.audiences, own]),
      ...(jwksUri === undefined ? {} : { jwksUri }),
      ...(jwksFile === undefined ? {} : { jwksFile }),
      ...(algorithms.length === 0 ? {} : { algorithms }),
      claims: {
        ...(each.roles.length === 0 ? {} : { roles: each.roles }),
        ...(roleMap === undefined ? {} : { roleMap }),
      },
    })),
    keys,
    resource,
    scopes: firstFilled([who.scopes, upstream.scopes]),
    ...(skewSeconds === undefined ? {} : { skewSeconds }),
    requireAtJwt,
    exchanged,
  });
}

function firstFilled(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.find((list) => list.length > 0) ?? [];
}
