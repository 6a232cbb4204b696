/**
 * A proxy in this process between a client in this process and an upstream of the test's own making.
 * @module
 */

import type { PolicyEngine } from "../../../src/access/decision.ts";
import type { Principal } from "../../../src/access/principal.ts";
import type { DenyReason } from "../../../src/access/verdict.ts";
import { err, ok, type Result } from "../../../src/base/result.ts";
import type { Limits } from "../../../src/base/limits.ts";
import { resolveLimits } from "../../../src/base/limits.ts";
import { silentLogger } from "../../../src/base/log.ts";
import { Budget } from "../../../src/gateway/budget.ts";
import { Gateway } from "../../../src/gateway/gateway.ts";
import { HttpHandler } from "../../../src/transport/http/handler.ts";
import type { HttpIdentity, UpstreamTarget } from "../../../src/transport/http/settings.ts";
import { denying, FakeClock, MemorySink } from "../../gateway/harness.ts";

/** What an upstream of a test does with a request. */
export type Upstream = (
  request: Request,
  body: Message | undefined,
) => Response | Promise<Response>;

/** A JSON-RPC message, unchecked. */
// deno-lint-ignore no-explicit-any
export type Message = any;

/** What a test wants of its proxy. */
export interface ProxyWanted {
  readonly policy?: PolicyEngine;
  readonly limits?: Partial<Limits>;
  readonly keepAliveMs?: number;
  readonly sessionIdleMs?: number;
  readonly maxSessions?: number;
  /** What stands behind it. Default: the upstream of the test's own making, over Streamable HTTP. */
  readonly target?: (upstream: URL) => UpstreamTarget;
}

/** A proxy under test. */
export class TestProxy implements AsyncDisposable {
  readonly sink = new MemorySink();
  /** What reached the upstream. */
  readonly seen: { readonly headers: Headers; readonly method: string; readonly body: Message }[] =
    [];
  readonly handler: HttpHandler;
  readonly url: string;
  readonly #upstream: Deno.HttpServer<Deno.NetAddr>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(upstream: Upstream, wanted: ProxyWanted = {}) {
    this.#upstream = serve(async (request) => {
      const text = await request.text();
      const body = text === "" ? undefined : JSON.parse(text);
      this.seen.push({ headers: request.headers, method: request.method, body });
      return await upstream(request, body);
    });
    const limits = resolveLimits(wanted.limits ?? {});
    const gateway = new Gateway({
      inspector: undefined,
      pins: undefined,
      questions: { before: [], policy: wanted.policy ?? denying([]), after: [] },
      authenticate: (credentials) =>
        credentials.kind === "bearer" ? named(credentials.token) : err({ code: "unauthenticated" }),
      audit: this.sink,
      digest: undefined,
      recordArguments: false,
      limits,
      budget: new Budget(limits.maxInFlightBytes),
      clock: new FakeClock(),
      log: silentLogger,
    });
    const upstreamUrl = new URL(`http://127.0.0.1:${this.#upstream.addr.port}/mcp`);
    this.handler = new HttpHandler({
      gateway,
      upstreams: [{
        path: "/mcp",
        ssePath: "/sse",
        target: wanted.target?.(upstreamUrl) ?? { kind: "http", url: upstreamUrl },
        name: "up",
        gateway,
        identity: IDENTITY,
      }],
      hosts: undefined,
      origins: new Set(),
      keepAliveMs: wanted.keepAliveMs ?? 0,
      sessionIdleMs: wanted.sessionIdleMs ?? 60_000,
      maxSessions: wanted.maxSessions ?? 100,
    });
    this.#server = serve((request) => this.handler.handle(request));
    this.url = `http://127.0.0.1:${this.#server.addr.port}/mcp`;
  }

  /** One request of a client. */
  async send(
    message: unknown,
    { headers = {}, who = "anna", method = "POST", signal }: Sent = {},
  ): Promise<Response> {
    const isPost = method === "POST";
    return await fetch(this.url, {
      method,
      headers: {
        accept: isPost ? "application/json, text/event-stream" : "text/event-stream",
        authorization: `Bearer ${who}`,
        ...(isPost ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(isPost ? { body: typeof message === "string" ? message : JSON.stringify(message) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Begins a session; gives its id. */
  async begin(who = "anna"): Promise<string> {
    const response = await this.send(request(0, "initialize", INITIALIZE), { who });
    await response.body?.cancel();
    return response.headers.get("mcp-session-id") ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handler[Symbol.asyncDispose]();
    await Promise.all([this.#server.shutdown(), this.#upstream.shutdown()]);
  }
}

/** How a request of a client is sent. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly who?: string;
  readonly method?: "POST" | "GET" | "DELETE";
  readonly signal?: AbortSignal;
}

const INITIALIZE = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
};

/** A request as an object. */
export function request(id: unknown, method: string, params: object = {}): Message {
  return { jsonrpc: "2.0", id, method, params };
}

/** A call of a tool. */
export function toolCall(id: unknown, name = "read"): Message {
  return request(id, "tools/call", { name, arguments: {} });
}

/** A JSON answer to a request. */
export function answer({ id }: Message, result: object = { content: [] }, status = 200): Response {
  return Response.json({ jsonrpc: "2.0", id, result }, { status });
}

/** A stream of events, each written when it is pulled. */
export function events(...parts: readonly string[]): Response {
  return new Response(parts.join(""), { headers: { "content-type": "text/event-stream" } });
}

/** An upstream that answers `initialize` and everything else alike. */
export const ordinary: Upstream = (_, body) =>
  body?.method === "initialize"
    ? Response.json({ jsonrpc: "2.0", id: body.id, result: { protocolVersion: "2025-11-25" } }, {
      headers: { "mcp-session-id": "up-1" },
    })
    : body?.id === undefined
    ? new Response(null, { status: 202 })
    : answer(body);

const IDENTITY: HttpIdentity = {
  credentials: (headers) => {
    const token = headers.get("authorization")?.replace("Bearer ", "");
    return token === undefined
      ? err({ code: "unauthenticated", detail: "no_token" })
      : ok({ kind: "bearer", token });
  },
  refusal: ({ code }) =>
    code === "insufficient_scope"
      ? { status: 403, challenge: 'Bearer error="insufficient_scope"' }
      : { status: 401, challenge: "Bearer" },
};

function named(token: string): Result<Principal, DenyReason> {
  return ok({ id: `issuer#${token}`, kind: "token", roles: new Set(), scopes: new Set() });
}

function serve(
  handle: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handle);
}
