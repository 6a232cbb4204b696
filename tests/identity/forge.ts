/**
 * Tokens whose every byte the test chooses, signed with the real key of an issuer.
 * @module
 */

import { importJWK } from "jose";
import type { JwtAuthenticator } from "../../src/identity/jwt_authenticator.ts";
import type { TestIssuer } from "../fixtures/issuer.ts";

const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

/** Bytes, or their text, in canonical base64url. */
export function encode(part: string | Uint8Array): string {
  const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
  return new Uint8Array(bytes).toBase64(BASE64URL);
}

/** Signs two parts as they are, by RS256 with the issuer's RSA key, whatever the header says. */
export async function signParts(issuer: TestIssuer, parts: string): Promise<string> {
  const key = await importJWK(issuer.keyFor("RS256").privateJwk, "RS256");
  if (key instanceof Uint8Array) throw new Error("no private key");
  const data = new TextEncoder().encode(parts);
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, data);
  return `${parts}.${encode(new Uint8Array(signature))}`;
}

/** Signs a header and a payload, each as it is written. */
export function signRaw(
  issuer: TestIssuer,
  { header, payload }: {
    readonly header: string | Uint8Array;
    readonly payload: string | Uint8Array;
  },
): Promise<string> {
  return signParts(issuer, `${encode(header)}.${encode(payload)}`);
}

/** `id`, or the rule that a token broke. */
export async function told(who: JwtAuthenticator, token: string): Promise<string> {
  const answer = await who.authenticate({ kind: "bearer", token });
  if (answer.ok) return answer.value.id;
  return answer.error.code === "unauthenticated" ? answer.error.rule ?? "" : answer.error.code;
}
