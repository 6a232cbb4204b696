/**
 * What a refused client is told in `WWW-Authenticate`: RFC 6750 §3, RFC 9728 §5.1, MCP authorization.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";

/** The refusals that a client can answer with another token. */
export type ChallengeReason = Extract<
  DenyReason,
  { readonly code: "unauthenticated" | "insufficient_scope" }
>;

/** Options of {@linkcode bearerChallenge}. */
export interface Challenge {
  /** Why the request is refused. */
  readonly reason: ChallengeReason;
  /** Where the metadata of this resource is (RFC 9728). None when only API keys are taken. */
  readonly metadataUrl?: URL;
  /** What a client should ask its authorization server for; missing scopes of the reason come first. */
  readonly scopes?: readonly string[];
  /** Default none. */
  readonly realm?: string;
}

/**
 * The value of `WWW-Authenticate` for a refusal.
 *
 * A client that showed no token gets no error code; one whose scope does not suffice is told all the
 * scopes at once. Of the token itself, nothing is said but RFC 6750's code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bearerChallenge } from "@aegis/cli";
 *
 * const value = bearerChallenge({
 *   reason: { code: "insufficient_scope", scopes: ["files:read", "files:write"] },
 *   metadataUrl: new URL("https://mcp.example/.well-known/oauth-protected-resource/mcp"),
 * });
 * assert.equal(
 *   value,
 *   'Bearer error="insufficient_scope", scope="files:read files:write", ' +
 *     'resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"',
 * );
 * ```
 */
export function bearerChallenge({ reason, metadataUrl, scopes = [], realm }: Challenge): string {
  const wanted = reason.code === "insufficient_scope" ? reason.scopes : [];
  const all = new Set([...wanted, ...scopes].filter(isScope));
  const parameters = [
    ["realm", realm],
    ["error", errorCode(reason)],
    ["scope", all.size === 0 ? undefined : [...all].join(" ")],
    ["resource_metadata", metadataUrl?.href],
  ].flatMap(([name, value]) => value === undefined ? [] : [`${name}=${quoted(value)}`]);
  return parameters.length === 0 ? "Bearer" : `Bearer ${parameters.join(", ")}`;
}

/** The HTTP status of a refusal: RFC 6750 §3.1; 503 while nobody's token can be verified. */
export function challengeStatus(reason: ChallengeReason): 400 | 401 | 403 | 503 {
  if (reason.code === "insufficient_scope") return 403;
  switch (reason.detail) {
    case "invalid_request":
      return 400;
    case "unavailable":
      return 503;
    case "no_token":
    case "invalid_token":
    case "expired":
    case undefined:
      return 401;
  }
}

function errorCode(reason: ChallengeReason): string | undefined {
  if (reason.code === "insufficient_scope") return "insufficient_scope";
  switch (reason.detail) {
    case "no_token":
    case "unavailable":
      return undefined;
    case "invalid_request":
      return "invalid_request";
    case "invalid_token":
    case "expired":
    case undefined:
      return "invalid_token";
  }
}

/** RFC 6749 §3.3: no space, quote, backslash or control. Whatever else is no scope and is left out. */
function isScope(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
}

/** RFC 9110 §5.6.4. What a header cannot hold becomes `?`, so that no text ends the value or the line. */
function quoted(text: string): string {
  const safe = text.replace(/[^\t\x20-\x7e]/gu, "?").replace(/["\\]/g, "\\$&");
  return `"${safe}"`;
}
