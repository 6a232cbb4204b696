/**
 * What makes a well-shaped secret certain, and what shows that it is none.
 * @module
 */

import {
  endsNameInBackslash,
  isObject,
  type JsonObject,
  member,
  stringMember,
} from "../base/json.ts";
import { isVaried, looksMadeUp } from "./secret_examples.ts";
import type { SecretProof } from "./secret_rule.ts";

/** A candidate: a text and where the secret stands in it. */
export interface Candidate {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a proof found out. */
export interface Proven {
  /** Whether nothing else needs to be asked. */
  readonly certain: boolean;
  /** Where the secret ends, which some proofs find out. */
  readonly end: number;
}

/** Proves a candidate; `undefined` when it is no secret. */
export function proveSecret(proof: SecretProof, candidate: Candidate): Proven | undefined {
  switch (proof) {
    case "crc32":
      return proveChecksum(candidate);
    case "jwt":
      return proveToken(candidate);
    case "snowflake":
      return proveSnowflake(candidate);
    case "connection":
      return proveConnection(candidate);
    case "key-block":
      return proveKeyBlock(candidate);
  }
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** GitHub's and npm's tokens end in the checksum of what stands between the underscore and it. */
function proveChecksum({ text, start, end }: Candidate): Proven {
  const body = text.slice(text.indexOf("_", start) + 1, end);
  const checksum = crc32(body.slice(0, -6));
  let digits = "";
  for (let rest = checksum; digits.length < 6; rest = Math.floor(rest / 62)) {
    digits = BASE62.charAt(rest % 62) + digits;
  }
  return { certain: digits === body.slice(-6), end };
}

/** CRC-32 (IEEE 802.3) of ASCII. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const MAX_TOKEN = 8192; // What servers take as one header line.

/** RFC 7519 in the compact form of RFC 7515, signed. */
function proveToken({ text, start }: Candidate): Proven | undefined {
  const window = text.slice(start, start + MAX_TOKEN);
  const parts = /^([0-9A-Za-z_-]+)\.([0-9A-Za-z_-]+)\.([0-9A-Za-z_-]+)/.exec(window);
  if (parts === null) return undefined;
  const [token, header = "", claims = "", signature = ""] = parts;
  // 43 characters are the 32 bytes of HS256, the shortest signature of RFC 7518.
  if (signature.length < 43) return undefined;
  const algorithm = stringMember(jsonPart(header), "alg");
  if (algorithm === undefined || /^none$/i.test(algorithm)) return undefined;
  const payload = jsonPart(claims);
  if (payload === undefined || isTutorial(payload) || looksMadeUp(signature)) return undefined;
  return { certain: true, end: start + token.length };
}

/** Claims that tell whose the token is and when it holds: RFC 7519, 4.1. */
const REGISTERED = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/** Whether the claims are those of jwt.io's first page, which half of the world's documentation quotes, or none that a server asks for. */
function isTutorial(claims: JsonObject): boolean {
  return stringMember(claims, "sub") === "1234567890" ||
    stringMember(claims, "name") === "John Doe" ||
    !REGISTERED.some((claim) => member(claims, claim) !== undefined);
}

function jsonPart(part: string): JsonObject | undefined {
  try {
    const text = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    if (endsNameInBackslash(text)) return undefined;
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not Base64 or not JSON: then it is no token.
  }
}

function proveSnowflake({ text, start, end }: Candidate): Proven | undefined {
  const id = text.slice(start, end).split(".", 1)[0] ?? "";
  try {
    const digits = atob(id.replaceAll("-", "+").replaceAll("_", "/"));
    return /^[0-9]{17,20}$/.test(digits) ? { certain: false, end } : undefined;
  } catch {
    return undefined; // Not Base64: then it is no token.
  }
}

/** Hosts that nobody else reaches, and those of RFC 2606. */
const LOCAL =
  /^(?:localhost|127\.|0\.0\.0\.0|\[|host\b|hostname\b|[a-z0-9.-]*\bexample\b|[a-z0-9-]+(?:[:/]|$))/i;
/** Passwords that stand in documentation. */
const EXAMPLE_PASSWORD =
  /pass|secret|admin|root|user|test|postgres|mysql|mongo|redis|guest|1234|qwerty|hunter|[{}$%<>*]|\.\./i;

function proveConnection({ text, start, end }: Candidate): Proven | undefined {
  const password = text.slice(start, end);
  const host = text.slice(end + 1, end + 256);
  if (password.length < 8 || LOCAL.test(host) || EXAMPLE_PASSWORD.test(password)) return undefined;
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^0-9A-Za-z]/].filter((one) => one.test(password));
  return classes.length < 2 || looksMadeUp(password) ? undefined : { certain: true, end };
}

/** What stands between the lines of a key: line ends, also escaped for JSON or an URL, and quoting. */
const GAP = /(?:[ \t\r\n"',>*#|]|\\{1,4}[nr]|%0[AaDd]|%20|\+\n)*/y;
const HEADER = /[A-Z][0-9A-Za-z-]{2,19}: [^\n]{0,120}\n/y;
const RUN = /(?:[0-9A-Za-z/+]|%2[BFbf])+={0,2}/y;
const LAST = /-----END(?:[ +]|%20)[0-9A-Z +%]{2,40}-----/y;
const MAX_HEADERS = 4; // Proc-Type and DEK-Info, or Version and Comment.
const SHORTEST_LINE = 40; // A whole Ed25519 key is one line of 64; less than 40 shows nothing.

/** RFC 7468, RFC 4880, and OpenSSH's own. */
function proveKeyBlock({ text, end }: Candidate): Proven | undefined {
  let at = skip(text, { pattern: GAP, at: end });
  for (let headers = 0; headers < MAX_HEADERS; headers++) {
    const next = skip(text, { pattern: HEADER, at });
    if (next === at) break;
    at = skip(text, { pattern: GAP, at: next });
  }
  const first = skip(text, { pattern: RUN, at });
  const line = text.slice(at, Math.min(first, at + 256));
  if (line.length < SHORTEST_LINE || !isVaried(line)) return undefined;
  let last = first;
  for (;;) {
    const next = skip(text, { pattern: GAP, at: last });
    const closed = skip(text, { pattern: LAST, at: next });
    if (closed !== next) return { certain: true, end: closed };
    const run = skip(text, { pattern: RUN, at: next });
    if (run - next < 4) return { certain: true, end: last };
    last = run;
  }
}

function skip(
  text: string,
  { pattern, at }: { readonly pattern: RegExp; readonly at: number },
): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
