/**
 * A server that is reached by its address, and what the proxy shows it, as commands are told them.
 * @module
 */

import { isHeaderName, isTakenHeader } from "../config/header_name.ts";
import type { CredentialSource } from "../transport/bridge/credential.ts";
import { usageError } from "./exit.ts";

const SERVER = "Which server";

/** The flags of a server that is reached by its address. */
export const UPSTREAM_FLAGS = {
  upstream: {
    kind: "text",
    value: "URL",
    group: SERVER,
    brief: "instead: its endpoint of Streamable HTTP",
  },
  "upstream-token-file": {
    kind: "text",
    value: "FILE",
    group: SERVER,
    brief: "the bearer token to show it; read again for each request",
  },
  "upstream-header-env": {
    kind: "many",
    value: "NAME=VAR",
    group: SERVER,
    brief: "a header to show it, from our variable VAR; repeat for more",
  },
  "allow-insecure-upstream": {
    kind: "switch",
    group: SERVER,
    brief: "let its URL be http although it is on another machine",
  },
} as const;

/**
 * Reads the address of an endpoint.
 *
 * @throws {CliError} with exit code 2.
 */
export function upstreamUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw usageError(
      `Cannot use --upstream ${JSON.stringify(text)}: it is no http or https URL`,
      "Name the endpoint itself, as http://127.0.0.1:3001/mcp",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError(
      "Cannot use an --upstream with a password in it: it would be shown to everybody who lists processes",
    );
  }
  return url;
}

/**
 * Insists on an encrypted way to servers of other machines; true when others may listen on it.
 *
 * @throws {CliError} with exit code 2.
 */
export function isOpenToOthers(url: URL, { allowed }: { readonly allowed: boolean }): boolean {
  if (url.protocol === "https:" || isLoopbackHost(url.hostname)) return false;
  if (allowed) return true;
  throw usageError(
    `Cannot use --upstream ${url.origin}: whoever stands between could read and change every call`,
    "Use https, or add --allow-insecure-upstream when the network is your own",
  );
}

/** Whether a host name as URLs hold it is this machine's own. */
function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Reads what the proxy shows the server.
 *
 * @throws {CliError} with exit code 2.
 */
export function credentialsOf(
  { tokenFile, headers }: {
    readonly tokenFile: string | undefined;
    readonly headers: readonly string[];
  },
): readonly CredentialSource[] {
  if (tokenFile === "") throw usageError("Cannot use an empty --upstream-token-file");
  const sources: CredentialSource[] = tokenFile === undefined
    ? []
    : [{ kind: "token_file", path: tokenFile }];
  const names = new Set(tokenFile === undefined ? [] : ["authorization"]);
  for (const text of headers) {
    const source = headerSource(text);
    if (names.has(source.header)) {
      throw usageError(`Cannot show the upstream two headers "${source.header}"`);
    }
    names.add(source.header);
    sources.push(source);
  }
  return sources;
}

/** A header and the name of a variable. */
const HEADER = /^([^=]+)=([^=\0]+)$/;

function headerSource(text: string): Extract<CredentialSource, { kind: "environment" }> {
  const [, name, variable] = HEADER.exec(text) ?? [];
  if (name === undefined || variable === undefined || !isHeaderName(name)) {
    throw usageError(
      "Cannot use this --upstream-header-env: it is not NAME=VAR",
      "Name the variable, not its value, as X-Api-Key=MY_API_KEY",
    );
  }
  const header = name.toLowerCase();
  if (isTakenHeader(header)) {
    throw usageError(`Cannot set the header "${header}": the protocol needs it for itself`);
  }
  return { kind: "environment", header, variable };
}
