/**
 * Keys that an issuer publishes: at a URL the operator names, or at the one its metadata names.
 * @module
 */

import { type JsonObject, stringMember } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import { trustedUrl } from "../base/trusted_url.ts";
import { type Fetch, fetchBytes, type FetchFault } from "./guarded_fetch.ts";
import { readKeySet } from "./key_set.ts";
import type { KeyTimes, LoadKeys } from "./key_source.ts";
import { readStrictJson } from "./strict_json.ts";

/** A set of 100 RSA-4096 keys with their certificates is about 400 KB. */
const MAX_BYTES = 512 * 1024;
const TIMEOUT_MS = 5_000;
/** For each of the three places where metadata may be, so that nobody waits longer than 11 s. */
const METADATA_TIMEOUT_MS = 2_000;

/** Keys are read again after 10 min, at most once in 30 s, and used for an hour while they cannot be. */
export const REMOTE_TIMES: KeyTimes = {
  cooldownMs: 30_000,
  freshMs: 600_000,
  staleMs: 3_600_000,
  waits: false,
};

/** Reads the keys at a URL. */
export function loadFrom(url: URL, fetch: Fetch): LoadKeys {
  return async (previous, signal) => {
    const body = await fetchBytes(url, {
      fetch,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (!body.ok) return err(`${url.href}: ${body.error}`);
    const keys = readKeySet(body.value, previous);
    return keys.ok ? keys : err(`${url.href}: its answer is no key set (${keys.error})`);
  };
}

/** Reads the keys at the URL that the issuer's metadata names; asks for it again after a failure. */
export function loadDiscovered(issuer: string, fetch: Fetch): LoadKeys {
  let found: URL | undefined;
  return async (previous, signal) => {
    const url: Result<URL, FetchFault> = found === undefined
      ? await discover(issuer, { fetch, signal })
      : ok(found);
    if (!url.ok) return url;
    const keys = await loadFrom(url.value, fetch)(previous, signal);
    found = keys.ok ? url.value : undefined;
    return keys;
  };
}

async function discover(
  issuer: string,
  { fetch, signal }: { readonly fetch: Fetch; readonly signal: AbortSignal },
): Promise<Result<URL, FetchFault>> {
  const faults: FetchFault[] = [];
  for (const url of metadataUrls(issuer)) {
    const body = await fetchBytes(url, {
      fetch,
      maxBytes: MAX_BYTES,
      timeoutMs: METADATA_TIMEOUT_MS,
      signal,
    });
    const read = body.ok ? readMetadata(body.value, issuer) : body;
    if (read.ok) return read;
    faults.push(`${url.href}: ${read.error}`);
  }
  return err(faults.join("; "));
}

/** RFC 8414 §3.1, then OpenID Connect with the path inserted and appended, in the order MCP wants. */
export function metadataUrls(issuer: string): readonly URL[] {
  const url = trustedUrl(issuer);
  if (url === undefined) return [];
  const path = url.pathname.replace(/\/$/, "");
  const paths = new Set([
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    `${path}/.well-known/openid-configuration`,
  ]);
  return [...paths].map((at) => new URL(at, url.origin));
}

function readMetadata(bytes: Uint8Array, issuer: string): Result<URL, FetchFault> {
  const document = readStrictJson(bytes);
  if (!document.ok) return err(`its answer is no metadata (${document.error})`);
  // RFC 8414 §3.3: the issuer must be identical, or the document must not be used.
  if (stringMember(document.value, "issuer") !== issuer) {
    return err("its metadata is that of another issuer");
  }
  return keysUrl(document.value);
}

function keysUrl(metadata: JsonObject): Result<URL, FetchFault> {
  const url = trustedUrl(stringMember(metadata, "jwks_uri") ?? "");
  return url === undefined
    ? err('its metadata has no "jwks_uri" that is https, or http to this machine')
    : ok(url);
}
