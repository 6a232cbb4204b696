import assert from "node:assert/strict";
import { ServeChild } from "./serve_child.ts";

/** An upstream with sessions, whose calls wait until they may be answered. */
class SlowUpstream implements AsyncDisposable {
  readonly calls: (() => void)[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #onCall: (() => void) | undefined;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/mcp`;
  }

  /** Waits for a call. */
  async called(): Promise<void> {
    if (this.calls.length > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onCall = resolve;
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const answer of this.calls) answer();
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method === "GET") {
      return new Response(new ReadableStream(), {
        headers: { "content-type": "text/event-stream" },
      });
    }
    if (request.method === "DELETE") return new Response(null, { status: 200 });
    const { id, method } = await request.json() as { id?: number; method: string };
    if (id === undefined) return new Response(null, { status: 202 });
    if (method === "tools/call") {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.calls.push(resolve);
      this.#onCall?.();
      await promise;
      return Response.json({ jsonrpc: "2.0", id, result: { content: [] } });
    }
    const result = {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "slow", version: "1" },
    };
    return Response.json({ jsonrpc: "2.0", id, result }, { headers: { "mcp-session-id": "s" } });
  }
}

/** A client of one session. */
class Client {
  readonly #url: string;
  #session: Record<string, string> = {};

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/mcp`;
  }

  async begin(): Promise<void> {
    const response = await this.post({
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "c", version: "1" },
      },
    });
    await response.json();
    this.#session = { "mcp-session-id": response.headers.get("mcp-session-id") ?? "" };
  }

  post(message: Record<string, unknown>): Promise<Response> {
    return fetch(this.#url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...this.#session,
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
  }

  call(): Promise<Response> {
    return this.post({ id: 2, method: "tools/call", params: { name: "good", arguments: {} } });
  }

  stream(): Promise<Response> {
    return fetch(this.#url, { headers: { accept: "text/event-stream", ...this.#session } });
  }
}

Deno.test("serve is told to end: not ready, idle streams end, calls are answered, exit 0", async () => {
  await using upstream = new SlowUpstream();
  await using child = await ServeChild.start(upstream.url);
  const { port, admin } = await child.ports();
  const ready = () => fetch(`http://127.0.0.1:${admin}/readyz`);
  const first = await ready();
  assert.deepEqual([first.status, await first.text()], [200, "ready\n"]);
  const client = new Client(port);
  await client.begin();
  const stream = await client.stream();
  assert.equal(stream.status, 200);
  const calling = client.call();
  await upstream.called();

  child.signal("SIGTERM");
  assert.equal(await stream.text(), "", "the idle stream ends");
  const unready = await ready();
  assert.deepEqual([unready.status, await unready.text()], [503, "draining\n"]);
  const alive = await fetch(`http://127.0.0.1:${admin}/healthz`);
  assert.deepEqual([alive.status, await alive.text()], [200, "alive\n"]);
  await assert.rejects(
    Deno.connect({ hostname: "127.0.0.1", port }),
    Deno.errors.ConnectionRefused,
  );
  for (const answer of upstream.calls) answer();
  const answer = await calling;
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { jsonrpc: "2.0", id: 2, result: { content: [] } });
  assert.equal((await child.status).code, 0, child.said);
});

Deno.test("serve ends at once when it is told twice", async () => {
  await using upstream = new SlowUpstream();
  await using child = await ServeChild.start(upstream.url);
  const { port } = await child.ports();
  const client = new Client(port);
  await client.begin();
  const calling = client.call().then((response) => response.text(), () => "cut off");
  await upstream.called();
  child.signal("SIGTERM");
  await child.until(/ending those under way/);
  child.signal("SIGINT");
  assert.equal((await child.status).code, 1, child.said);
  assert.equal(await calling, "cut off");
  assert.match(child.said, /were cut off/);
});

Deno.test("serve cuts off what is under way when its grace is over", async () => {
  await using upstream = new SlowUpstream();
  const env = { AEGIS_TARGET_SHUTDOWN_TIMEOUT: "0.3" };
  await using child = await ServeChild.start(upstream.url, { env });
  const { port } = await child.ports();
  const client = new Client(port);
  await client.begin();
  const calling = client.call().then((response) => response.text(), () => "cut off");
  await upstream.called();
  child.signal("SIGTERM");
  assert.equal((await child.status).code, 1, child.said);
  assert.equal(await calling, "cut off");
});

Deno.test("serve tells numbers without names", async () => {
  await using upstream = new SlowUpstream();
  await using child = await ServeChild.start(upstream.url);
  const { port, admin } = await child.ports();
  const client = new Client(port);
  await client.begin();
  const denied = await client.post({
    id: 3,
    method: "tools/call",
    params: { name: "secret-tool", arguments: {} },
  });
  await denied.text();
  const lost = await fetch(`http://127.0.0.1:${port}/nowhere`);
  assert.equal(lost.status, 404);
  await lost.text();
  const metrics = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text();
  for (
    const line of [
      'aegis_http_requests_total{path="/mcp",method="POST",status="2xx"} 2',
      'aegis_http_requests_total{path="other",method="GET",status="4xx"} 1',
      'aegis_verdicts_total{direction="client-to-upstream",effect="deny",would="",reason="not_permitted"} 1',
      "aegis_http_response_seconds_count 2",
      "aegis_sessions 1",
      "aegis_in_flight_bytes 0",
      "aegis_refused_identities_total 0",
    ]
  ) assert.ok(metrics.includes(`${line}\n`), `${line}\n\n${metrics}`);
  assert.doesNotMatch(metrics, /secret-tool|tester|nowhere/);
  const rebound = await rawGet(admin, "evil.example");
  assert.match(rebound, /^HTTP\/1\.1 403 /);
});

async function rawGet(port: number, host: string): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const text = `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await conn.write(new TextEncoder().encode(text));
  return await new Response(conn.readable).text();
}
