/**
 * Upstream credentials that an authorization server grants: for the proxy itself, or for the proxy on
 * behalf of a client.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/clock.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { Secret } from "../base/secret.ts";
import { hasJwtShape } from "./compact_token.ts";
import { trustedUrl } from "../base/trusted_url.ts";
import type { Fetch } from "./guarded_fetch.ts";
import {
  ACCESS_TOKEN,
  type ClientIdentity,
  type GrantedToken,
  requestToken,
} from "./token_endpoint.ts";
import {
  type CredentialFault,
  endpointFault,
  type OnBehalfOf,
  type UpstreamCredential,
} from "./upstream_credential.ts";
import { unlessAborted } from "./unless_aborted.ts";

/** Options of {@linkcode clientCredentials} and {@linkcode tokenExchange}. */
export interface GrantOptions extends ClientIdentity {
  /** Where tokens are granted: https, or http to this machine. */
  readonly tokenEndpoint: string | URL;
  /** The upstream the token is for (RFC 8707). */
  readonly resource: string;
  /** Default: what the server gives. */
  readonly scopes?: readonly string[];
  /** How many tokens are kept at most. Default 10,000. */
  readonly maxTokens?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
}

/**
 * The proxy as itself: the client credentials grant (RFC 6749 §4.4). One token serves every client.
 *
 * @example
 * ```ts
 * import { clientCredentials, Secret } from "@aegis/cli";
 *
 * await using credential = clientCredentials({
 *   tokenEndpoint: "https://auth.example/token",
 *   clientId: "mcp-aegis",
 *   clientSecret: new Secret("s3cret"),
 *   resource: "https://files.example/mcp",
 * });
 * ```
 *
 * @throws {TypeError} when the endpoint is neither https nor on this machine; {RangeError} for `maxTokens` < 1.
 */
export function clientCredentials(options: GrantOptions): UpstreamCredential {
  return new GrantedCredential(options, () => ok({ grant_type: "client_credentials" }));
}

/**
 * The proxy on behalf of the client: token exchange (RFC 8693). The client's token goes to the token
 * endpoint, and nowhere else; what comes back is kept for that client alone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Secret, tokenExchange } from "@aegis/cli";
 *
 * await using credential = tokenExchange({
 *   tokenEndpoint: "https://auth.example/token",
 *   clientId: "mcp-aegis",
 *   clientSecret: new Secret("s3cret"),
 *   resource: "https://files.example/mcp",
 * });
 * const nobody = await credential.authorization({});
 * assert.deepEqual(nobody, { ok: false, error: { code: "no_subject_token" } });
 * ```
 *
 * @throws {TypeError} when the endpoint is neither https nor on this machine; {RangeError} for `maxTokens` < 1.
 */
export function tokenExchange(options: GrantOptions): UpstreamCredential {
  return new GrantedCredential(options, ({ subjectToken }) => {
    const token = subjectToken?.reveal();
    // An API key is a secret between its holder and us: no token endpoint gets to see it.
    if (token === undefined || !hasJwtShape(token)) return err({ code: "no_subject_token" });
    return ok({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: token,
      subject_token_type: ACCESS_TOKEN,
      requested_token_type: ACCESS_TOKEN,
    });
  });
}

type Parameters = Readonly<Record<string, string>>;
type Grant = (behalf: OnBehalfOf) => Result<Parameters, CredentialFault>;
type Granted = Result<Secret, CredentialFault>;

/** A token, or the refusal to ask for one again so soon. */
interface Kept {
  readonly answer: Granted;
  readonly untilMs: number;
}

/** A token is asked for again so long before it ends, for requests take time; short ones at half their life. */
const MARGIN_MS = 30_000;
/** RFC 6749 §5.1 leaves the lifetime open; a token of unknown life is kept so long. */
const UNKNOWN_LIFETIME_MS = 60_000;
/** No token is kept longer, whatever the server says. */
const MAX_LIFETIME_MS = 3_600_000;
/** A failure is remembered so long, so that a server that is down is not asked for every request. */
const FAILURE_MS = 1_000;

const ABORTED: Granted = endpointFault("the request was ended");

class GrantedCredential implements UpstreamCredential {
  readonly #options: GrantOptions;
  readonly #endpoint: URL;
  readonly #grant: Grant;
  readonly #clock: Clock;
  readonly #maxTokens: number;
  readonly #closed = new AbortController();
  /** By what was asked, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<Granted>>();

  constructor(options: GrantOptions, grant: Grant) {
    const endpoint = trustedUrl(options.tokenEndpoint);
    if (endpoint === undefined) {
      throw new TypeError(
        `Cannot use the token endpoint ${
          JSON.stringify(String(options.tokenEndpoint))
        }: it must be https, or http to this machine`,
      );
    }
    const { maxTokens = 10_000, clock = systemClock } = options;
    if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
      throw new RangeError(
        `Cannot set "maxTokens" as it must be a whole number >= 1: current value is ${maxTokens}`,
      );
    }
    this.#options = options;
    this.#endpoint = endpoint;
    this.#grant = grant;
    this.#clock = clock;
    this.#maxTokens = maxTokens;
  }

  async authorization(behalf: OnBehalfOf, signal?: AbortSignal): Promise<Granted> {
    const asked = this.#grant(behalf);
    if (!asked.ok) return asked;
    const key = await digest(asked.value);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#clock.monotonicMs() < kept.untilMs) return kept.answer;
    const asking = this.#asking.get(key) ?? this.#ask(key, asked.value);
    return await unlessAborted(asking, { signal, otherwise: ABORTED });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#asking.values());
    this.#kept.clear();
  }

  // INVARIANT: One request at a time for one token, whoever waits for it.
  #ask(key: string, parameters: Parameters): Promise<Granted> {
    const asking = this.#request(key, parameters).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #request(key: string, parameters: Parameters): Promise<Granted> {
    const { resource, scopes = [], fetch = globalThis.fetch } = this.#options;
    const scope: Parameters = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    const startedMs = this.#clock.monotonicMs();
    const granted = await requestToken({
      endpoint: this.#endpoint,
      client: this.#options,
      parameters: { ...parameters, resource, ...scope },
      fetch,
      signal: this.#closed.signal,
    });
    this.#keep(key, {
      answer: granted.ok ? ok(granted.value.header) : granted,
      untilMs: startedMs + (granted.ok ? keptForMs(granted.value) : FAILURE_MS),
    });
    return granted.ok ? ok(granted.value.header) : granted;
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#maxTokens) return;
      this.#kept.delete(oldest);
    }
  }
}

function keptForMs({ lifetimeMs = UNKNOWN_LIFETIME_MS }: GrantedToken): number {
  const life = Math.min(lifetimeMs, MAX_LIFETIME_MS);
  return Math.max(life - MARGIN_MS, life / 2);
}

/** What was asked, without holding anybody's token longer than it takes. */
async function digest(parameters: Parameters): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(Object.entries(parameters)));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toBase64();
}
