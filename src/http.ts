/**
 * The HTTP proxy for people who have a gateway, and perhaps a server, of their own.
 * @module
 */

import type { Gateway } from "./gateway/gateway.ts";
import { bearerHttpIdentity, type HttpIdentity } from "./identity/http_identity.ts";
import { noticeEnd } from "./transport/http/body_end.ts";
import { HTTP_DEFAULTS } from "./transport/http/settings.ts";
import { HttpHandler } from "./transport/http/handler.ts";
import { type HttpListener, listen } from "./transport/http/listen.ts";
import type { Header } from "./transport/http/upstream_link.ts";

/** Options of {@linkcode httpHandler}. */
export interface HttpHandlerOptions {
  /** The server's endpoint of Streamable HTTP. */
  readonly upstream: URL;
  /** The path under which clients find it. Default: that of `upstream`. */
  readonly path?: string;
  /** The server's name in patterns and in the audit. Default: none. */
  readonly name?: string;
  /**
   * How clients show who they are. Default: a bearer token, which the gateway's authenticator proves.
   * With a `localAuthenticator` take {@linkcode localHttpIdentity}, where only this machine connects.
   */
  readonly identity?: HttpIdentity;
  /** The proxy's own credential towards the server. Default: none. */
  readonly headers?: () => Promise<readonly Header[]> | readonly Header[];
  /** `Host` headers that are answered, each with its port if it has one. Default: any. */
  readonly hosts?: readonly string[];
  /** `Origin` headers that are answered: pages that may ask. Default: none. */
  readonly origins?: readonly string[];
  /** Silence of a stream after which a comment is sent, in milliseconds; 0 never sends one. Default 15,000. */
  readonly keepAliveMs?: number;
  /** Sessions without requests and streams end after this, in milliseconds. Default 30 minutes. */
  readonly sessionIdleMs?: number;
  /** The most sessions at once. Default 10,000. */
  readonly maxSessions?: number;
}

/** Answers requests; disposing of it ends every session and stream. */
export interface HttpProxy extends AsyncDisposable {
  /** Answers one request. Never throws. */
  (request: Request): Promise<Response>;
}

/**
 * Makes a function that answers requests as the proxy does, for a server of your own (Hono, Oak, Deno
 * Deploy). Host names are yours to check, unless you give them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createGateway, httpHandler, jwtAuthenticator, noneSink, parsePolicy } from "@aegis/cli";
 *
 * await using authenticator = jwtAuthenticator({
 *   issuers: [{ issuer: "https://auth.example", audiences: ["https://mcp.example/mcp"] }],
 * });
 * await using gateway = createGateway({
 *   authenticator,
 *   policy: await parsePolicy('version: "1"\nprincipals: { dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] } }'),
 *   audit: noneSink(),
 * });
 * await using proxy = httpHandler(gateway, { upstream: new URL("http://127.0.0.1:9000/mcp") });
 * const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
 * const response = await proxy(new Request("https://mcp.example/mcp", { method: "POST", headers, body: "{}" }));
 * assert.equal(response.status, 401);
 * ```
 */
export function httpHandler(gateway: Gateway, options: HttpHandlerOptions): HttpProxy {
  const handler = handlerOf(gateway, options, options.hosts && inSmallLetters(options.hosts));
  const handle = async (request: Request): Promise<Response> => {
    const { promise: finished, resolve } = Promise.withResolvers<void>();
    return noticeEnd(await handler.handle(request, { address: "-", finished }), resolve);
  };
  return Object.assign(handle, {
    [Symbol.asyncDispose]: () => handler[Symbol.asyncDispose](),
  });
}

/** Options of {@linkcode serveHttp}. */
export interface ServeHttpOptions extends HttpHandlerOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** The address to listen on. Default 127.0.0.1: nobody else can connect. */
  readonly hostname?: string;
  /** PEM texts of the certificate chain and its key. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A proxy that listens; disposing of it ends it at once. */
export interface HttpServer extends HttpListener, AsyncDisposable {}

/**
 * Listens, and answers as {@linkcode httpHandler} does. Without `hosts` only the listener's own
 * addresses are answered, so that no page can reach it by a name of its own (DNS rebinding).
 *
 * @throws {AegisError} `cannot-listen` when the port cannot be taken.
 *
 * @example
 * ```ts
 * import { createGateway, localAuthenticator, localHttpIdentity, noneSink, parsePolicy, serveHttp } from "@aegis/cli";
 *
 * await using gateway = createGateway({
 *   authenticator: localAuthenticator({ principal: "developer", roles: ["dev"] }),
 *   policy: await parsePolicy('version: "1"\nprincipals: { dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] } }'),
 *   audit: noneSink(),
 * });
 * await using server = await serveHttp(gateway, {
 *   port: 0,
 *   upstream: new URL("http://127.0.0.1:9000/mcp"),
 *   identity: localHttpIdentity(),
 * });
 * console.log(server.port > 0);
 * ```
 */
export async function serveHttp(
  gateway: Gateway,
  options: ServeHttpOptions,
): Promise<HttpServer> {
  const { hostname = "127.0.0.1", port, tls } = options;
  const hosts = new Set(inSmallLetters(options.hosts ?? []));
  const handler = handlerOf(gateway, options, hosts);
  const secret = tls === undefined
    ? {}
    : { tls: (await import("./transport/http/tls_layer.ts")).tlsLayer(tls) };
  const { limits, log } = gateway;
  const listener = listen(handler, {
    ...{ hostname, port, log, maxConnections: limits.maxConnections, ...secret },
    bounds: { stallMs: limits.transportTimeoutMs },
  });
  if (options.hosts === undefined) {
    const own = hostname.includes(":") ? `[${hostname}]` : hostname;
    for (const name of inSmallLetters([own, "127.0.0.1", "localhost", "[::1]"])) {
      hosts.add(`${name}:${listener.port}`);
      // the port of the scheme may be left away
      if (listener.port === (tls === undefined ? 80 : 443)) hosts.add(name);
    }
  }
  return Object.assign(listener, {
    [Symbol.asyncDispose]: async () => void await listener.drain(0),
  });
}

function handlerOf(
  gateway: Gateway,
  options: HttpHandlerOptions,
  hosts: ReadonlySet<string> | undefined,
): HttpHandler {
  const { upstream, path = upstream.pathname, name = null, headers } = options;
  const origins = inSmallLetters(options.origins ?? []);
  return new HttpHandler({
    gateway,
    upstreams: [{
      path,
      ssePath: null,
      target: { kind: "http", url: upstream, ...(headers === undefined ? {} : { headers }) },
      name,
      gateway,
      identity: options.identity ?? bearerHttpIdentity(),
    }],
    hosts,
    origins,
    pages: origins,
    keepAliveMs: options.keepAliveMs ?? HTTP_DEFAULTS.keepAliveMs,
    sessionIdleMs: options.sessionIdleMs ?? HTTP_DEFAULTS.sessionIdleMs,
    maxSessions: options.maxSessions ?? HTTP_DEFAULTS.maxSessions,
  });
}

/** Hosts and origins are compared without their case (RFC 9110 §4.2.3). */
function inSmallLetters(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map((text) => text.toLowerCase()));
}
