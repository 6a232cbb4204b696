/**
 * A JWT in compact form, taken apart and not yet believed: RFC 7515 §7.1, RFC 7519, RFC 8725.
 * @module
 */

import { type JsonObject, member, stringMember } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import { type JsonFault, readStrictJson } from "./strict_json.ts";
import type { TokenFault } from "./token_fault.ts";

/** What a token says of itself. */
export interface CompactToken {
  readonly alg: string;
  /** Which key it says it is signed with. */
  readonly kid: string | undefined;
  /** Whether `typ` names an access token (RFC 9068 §2.1). */
  readonly isAccessToken: boolean;
  /** The claims. */
  readonly payload: JsonObject;
}

const MAX_KID_CHARS = 256;

/**
 * Takes a token apart. Nothing in the header names a key but `kid`: `jku`, `x5u`, `jwk` and `x5c` are
 * not read.
 */
export function readCompactToken(text: string): Result<CompactToken, TokenFault> {
  const parts = text.split(".", 6);
  if (parts.length === 5) return err("encrypted");
  const [header64, payload64, signature64] = parts;
  if (
    header64 === undefined || payload64 === undefined || signature64 === undefined ||
    parts.length !== 3
  ) return err("not-three-parts");
  const header = readPart(header64);
  if (!header.ok) return header;
  const payload = readPart(payload64);
  if (!payload.ok) return payload;
  if (decodeBase64Url(signature64) === undefined) return err("not-base64url");
  return readHeader(header.value, payload.value);
}

/** Tells whether a bearer token can be a JWS: it has exactly two dots. */
export function hasJwtShape(token: string): boolean {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  return first !== -1 && second !== -1 && !token.includes(".", second + 1);
}

function readHeader(header: JsonObject, payload: JsonObject): Result<CompactToken, TokenFault> {
  const [alg, typ, kid] = ["alg", "typ", "kid"].map((name) => member(header, name));
  if (member(header, "enc") !== undefined) return err("encrypted");
  if (typeof alg !== "string") return err("alg");
  // No extension is understood here, so whatever is critical is refused (RFC 7515 §4.1.11).
  if (member(header, "crit") !== undefined || member(header, "b64") !== undefined) {
    return err("crit");
  }
  if (member(header, "cty") !== undefined) return err("nested");
  if (kid !== undefined && (typeof kid !== "string" || !isKid(kid))) return err("kid");
  if (typ !== undefined && (typeof typ !== "string" || !TYPES.has(lower(typ)))) return err("typ");
  return ok({
    alg,
    kid,
    isAccessToken: ACCESS_TOKEN_TYPES.has(lower(stringMember(header, "typ") ?? "")),
    payload,
  });
}

const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set(["at+jwt", "application/at+jwt"]);
const TYPES: ReadonlySet<string> = new Set(["jwt", ...ACCESS_TOKEN_TYPES]);

function isKid(kid: string): boolean {
  return kid !== "" && kid.length <= MAX_KID_CHARS;
}

/** Lower case of ASCII alone: no other letter becomes one of a media type. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function readPart(part: string): Result<JsonObject, "not-base64url" | JsonFault> {
  const bytes = decodeBase64Url(part);
  return bytes === undefined ? err("not-base64url") : readStrictJson(bytes);
}

const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

/** The bytes, if the text is the one way to write them: no padding, no space, no stray bits. */
function decodeBase64Url(text: string): Uint8Array | undefined {
  if (text === "") return undefined;
  try {
    const bytes = Uint8Array.fromBase64(text, BASE64URL);
    return bytes.toBase64(BASE64URL) === text ? bytes : undefined;
  } catch {
    return undefined; // a SyntaxError: not of the alphabet, or a length that no bytes have
  }
}
