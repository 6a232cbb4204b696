/**
 * Who is asking, by an API key that the operator gave out: for clients that cannot do OAuth.
 * @module
 */

import type { Credentials, Principal } from "../access/principal.ts";
import { ok } from "../base/result.ts";
import type { Authenticator } from "./authenticator.ts";
import { refusal } from "./token_fault.ts";

/** What stands for the issuer in the id of an API key; no issuer of tokens may be called so. */
export const API_KEY_ISSUER = "apikey";

/** One API key. */
export interface ApiKey {
  /** Its name: the principal is `apikey#<id>`, for policy `match: { issuer: apikey, subject: <id> }`. */
  readonly id: string;
  /** `sha256:` and 64 lower-case hexadecimal digits, as {@linkcode hashApiKey} writes it. */
  readonly hash: string;
  /** Default none. */
  readonly roles?: readonly string[];
  /** Default none. */
  readonly scopes?: readonly string[];
}

/** Options of {@linkcode apiKeyAuthenticator}. */
export interface ApiKeyOptions {
  /** At least one. */
  readonly keys: readonly ApiKey[];
}

const MAX_KEY_CHARS = 1_024;

/**
 * Takes the API keys whose hashes it is given. A key is a random text of 128 bits or more (a plain
 * SHA-256 protects nothing that can be guessed) without two dots, which would make it look like a JWT.
 *
 * Every hash is compared, in constant time, whichever fits.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { apiKeyAuthenticator, hashApiKey } from "@aegis/cli";
 *
 * const key = "aegis_4f1c9a7be2d84c06b5a3f08e12d7c964";
 * const who = apiKeyAuthenticator({ keys: [{ id: "ci", hash: await hashApiKey(key), roles: ["dev"] }] });
 * const proved = await who.authenticate({ kind: "bearer", token: key });
 * assert.equal(proved.ok && proved.value.id, "apikey#ci");
 * ```
 *
 * @throws {TypeError} when there is no key, two share an id or a hash, or one is not written as it must be.
 */
export function apiKeyAuthenticator({ keys }: ApiKeyOptions): Authenticator {
  requireKeys(keys);
  const known = keys.map((key) => ({ principal: principalOf(key), digest: digestIn(key.hash) }));
  return {
    recognises: (credentials) => credentials.kind === "bearer" && hasKeyShape(credentials.token),
    async authenticate(credentials: Credentials) {
      if (credentials.kind !== "bearer") return refusal("not-recognised");
      if (!hasKeyShape(credentials.token)) return refusal("api-key");
      const shown = await sha256(credentials.token);
      let principal: Principal | undefined;
      for (const one of known) if (isEqual(one.digest, shown)) principal = one.principal;
      return principal === undefined ? refusal("api-key") : ok(principal);
    },
  };
}

/**
 * The hash of an API key, as the configuration wants it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { hashApiKey } from "@aegis/cli";
 *
 * assert.match(await hashApiKey("aegis_4f1c9a7be2d84c06b5a3f08e12d7c964"), /^sha256:[0-9a-f]{64}$/);
 * ```
 */
export async function hashApiKey(key: string): Promise<string> {
  return `sha256:${(await sha256(key)).toHex()}`;
}

const HASH = /^sha256:[0-9a-f]{64}$/;

function requireKeys(keys: readonly ApiKey[]): void {
  if (keys.length === 0) throw new TypeError("Cannot take API keys: none is given");
  for (const { id, hash } of keys) {
    if (id === "" || /\p{Cc}/u.test(id) || !id.isWellFormed()) {
      throw new TypeError(
        `Cannot take the API key ${JSON.stringify(id)}: its id is empty or holds controls`,
      );
    }
    if (!HASH.test(hash)) {
      throw new TypeError(
        `Cannot take the API key ${
          JSON.stringify(id)
        }: its hash must be "sha256:" and 64 lower-case hexadecimal digits`,
      );
    }
  }
  for (const member of ["id", "hash"] as const) {
    if (new Set(keys.map((key) => key[member])).size < keys.length) {
      throw new TypeError(`Cannot take API keys: two of them share their ${member}`);
    }
  }
}

function principalOf({ id, roles = [], scopes = [] }: ApiKey): Principal {
  return {
    id: `${API_KEY_ISSUER}#${id}`,
    kind: "token",
    roles: new Set(roles),
    scopes: new Set(scopes),
  };
}

function digestIn(hash: string): Uint8Array {
  return Uint8Array.fromHex(hash.slice("sha256:".length));
}

/** One dot at most, so that no JWT is ever taken for a key, and a bounded length. */
function hasKeyShape(token: string): boolean {
  return token !== "" && token.length <= MAX_KEY_CHARS &&
    token.indexOf(".") === token.lastIndexOf(".");
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** In a time that depends on the lengths alone. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}
