/**
 * Who a `serve` run takes for whom, from its flags.
 * @module
 */

import { type ApiKeyEntry, parseApiKeys } from "../config/api_keys.ts";
import { claimPath } from "../config/claim_path.ts";
import { isLoopback } from "../config/reach_faults.ts";
import { localIdentity, type ServedIdentity, tokenIdentity } from "../serve_identity.ts";
import { CliError, EXIT, usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import { plainText } from "./run_plan.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;

/** Where the endpoint is. */
export interface EndpointPlace {
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
  readonly publicUrl: URL | undefined;
  /** Whether the listener itself speaks TLS. */
  readonly isTls: boolean;
  /** Whether tokens may be exchanged for others, for the upstream. */
  readonly exchanged?: boolean;
}

/**
 * Reads who may be proved, and how.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a file.
 */
export async function servedIdentity(flags: Flags, place: EndpointPlace): Promise<ServedIdentity> {
  const byToken = flags.issuer.length > 0 || flags["api-keys"] !== undefined;
  if (flags.principal !== undefined) {
    if (byToken) {
      throw usageError(
        "Cannot use --principal beside tokens: whoever can connect would need none",
        "Leave --principal and --roles away",
      );
    }
    return local(flags, flags.principal, place.hostname);
  }
  if (!byToken) {
    throw usageError(
      "Cannot start without knowing who asks",
      "Give --issuer URL for tokens, --api-keys FILE, or --principal NAME on this machine",
    );
  }
  return await byTokens(flags, place);
}

function local(flags: Flags, principal: string, hostname: string): ServedIdentity {
  if (!isLoopback(hostname)) {
    throw usageError(
      `Cannot use --principal on ${hostname}: whoever can connect would be ${principal}`,
      "Leave --host away, so that only this machine can connect",
    );
  }
  return localIdentity({
    principal: plainText("principal", principal),
    roles: flags.roles.map((role) => plainText("roles", role)),
  });
}

async function byTokens(flags: Flags, place: EndpointPlace): Promise<ServedIdentity> {
  const { issuer: issuers, "jwks-uri": jwksUri, "jwks-file": jwksFile } = flags;
  if (flags.roles.length > 0) {
    throw usageError("Cannot use --roles beside tokens", "Roles come from the claims of a token");
  }
  if (jwksUri !== undefined && jwksFile !== undefined) {
    throw usageError("Cannot use --jwks-uri and --jwks-file together");
  }
  if ((jwksUri ?? jwksFile) !== undefined && issuers.length !== 1) {
    throw usageError(
      "Cannot tell whose keys --jwks-uri or --jwks-file are: there must be one --issuer",
      "Several issuers are asked for their metadata; leave the keys away",
    );
  }
  const resource = resourceOf(place);
  if (resource === undefined && flags.audience.length === 0) {
    throw usageError(
      "Cannot tell who tokens must be for: the port is not known yet",
      "Give --public-url or --audience beside --port 0",
    );
  }
  const keys = flags["api-keys"] === undefined ? [] : await readKeys(flags["api-keys"]);
  try {
    return tokenIdentity({
      issuers: issuers.map((issuer) => ({
        issuer,
        audiences: flags.audience.length > 0 ? flags.audience : [resource?.href ?? ""],
        ...(jwksUri === undefined ? {} : { jwksUri }),
        ...(jwksFile === undefined ? {} : { jwksFile }),
        ...(flags["roles-claim"].length === 0
          ? {}
          : { claims: { roles: flags["roles-claim"].map(claimPath) } }),
      })),
      keys,
      resource,
      scopes: flags.scope,
      ...(flags["token-skew"] === undefined ? {} : { skewSeconds: flags["token-skew"] }),
      requireAtJwt: flags["require-at-jwt"],
      exchanged: place.exchanged ?? false,
    });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw usageError(error.message);
  }
}

/** The address of an endpoint as clients write it; undefined while the port is not known. */
export function resourceOf(
  { hostname, port, path, publicUrl, isTls }: EndpointPlace,
): URL | undefined {
  if (publicUrl !== undefined) {
    return new URL(publicUrl.pathname.replace(/\/$/, "") + path, publicUrl);
  }
  if (port === 0) return undefined;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return new URL(path, `${isTls ? "https" : "http"}://${host}:${port}`);
}

/**
 * Reads a file of API keys.
 *
 * @throws {CliError} with exit code 3.
 */
export async function readKeys(file: string): Promise<readonly ApiKeyEntry[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    throw new CliError(`Cannot read the API keys ${file}: ${String(error)}`, {
      exit: EXIT.configuration,
    });
  }
  const keys = parseApiKeys(text);
  if (keys.ok) return keys.value;
  throw new CliError(`${file}: ${keys.error}`, {
    exit: EXIT.configuration,
    hint: 'For example: [{ "id": "ci", "hash": "sha256:…", "roles": ["dev"] }]',
  });
}
