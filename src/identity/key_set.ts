/**
 * The public keys of an issuer: a JWK Set (RFC 7517 §5).
 * @module
 */

import { canonicalJson } from "../base/canonical_json.ts";
import { isObject, type JsonObject, member, stringMember } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import {
  importKey,
  isSignatureAlgorithm,
  KEY_OF_ALGORITHM,
  type SignatureAlgorithm,
} from "./jws.ts";
import { type JsonFault, readStrictJson } from "./strict_json.ts";

const MAX_KEYS = 100;

/** One public key. The same JWK read again is the same object. */
export class VerificationKey {
  readonly kid: string | undefined;
  readonly #jwk: JsonObject;
  readonly #imported = new Map<SignatureAlgorithm, Promise<CryptoKey | undefined>>();

  /** Takes a JWK that {@linkcode readKeySet} found fit. */
  constructor(jwk: JsonObject) {
    this.#jwk = jwk;
    this.kid = stringMember(jwk, "kid");
  }

  /** Whether it may be used with an algorithm: `kty`, `crv` and, where it has one, its own `alg`. */
  fits(alg: SignatureAlgorithm): boolean {
    const { kty, crv } = KEY_OF_ALGORITHM[alg];
    const own = member(this.#jwk, "alg");
    return member(this.#jwk, "kty") === kty &&
      (crv === undefined || member(this.#jwk, "crv") === crv) &&
      (own === undefined || own === alg);
  }

  /** The key for an algorithm; `undefined` when its numbers make none. */
  forAlgorithm(alg: SignatureAlgorithm): Promise<CryptoKey | undefined> {
    const held = this.#imported.get(alg) ?? importKey(this.#jwk, alg);
    this.#imported.set(alg, held);
    return held;
  }
}

/** What a token says of its key. */
export interface WantedKey {
  readonly alg: SignatureAlgorithm;
  readonly kid: string | undefined;
}

/** The keys that stood in one JWK Set. */
export class KeySet {
  readonly #keys: ReadonlyMap<string, VerificationKey>;

  /** Takes keys by their canonical JSON. */
  constructor(keys: ReadonlyMap<string, VerificationKey>) {
    this.#keys = keys;
  }

  /** How many keys can be used. */
  get size(): number {
    return this.#keys.size;
  }

  /** The one key that a token can mean; several are none (RFC 7517 §4.5 leaves it open which). */
  find({ alg, kid }: WantedKey): Result<VerificationKey, "unknown-key" | "ambiguous-key"> {
    const fitting = [...this.#keys.values()].filter((key) =>
      key.fits(alg) && (kid === undefined || key.kid === kid)
    );
    const [first] = fitting;
    if (first === undefined) return err("unknown-key");
    return fitting.length === 1 ? ok(first) : err("ambiguous-key");
  }

  /** Whether a key still stands in the set. */
  has(key: VerificationKey): boolean {
    for (const held of this.#keys.values()) if (held === key) return true;
    return false;
  }

  /** The key of a set before, if it is the same. */
  sameAs(canonical: string): VerificationKey | undefined {
    return this.#keys.get(canonical);
  }
}

/**
 * Reads a JWK Set. Keys that are not for checking signatures with an algorithm of
 * {@linkcode SignatureAlgorithm} are left out, as RFC 7517 §5 wants, and so are private and symmetric
 * ones; a text that is no set at all is a fault.
 */
export function readKeySet(
  bytes: Uint8Array,
  previous?: KeySet,
): Result<KeySet, JsonFault | "no-keys-member" | "too-many-keys"> {
  const document = readStrictJson(bytes);
  if (!document.ok) return document;
  const listed = member(document.value, "keys");
  if (!Array.isArray(listed)) return err("no-keys-member");
  if (listed.length > MAX_KEYS) return err("too-many-keys");
  const keys = new Map<string, VerificationKey>();
  for (const jwk of listed) {
    if (!isObject(jwk) || !isForSignatures(jwk)) continue;
    const canonical = canonicalJson(jwk);
    keys.set(canonical, previous?.sameAs(canonical) ?? new VerificationKey(jwk));
  }
  return ok(new KeySet(keys));
}

const TYPES: ReadonlySet<unknown> = new Set(Object.values(KEY_OF_ALGORITHM).map(({ kty }) => kty));
const SECRET_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

function isForSignatures(jwk: JsonObject): boolean {
  const [kid, use, operations, alg] = ["kid", "use", "key_ops", "alg"].map((name) =>
    member(jwk, name)
  );
  return TYPES.has(member(jwk, "kty")) &&
    (kid === undefined || typeof kid === "string") &&
    (use === undefined || use === "sig") &&
    (operations === undefined || (Array.isArray(operations) && operations.includes("verify"))) &&
    (alg === undefined || (typeof alg === "string" && isSignatureAlgorithm(alg))) &&
    !SECRET_MEMBERS.some((name) => member(jwk, name) !== undefined);
}
