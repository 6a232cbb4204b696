/**
 * What a page of a named origin may do, in the words browsers want (Fetch standard, CORS protocol).
 * Nobody's page may do anything unless the operator names its origin.
 * @module
 */

const NOBODY: ReadonlySet<string> = new Set();
const METHODS = "POST, GET, DELETE";
const ASKED = "authorization, content-type, accept, last-event-id, mcp-protocol-version, " +
  "mcp-session-id, mcp-method, mcp-name";
const SHOWN = "mcp-session-id, www-authenticate, retry-after";
/** A browser asks again after this, in seconds. */
const MAX_AGE_S = 600;

/** The origin of a page that was named, undefined for everybody else. */
export function namedPage(
  headers: Headers,
  pages: ReadonlySet<string> = NOBODY,
): string | undefined {
  const origin = headers.get("origin");
  return origin !== null && pages.has(origin.toLowerCase()) ? origin : undefined;
}

/** The answer to a browser that asks beforehand; undefined for any other request. */
export function preflight({ method, headers }: Request): Response | undefined {
  if (method !== "OPTIONS" || !headers.has("access-control-request-method")) return undefined;
  // the names of parameters are those of tools: what is asked for is what the body will be held against
  const params = (headers.get("access-control-request-headers") ?? "").toLowerCase().split(",")
    .map((name) => name.trim()).filter((name) => /^mcp-param-[a-z0-9_-]{1,64}$/.test(name));
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": [ASKED, ...params].join(", "),
      "access-control-max-age": `${MAX_AGE_S}`,
    },
  });
}

/** Lets the page read a response. */
export function showTo(page: string, { headers }: Response): void {
  headers.set("access-control-allow-origin", page);
  headers.set("access-control-expose-headers", SHOWN);
  headers.append("vary", "origin");
}
