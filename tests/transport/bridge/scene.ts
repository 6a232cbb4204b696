/**
 * A client on stdio, a bridge with a real gateway, and an upstream that a test writes.
 * @module
 */

import { createLogger } from "../../../src/base/log.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../src/base/limits.ts";
import { runBridge } from "../../../src/transport/bridge/bridge.ts";
import { Ticker } from "../../../src/transport/http/ticker.ts";
import { HttpWire } from "../../../src/transport/http/http_wire.ts";
import type { Header } from "../../../src/transport/http/upstream_link.ts";
import { TestChannel, type Wanted } from "../../gateway/harness.ts";
import { eventually } from "../../e2e/harness.ts";
import { ClientInput, ClientOutput, FakeSignals } from "../support.ts";

/** A message as it is read. */
export type Message = Record<string, unknown> & {
  readonly id?: string | number;
  readonly method?: string;
};

/** A request that the upstream has seen. */
export interface Seen {
  readonly method: string;
  readonly headers: Headers;
  /** Undefined without one. */
  readonly body: Message | undefined;
  readonly atMs: number;
}

/** What an upstream says to a request. */
export type Answerer = (seen: Seen, request: Request) => Response | Promise<Response>;

/** An upstream, its requests written down. */
export interface Upstream extends AsyncDisposable {
  readonly url: URL;
  readonly seen: readonly Seen[];
}

/** Serves what a test says. */
export function upstream(answer: Answerer, { port = 0 } = {}): Upstream {
  const seen: Seen[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {}, onError: () => new Response(null) },
    async (request) => {
      const { method, headers } = request;
      const text = await request.text();
      const body = text === "" ? undefined : JSON.parse(text);
      const one = { method, headers, body, atMs: performance.now() };
      seen.push(one);
      return await answer(one, request);
    },
  );
  return {
    url: new URL(`http://127.0.0.1:${server.addr.port}/mcp`),
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A running bridge. */
export interface Scene extends AsyncDisposable {
  readonly stdin: ClientInput;
  readonly stdout: ClientOutput;
  readonly signals: FakeSignals;
  readonly channel: TestChannel;
  readonly code: Promise<number>;
  /** What people read on stderr. */
  readonly notes: readonly string[];
  /** Sends messages of the client. */
  say(...messages: readonly unknown[]): void;
  /** Waits for the answer to a request. */
  answer(id: string | number): Promise<Message>;
  /** Waits for what a test looks for on stdout. */
  heard(test: (message: Message) => boolean): Promise<Message>;
}

/** What a test wants of its scene. */
export interface SceneOptions extends Wanted {
  readonly bounds?: Partial<Limits>;
  readonly maxBytes?: number;
  readonly headers?: () => Promise<readonly Header[]>;
}

/** Starts a bridge in front of an endpoint. */
export async function play(url: URL, options: SceneOptions = {}): Promise<Scene> {
  const limits = { ...DEFAULT_LIMITS, ...options.bounds };
  const notes: string[] = [];
  const log = createLogger({
    level: "INFO",
    format: "text",
    clock: systemClock,
    write: (line) => void notes.push(line),
  });
  const channel = await TestChannel.open({ ...options, log, mirrored: true });
  const [stdin, stdout, signals] = [new ClientInput(), new ClientOutput(), new FakeSignals()];
  const ticker = new Ticker(20);
  const link = new HttpWire({
    url,
    maxBytes: options.maxBytes ?? limits.maxSseBufferBytes,
    timeoutMs: limits.transportTimeoutMs,
    ticker,
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  });
  const code = runBridge({
    ...{ channel: Promise.resolve(channel.channel), link, limits, log, stdin, stdout, signals },
  });
  const heard = (test: (message: Message) => boolean) =>
    eventually("a message", () => (stdout.messages as readonly Message[]).find(test));
  return {
    ...{ stdin, stdout, signals, channel, code, notes, heard },
    say: (...messages) => stdin.send(...messages),
    answer: (id) => heard((message) => message.id === id && message.method === undefined),
    [Symbol.asyncDispose]: async () => {
      stdin.end();
      await code.catch(() => {}); // looked at by the test
      ticker[Symbol.dispose]();
    },
  };
}

/** The code of an error. */
export function codeOf({ error }: Message): number | undefined {
  return (error as { readonly code?: number } | undefined)?.code;
}

/** What an error says. */
export function textOfError({ error }: Message): string {
  return (error as { readonly message?: string } | undefined)?.message ?? "";
}

/** One JSON body. */
export function json(message: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(message, { headers });
}

/** Nothing to say. */
export function accepted(): Response {
  return new Response(null, { status: 202 });
}

/** One event with a message. */
export function event(message: unknown, fields = ""): string {
  return `${fields}data: ${JSON.stringify(message)}\n\n`;
}

/** A stream of texts; `open` leaves it open after them. */
export function stream(
  texts: readonly string[],
  { open = false, onCancel = () => {} }: {
    readonly open?: boolean;
    readonly onCancel?: () => void;
  } = {},
): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      if (!open) controller.close();
    },
    cancel: onCancel,
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

export const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

export const INITIALIZED = { jsonrpc: "2.0", method: "notifications/initialized" };

/** The answer to {@linkcode INITIALIZE}, with a session. */
export function begun(session: string | null = "s-1", id: unknown = 0): Response {
  const result = {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "upstream", version: "1" },
  };
  return json(
    { jsonrpc: "2.0", id, result },
    session === null ? {} : { "mcp-session-id": session },
  );
}

/** A call of the legacy revisions. */
export function legacyCall(id: number, name = "read"): Message {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {} } };
}

/** A result. */
export function resultOf(id: unknown, text = "done"): Message {
  return { jsonrpc: "2.0", id: id as number, result: { content: [{ type: "text", text }] } };
}

/** A request of the modern revision. */
export function modern(id: number, method: string, params: Record<string, unknown> = {}): Message {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return { jsonrpc: "2.0", id, method, params: { ...params, _meta } };
}

/** Does the handshake of the legacy revisions. */
export async function shakeHands(scene: Scene): Promise<void> {
  scene.say(INITIALIZE);
  await scene.answer(0);
  scene.say(INITIALIZED);
}

/** An upstream of the legacy revisions; `call` answers what is no upkeep. */
export function legacy(
  call: Answerer,
  { get = () => new Response(null, { status: 405 }) }: { readonly get?: Answerer } = {},
): Answerer {
  return (seen, request) => {
    if (seen.method === "GET") return get(seen, request);
    if (seen.method === "DELETE") return new Response(null, { status: 200 });
    if (seen.body?.method === "initialize") return begun();
    if (seen.body?.id === undefined) return accepted();
    return call(seen, request);
  };
}
