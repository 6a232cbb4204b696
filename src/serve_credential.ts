/**
 * What the proxy shows one upstream of its own, ready for each request.
 * @module
 */

import type { Principal } from "./access/principal.ts";
import { AegisError } from "./base/error.ts";
import type { Logger } from "./base/log.ts";
import type { Secret } from "./base/secret.ts";
import { clientCredentials, tokenExchange } from "./identity/granted_credential.ts";
import type { UpstreamCredential } from "./identity/upstream_credential.ts";
import {
  type CredentialSource,
  readSecret,
  type SecretPlace,
  upstreamCredential,
} from "./transport/bridge/credential.ts";
import type { Header } from "./transport/http/upstream_link.ts";

/** One thing that is shown. */
export type ServedCredential = CredentialSource | GrantedToken;

/** A token that an authorization server grants. */
export interface GrantedToken {
  readonly kind: "grant";
  /** For the proxy itself, or in exchange for the client's own. */
  readonly grant: "clientCredentials" | "tokenExchange";
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: SecretPlace;
  readonly authMethod: "client_secret_basic" | "client_secret_post" | undefined;
  /** The upstream as the authorization server knows it. */
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** Gives the headers for a request on behalf of a principal. */
export interface Shown extends AsyncDisposable {
  /** Rejects when they cannot be had; what is wrong goes to the log alone. */
  readonly headers: (principal?: Principal) => Promise<readonly Header[]>;
}

/** Options of {@linkcode openCredentials}. */
export interface CredentialOptions {
  /** The upstream, for the log. */
  readonly name: string;
  readonly log: Logger;
  /** The token that proved a principal, if one did. */
  readonly subject: (principal: Principal) => Secret | undefined;
}

/**
 * Reads every secret once, and gives what makes the headers for each request.
 *
 * @throws {AegisError} `upstream-credential` when one cannot be read or used.
 */
export async function openCredentials(
  credentials: readonly ServedCredential[],
  { name, log, subject }: CredentialOptions,
): Promise<Shown> {
  const grants = credentials.filter((each) => each.kind === "grant");
  const plain = await upstreamCredential(credentials.filter((each) => each.kind !== "grant"));
  const granted = await Promise.all(grants.map(grantedOf));
  return {
    headers: async (principal) => {
      try {
        const token = principal === undefined ? undefined : subject(principal);
        return [
          ...await plain(),
          ...await Promise.all(granted.map((each) => authorization(each, token))),
        ];
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        log.log("WARNING", `${name} is not asked: ${problem}`);
        throw new AegisError("upstream-credential", "Cannot have the credential of the proxy");
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of granted) await each[Symbol.asyncDispose]();
    },
  };
}

async function grantedOf(
  { grant, clientSecret, authMethod, ...options }: GrantedToken,
): Promise<UpstreamCredential> {
  const make = grant === "tokenExchange" ? tokenExchange : clientCredentials;
  return make({
    ...options,
    clientSecret: await readSecret(clientSecret),
    ...(authMethod === undefined ? {} : { authMethod }),
  });
}

async function authorization(
  credential: UpstreamCredential,
  subjectToken: Secret | undefined,
): Promise<Header> {
  const header = await credential.authorization(subjectToken === undefined ? {} : { subjectToken });
  if (header.ok) return ["authorization", header.value.reveal()];
  const { error } = header;
  throw new AegisError(
    "upstream-credential",
    error.code === "no_subject_token"
      ? "its client showed no token that could be exchanged"
      : `the token endpoint gave no token: ${error.detail}`,
  );
}
