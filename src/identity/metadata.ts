/**
 * Where a client learns which authorization servers this resource trusts: RFC 9728.
 * @module
 */

/** Options of {@linkcode protectedResourceMetadata}. */
export interface ProtectedResource {
  /** What clients name as `resource`: the URL of the MCP endpoint. */
  readonly resource: string | URL;
  /** The issuers, as written in their tokens; at least one (MCP authorization). */
  readonly authorizationServers: readonly string[];
  /** Scopes that clients may ask for. Default: not said. */
  readonly scopesSupported?: readonly string[];
  /** A name for people. Default: not said. */
  readonly name?: string;
}

/** The document at the well-known path (RFC 9728 §2). */
export interface ProtectedResourceMetadata {
  /** The resource identifier. */
  readonly resource: string;
  /** The issuers. */
  readonly authorization_servers: readonly string[];
  /** A token comes in a header; never in a body or a query. */
  readonly bearer_methods_supported: readonly ["header"];
  /** Scopes that clients may ask for. */
  readonly scopes_supported?: readonly string[];
  /** A name for people. */
  readonly resource_name?: string;
}

/**
 * The metadata of a protected resource.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { protectedResourceMetadata } from "@aegis/cli";
 *
 * assert.deepEqual(
 *   protectedResourceMetadata({
 *     resource: "https://MCP.example:443/mcp/",
 *     authorizationServers: ["https://auth.example"],
 *   }),
 *   {
 *     resource: "https://mcp.example/mcp",
 *     authorization_servers: ["https://auth.example"],
 *     bearer_methods_supported: ["header"],
 *   },
 * );
 * ```
 *
 * @throws {TypeError} when `resource` is no http or https URL, or there is no authorization server.
 */
export function protectedResourceMetadata(
  { resource, authorizationServers, scopesSupported, name }: ProtectedResource,
): ProtectedResourceMetadata {
  if (authorizationServers.length === 0) {
    throw new TypeError("Cannot describe a resource: it needs an authorization server");
  }
  return {
    resource: canonicalResource(resource),
    authorization_servers: [...authorizationServers],
    bearer_methods_supported: ["header"],
    ...(scopesSupported === undefined ? {} : { scopes_supported: [...scopesSupported] }),
    ...(name === undefined ? {} : { resource_name: name }),
  };
}

/**
 * The paths at which the metadata of a resource is looked for: with its path inserted (RFC 9728 §3.1),
 * and at the root, where MCP clients look next.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { metadataPaths } from "@aegis/cli";
 *
 * assert.deepEqual(metadataPaths("https://mcp.example/mcp"), [
 *   "/.well-known/oauth-protected-resource/mcp",
 *   "/.well-known/oauth-protected-resource",
 * ]);
 * ```
 *
 * @throws {TypeError} when `resource` is no http or https URL.
 */
export function metadataPaths(resource: string | URL): readonly string[] {
  const { pathname } = new URL(canonicalResource(resource));
  return [...new Set([`${WELL_KNOWN}${pathname === "/" ? "" : pathname}`, WELL_KNOWN])];
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/**
 * A resource identifier as MCP wants it written (RFC 8707 §2): scheme and host in lower case, no
 * default port, no fragment, no slash at the end.
 *
 * @throws {TypeError} when it is no http or https URL, or holds a user.
 */
export function canonicalResource(resource: string | URL): string {
  const url = URL.parse(String(resource));
  if (
    url === null || !["https:", "http:"].includes(url.protocol) || url.username !== "" ||
    url.password !== ""
  ) {
    throw new TypeError(
      `Cannot name a resource ${
        JSON.stringify(String(resource))
      }: it is no http or https URL without a user`,
    );
  }
  return `${url.origin}${withoutSlash(url.pathname)}${url.search}`;
}

/** A path without the slashes at its end, in linear time. */
function withoutSlash(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}
