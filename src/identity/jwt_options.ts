/**
 * What `jwtAuthenticator` can be told, and the check that it makes sense.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/clock.ts";
import { type Logger, silentLogger } from "../base/log.ts";
import { API_KEY_ISSUER } from "./api_key.ts";
import type { ClaimMapping, ClaimPath } from "./claim_mapping.ts";
import { FILE_TIMES, loadFile } from "./file_keys.ts";
import { trustedUrl } from "../base/trusted_url.ts";
import type { Fetch } from "./guarded_fetch.ts";
import { isSignatureAlgorithm, KEY_OF_ALGORITHM, type SignatureAlgorithm } from "./jws.ts";
import { KeySource, type KeySourceOptions } from "./key_source.ts";
import { loadDiscovered, loadFrom, REMOTE_TIMES } from "./remote_keys.ts";

/** One authorization server whose tokens are taken. */
export interface IssuerOptions {
  /** Its `iss`, to the letter. A URL when neither `jwksUri` nor `jwksFile` is given. */
  readonly issuer: string;
  /** Who we are to it: a token is taken when its `aud` names one of these, to the letter (RFC 8707). */
  readonly audiences: readonly string[];
  /** Where its keys are: https, or http to this machine. */
  readonly jwksUri?: string | URL;
  /** A file with its keys, looked at once a second. Default: `jwksUri`, else its metadata says (RFC 8414). */
  readonly jwksFile?: string;
  /** Default: all of {@linkcode SignatureAlgorithm}. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** Default: the claim `roles` holds roles. */
  readonly claims?: ClaimMapping;
}

/** Options of `jwtAuthenticator`. */
export interface JwtOptions {
  /** At least one. */
  readonly issuers: readonly IssuerOptions[];
  /** How far clocks may differ, 0 to 60 s. Default 30. */
  readonly skewSeconds?: number;
  /** Whether `typ` must be `at+jwt` (RFC 9068). Default false: absent and `JWT` are taken, too. */
  readonly requireAtJwt?: boolean;
  /** The longest token, 256 to 1,048,576 bytes. Default 16,384, which is what HTTP servers take for all headers. */
  readonly maxTokenBytes?: number;
  /** How many verified tokens are remembered. Default 4,096. */
  readonly maxCachedTokens?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Fetches keys and metadata. Default: the platform's. */
  readonly fetch?: Fetch;
  /** Receives what is wrong with an issuer's keys. Default: nobody. */
  readonly log?: Logger;
}

/** One issuer, ready. */
export interface Issuer {
  readonly name: string;
  readonly audiences: ReadonlySet<string>;
  readonly algorithms: ReadonlySet<string>;
  readonly claims: ClaimMapping;
  readonly keys: KeySource;
}

/** All options, complete and checked. */
export interface ResolvedJwtOptions {
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly skewMs: number;
  readonly requireAtJwt: boolean;
  readonly maxTokenBytes: number;
  readonly maxCachedTokens: number;
  readonly clock: Clock;
}

/**
 * Checks and completes.
 *
 * @throws {TypeError} when an issuer cannot be one; {RangeError} when a number is out of its range.
 */
export function resolveJwtOptions(options: JwtOptions): ResolvedJwtOptions {
  const { clock = systemClock, fetch = globalThis.fetch, log = silentLogger } = options;
  if (options.issuers.length === 0) throw new TypeError("Cannot verify tokens: no issuer is given");
  const issuers = new Map<string, Issuer>();
  for (const one of options.issuers) {
    requireIssuer(one);
    if (issuers.has(one.issuer)) throw refused(one, "it is given twice");
    const keys = new KeySource({ issuer: one.issuer, ...keysOf(one, fetch), clock, log });
    issuers.set(one.issuer, {
      name: one.issuer,
      audiences: new Set(one.audiences),
      algorithms: new Set(one.algorithms ?? Object.keys(KEY_OF_ALGORITHM)),
      claims: one.claims ?? {},
      keys,
    });
  }
  return {
    issuers,
    skewMs: inRange("skewSeconds", options.skewSeconds ?? 30, [0, 60]) * 1000,
    requireAtJwt: options.requireAtJwt ?? false,
    maxTokenBytes: inRange("maxTokenBytes", options.maxTokenBytes ?? 16_384, [256, 1_048_576]),
    maxCachedTokens: inRange("maxCachedTokens", options.maxCachedTokens ?? 4_096, [0, 1_000_000]),
    clock,
  };
}

function requireIssuer(one: IssuerOptions): void {
  const { issuer, audiences, algorithms, claims } = one;
  // A principal is `issuer#subject`: without # in the issuer, no two are written alike.
  if (issuer === "" || /[#\s\p{Cc}]/u.test(issuer)) {
    throw refused(one, "an issuer is a text without #, spaces and controls");
  }
  if (issuer === API_KEY_ISSUER) throw refused(one, "that is what API keys are called");
  if (audiences.length === 0 || audiences.includes("")) {
    throw refused(one, "it needs audiences, none of them empty");
  }
  if (algorithms?.length === 0 || algorithms?.some((name) => !isSignatureAlgorithm(name))) {
    throw refused(one, `its algorithms must be of ${Object.keys(KEY_OF_ALGORITHM).join(", ")}`);
  }
  if (claims?.roles?.some(isEmptyPath)) throw refused(one, "a claim path is empty");
}

function isEmptyPath(path: ClaimPath): boolean {
  return path.length === 0;
}

function keysOf(one: IssuerOptions, fetch: Fetch): Pick<KeySourceOptions, "load" | "times"> {
  const { issuer, jwksUri, jwksFile } = one;
  if (jwksUri !== undefined && jwksFile !== undefined) {
    throw refused(one, "its keys are at jwksUri or in jwksFile, not both");
  }
  if (jwksFile !== undefined) return { load: loadFile(jwksFile), times: FILE_TIMES };
  if (jwksUri === undefined) {
    if (trustedUrl(issuer) === undefined || issuer.includes("?")) {
      throw refused(one, "without jwksUri or jwksFile it must be an https URL without a query");
    }
    return { load: loadDiscovered(issuer, fetch), times: REMOTE_TIMES };
  }
  const url = trustedUrl(jwksUri);
  if (url === undefined) throw refused(one, "jwksUri must be https, or http to this machine");
  return { load: loadFrom(url, fetch), times: REMOTE_TIMES };
}

function refused({ issuer }: IssuerOptions, why: string): TypeError {
  return new TypeError(`Cannot take tokens of ${JSON.stringify(issuer)}: ${why}`);
}

function inRange(name: string, value: number, [min, max]: readonly [number, number]): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(
    `Cannot set "${name}" as it must be a whole number from ${min} to ${max}: current value is ${value}`,
  );
}
