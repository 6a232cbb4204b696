/**
 * Signatures, by `jose` over WebCrypto. No other file imports it; it is loaded with the first key.
 * @module
 */

import { type JsonObject, stringMember } from "../base/json.ts";

/** The algorithms that can be allowed: asymmetric ones, of RFC 7518 §3.1, RFC 8037 and RFC 9864. */
export type SignatureAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

/** The key that an algorithm needs. */
export const KEY_OF_ALGORITHM: Readonly<
  Record<SignatureAlgorithm, { readonly kty: string; readonly crv?: string }>
> = {
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
  PS256: { kty: "RSA" },
  PS384: { kty: "RSA" },
  PS512: { kty: "RSA" },
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  ES512: { kty: "EC", crv: "P-521" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
  Ed25519: { kty: "OKP", crv: "Ed25519" },
};

/** Tells whether a name is that of an algorithm that can be allowed. */
export function isSignatureAlgorithm(name: string): name is SignatureAlgorithm {
  return Object.hasOwn(KEY_OF_ALGORITHM, name);
}

let library: Promise<typeof import("jose")> | undefined;

/** Loads what verifies, so that no token waits for it. */
export function loadJose(): Promise<typeof import("jose")> {
  return library ??= import("jose");
}

/** Makes a key of a public JWK for one algorithm; `undefined` when it is none. */
export async function importKey(
  jwk: JsonObject,
  alg: SignatureAlgorithm,
): Promise<CryptoKey | undefined> {
  const { importJWK } = await loadJose();
  // Only what makes the public key: neither `use`, `key_ops` nor `ext` of others steers the import.
  const numbers = PUBLIC_MEMBERS.flatMap((name) => {
    const value = stringMember(jwk, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  try {
    const key = await importJWK(Object.fromEntries(numbers), alg);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined; // numbers that are on no curve, or not of this key type: as good as no key
  }
}

const PUBLIC_MEMBERS = ["kty", "crv", "n", "e", "x", "y"];

/** Tells whether a compact token was signed with a key, by exactly that algorithm. */
export async function verifySignature(
  token: string,
  key: CryptoKey,
  alg: SignatureAlgorithm,
): Promise<boolean> {
  const { compactVerify } = await loadJose();
  try {
    await compactVerify(token, key, { algorithms: [alg] });
    return true;
  } catch {
    return false; // a JOSEError, or a TypeError for a key that is too short: not proved either way
  }
}
