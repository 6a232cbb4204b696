/**
 * A real proxy on a loopback port, a real upstream behind it, and clients that write raw bytes.
 * @module
 */

import { createGateway } from "../../../src/assemble.ts";
import type { AuditEntry } from "../../../src/audit/entry.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { Limits } from "../../../src/base/limits.ts";
import type { Gateway } from "../../../src/gateway/gateway.ts";
import { localAuthenticator } from "../../../src/identity/authenticator.ts";
import { localHttpIdentity } from "../../../src/identity/http_identity.ts";
import { parsePolicy } from "../../../src/policy/load.ts";
import { HttpHandler, type HttpHandlerOptions } from "../../../src/transport/http/handler.ts";
import {
  type HttpListener,
  listen,
  type ListenOptions,
} from "../../../src/transport/http/listen.ts";
import { MemorySink } from "../../gateway/harness.ts";

const POLICY = `
version: "1"
principals:
  tester: { roles: [], tools: [{ pattern: "good", actions: [read, execute] }] }
`;

/** What the upstream saw. */
export interface Seen {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What a test wants of its proxy. */
export interface EdgeOptions {
  readonly limits?: Partial<Limits>;
  readonly listen?: Partial<ListenOptions>;
  readonly handler?: Partial<HttpHandlerOptions>;
  /** Answers in place of the usual one. */
  readonly upstream?: (request: Request, body: string) => Response | Promise<Response>;
}

/** A proxy under test. */
export class Edge implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly sink = new MemorySink();

  private constructor(
    readonly listener: HttpListener,
    readonly handler: HttpHandler,
    readonly gateway: Gateway,
    readonly upstream: Deno.HttpServer<Deno.NetAddr>,
  ) {}

  static async open(options: EdgeOptions = {}): Promise<Edge> {
    const seen: Seen[] = [];
    const upstream = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (r) => {
      const body = await r.text();
      seen.push({ method: r.method, headers: r.headers, body });
      return await (options.upstream ?? answer)(r, body);
    });
    const sink = new MemorySink();
    const gateway = createGateway({
      authenticator: localAuthenticator({ principal: "tester" }),
      policy: await parsePolicy(POLICY, { file: "edge.yaml" }),
      audit: sink,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    const hosts = new Set<string>();
    const handler = new HttpHandler({
      gateway,
      upstreams: [{
        path: "/mcp",
        ssePath: null,
        target: { kind: "http", url: new URL(`http://127.0.0.1:${upstream.addr.port}/mcp`) },
        identity: localHttpIdentity(),
        gateway,
        name: null,
      }],
      hosts,
      origins: new Set(["http://good.example"]),
      keepAliveMs: 0,
      sessionIdleMs: 60_000,
      maxSessions: 10_000,
      ...options.handler,
    });
    const listener = listen(handler, { port: 0, ...options.listen });
    hosts.add(`127.0.0.1:${listener.port}`).add(`localhost:${listener.port}`);
    const edge = new Edge(listener, handler, gateway, upstream);
    Object.assign(edge, { seen, sink });
    return edge;
  }

  get host(): string {
    return `127.0.0.1:${this.listener.port}`;
  }

  /** The refusals that were recorded. */
  get refusals(): readonly JsonObject[] {
    return this.sink.entries.filter((entry: AuditEntry) =>
      entry.type === "event" && entry.event === "http-refused"
    ).map((entry) => (entry as Extract<AuditEntry, { type: "event" }>).detail);
  }

  /** Writes bytes on a connection of its own and reads what comes until it is closed, or quiet. */
  async raw(...parts: readonly (string | Uint8Array)[]): Promise<string> {
    using client = await this.connect();
    for (const part of parts) await client.write(part);
    return await client.answer();
  }

  async connect(): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port: this.listener.port }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.drain(0);
    await this.gateway[Symbol.asyncDispose]();
    await this.upstream.shutdown();
  }
}

/** A client that knows no HTTP. */
export class RawClient implements Disposable {
  /** All that came. */
  text = "";
  /** How many bytes that was. */
  bytes = 0;
  isClosed = false;
  readonly #conn: Deno.Conn;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  async write(part: string | Uint8Array): Promise<void> {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Reads until a text is there, or the connection is closed. */
  async until(wanted: string | RegExp): Promise<string> {
    while (!(typeof wanted === "string" ? this.text.includes(wanted) : wanted.test(this.text))) {
      if (!await this.more()) break;
    }
    return this.text;
  }

  /** Reads until it is closed. */
  async rest(): Promise<string> {
    while (await this.more());
    return this.text;
  }

  /** Reads one answer whole: its head, and as much as its length says; or until it is closed. */
  async answer(): Promise<string> {
    await this.until("\r\n\r\n");
    const length = /content-length: (\d+)/i.exec(this.text)?.[1];
    const head = this.text.indexOf("\r\n\r\n") + 4;
    while (length !== undefined && this.text.length < head + Number(length)) {
      if (!await this.more()) break;
    }
    if (/connection: close/i.test(this.text)) await this.rest();
    return this.text;
  }

  /** Reads what comes next; false when it is closed. */
  async more(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      const bytes = await this.#conn.read(buffer);
      if (bytes !== null) {
        this.bytes += bytes;
        this.text += new TextDecoder().decode(buffer.subarray(0, bytes));
        return true;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
    this.isClosed = true;
    return false;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

/** A call of a tool, as the body of a POST. */
export function callBody(id: number, name = "good", text = "x"): string {
  return JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name, arguments: { text } },
  });
}

/** The head of a POST; further lines go in before its end. */
export function postHead(edge: Edge, lines: readonly string[], target = "/mcp"): string {
  return [
    `POST ${target} HTTP/1.1`,
    `Host: ${edge.host}`,
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    ...lines,
    "",
    "",
  ].join("\r\n");
}

/** A whole POST. */
export function post(edge: Edge, body: string, lines: readonly string[] = []): string {
  return postHead(edge, [...lines, `Content-Length: ${body.length}`]) + body;
}

/** The status code of the first answer in a text, 0 when there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

function answer(_request: Request, body: string): Response {
  const { id } = JSON.parse(body) as { id?: number };
  if (id === undefined) return new Response(null, { status: 202 });
  return Response.json({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "ok" }] } });
}
