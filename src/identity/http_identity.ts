/**
 * How a client shows over HTTP who it is, and what it is told when that proves nobody.
 * @module
 */

import type { Credentials } from "../access/principal.ts";
import type { DenyReason } from "../access/verdict.ts";
import { ok, type Result } from "../base/result.ts";
import { bearerRefusal, readBearerToken } from "./bearer_token.ts";
import { bearerChallenge, challengeStatus } from "./challenge.ts";

/** What an HTTP server asks of the identity of its clients. */
export interface HttpIdentity {
  /** The credentials that a request shows, or why it shows none. */
  credentials(headers: Headers): Result<Credentials, DenyReason>;
  /** The status of a refusal, and its `WWW-Authenticate` header (RFC 6750 §3) where one helps. */
  refusal(reason: DenyReason): { readonly status: number; readonly challenge?: string };
}

/** Whoever can connect is the local principal: for listeners that only this machine reaches. */
export function localHttpIdentity(): HttpIdentity {
  return { credentials: () => ok({ kind: "local" }), refusal: () => ({ status: 401 }) };
}

/** Options of {@linkcode bearerHttpIdentity}. */
export interface BearerHttpOptions {
  /** Where the metadata of the resource is (RFC 9728). None when only API keys are taken. */
  readonly metadataUrl?: URL;
  /** What a client without a token should ask its authorization server for. */
  readonly scopes?: readonly string[];
}

/** A token in the `Authorization` header, and nowhere else. */
export function bearerHttpIdentity({ metadataUrl, scopes }: BearerHttpOptions = {}): HttpIdentity {
  return {
    credentials: (headers) => {
      const token = readBearerToken(headers.get("authorization"));
      return token.ok
        ? ok({ kind: "bearer", token: token.value })
        : { ok: false, error: bearerRefusal(token.error) };
    },
    refusal: (reason) => {
      if (reason.code !== "unauthenticated" && reason.code !== "insufficient_scope") {
        return { status: 503 };
      }
      const isFirst = reason.code === "unauthenticated" && reason.detail === "no_token";
      const challenge = bearerChallenge({
        reason,
        ...(metadataUrl === undefined ? {} : { metadataUrl }),
        ...(isFirst && scopes !== undefined ? { scopes } : {}),
      });
      return { status: challengeStatus(reason), challenge };
    },
  };
}
