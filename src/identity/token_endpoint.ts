/**
 * One request to a token endpoint, and its answer believed only as far as it is whole: RFC 6749 §4.4
 * and §5, RFC 8693 §2.
 * @module
 */

import { type JsonObject, member, stringMember } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import { Secret } from "../base/secret.ts";
import { type Fetch, fetchBytes } from "./guarded_fetch.ts";
import { readStrictJson } from "./strict_json.ts";
import { type CredentialFault, endpointFault } from "./upstream_credential.ts";

/** The client we are to the authorization server of an upstream. */
export interface ClientIdentity {
  /** As registered there. */
  readonly clientId: string;
  /** As registered there. */
  readonly clientSecret: Secret;
  /** `client_secret_basic` (default) or `client_secret_post` (RFC 6749 §2.3.1). */
  readonly authMethod?: "client_secret_basic" | "client_secret_post";
}

/** A request for a token. */
export interface TokenRequest {
  readonly endpoint: URL;
  readonly client: ClientIdentity;
  /** `grant_type` and what belongs to it. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/** A token that was granted. */
export interface GrantedToken {
  /** `Bearer` and the token. */
  readonly header: Secret;
  /** How long it is good; `undefined` when the answer does not say. */
  readonly lifetimeMs: number | undefined;
}

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

/** Asks for a token. Anything but a bearer token in a whole answer is a fault. */
export async function requestToken(
  { endpoint, client, parameters, fetch, signal }: TokenRequest,
): Promise<Result<GrantedToken, CredentialFault>> {
  const headers = new Headers({ accept: "application/json" });
  const body = new URLSearchParams(parameters);
  const { clientId, clientSecret, authMethod = "client_secret_basic" } = client;
  if (authMethod === "client_secret_basic") {
    const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret.reveal())}`;
    headers.set("authorization", `Basic ${new TextEncoder().encode(pair).toBase64()}`);
  } else {
    body.set("client_id", clientId);
    body.set("client_secret", clientSecret.reveal());
  }
  const init = { method: "POST", headers, body };
  const limits = { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS };
  const answer = await fetchBytes(endpoint, { fetch, ...limits, signal, init });
  if (!answer.ok) return endpointFault(answer.error);
  const document = readStrictJson(answer.value);
  return document.ok
    ? readGrant(document.value)
    : endpointFault(`its answer is no token (${document.error})`);
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

function readGrant(answer: JsonObject): Result<GrantedToken, CredentialFault> {
  const token = stringMember(answer, "access_token") ?? "";
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) return endpointFault("its answer has no token");
  if (stringMember(answer, "token_type")?.toLowerCase() !== "bearer") {
    return endpointFault("its token is no bearer token");
  }
  const issued = member(answer, "issued_token_type");
  if (issued !== undefined && issued !== ACCESS_TOKEN && issued !== JWT) {
    return endpointFault("its token is no access token");
  }
  const seconds = member(answer, "expires_in");
  if (seconds !== undefined && !(typeof seconds === "number" && seconds > 0)) {
    return endpointFault('its "expires_in" is no number of seconds');
  }
  const lifetimeMs = seconds === undefined ? undefined : seconds * 1000;
  return ok({ header: new Secret(`Bearer ${token}`), lifetimeMs });
}

/** RFC 8693 §3. */
export const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const JWT = "urn:ietf:params:oauth:token-type:jwt";
