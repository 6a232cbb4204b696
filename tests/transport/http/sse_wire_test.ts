import assert from "node:assert/strict";
import { type Message, request, TestProxy, toolCall, type Upstream } from "./proxy.ts";

/** A server of HTTP+SSE whose stream is the test's to write. */
class OldServer {
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  isLeft = false;
  readonly posted: Message[] = [];
  readonly #endpoint: string;
  readonly #answer: (message: Message) => Message | undefined;

  constructor({ endpoint = "/messages?sessionId=1", answer = echoed }: {
    endpoint?: string;
    answer?: (message: Message) => Message | undefined;
  } = {}) {
    this.#endpoint = endpoint;
    this.#answer = answer;
  }

  readonly handle: Upstream = (incoming, body) => {
    if (incoming.method === "POST") return this.#post(body);
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        this.event("endpoint", this.#endpoint);
      },
      cancel: () => void (this.isLeft = true),
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  };

  event(name: string, data: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(`event: ${name}\ndata: ${data}\n\n`));
  }

  say(message: Message): void {
    this.event("message", JSON.stringify({ jsonrpc: "2.0", ...message }));
  }

  end(): void {
    this.#controller?.close();
  }

  #post(message: Message): Response {
    this.posted.push(message);
    if (message.params?.name === "refused") return new Response("no", { status: 500 });
    const answer = this.#answer(message);
    if (answer !== undefined) this.say(answer);
    return new Response("Accepted", { status: 202 });
  }
}

function echoed({ id, method, params }: Message): Message | undefined {
  if (id === undefined || params?.name === "hold") return undefined;
  const result = method === "initialize"
    ? { protocolVersion: "2024-11-05" }
    : { content: [{ type: "text", text: params?.name ?? method }] };
  return { id, result };
}

function before(server: OldServer): TestProxy {
  return new TestProxy(server.handle, {
    limits: { transportTimeoutMs: 500 },
    target: (url) => ({ kind: "sse", url: new URL("/sse", url) }),
  });
}

/** Sends a message in a session; gives the status and the body, which is one message. */
async function sent(proxy: TestProxy, message: Message, session: string) {
  const response = await proxy.send(message, { headers: { "mcp-session-id": session } });
  return { status: response.status, body: await response.json() };
}

Deno.test("Before HTTP+SSE: calls are posted to the endpoint, and answered by the stream", async () => {
  const server = new OldServer();
  await using proxy = before(server);
  const session = await proxy.begin();
  const { status, body } = await sent(proxy, toolCall(1), session);
  assert.deepEqual([status, body.id, body.result.content[0].text], [200, 1, "read"]);
  const urls = proxy.seen.map(({ method, headers }) => [method, headers.get("authorization")]);
  assert.deepEqual(urls, [["GET", null], ["POST", null], ["POST", null]], "no token of a client");
});

Deno.test("Before HTTP+SSE: an endpoint on another server is refused, and nothing is sent there", async () => {
  for (const endpoint of ["http://127.0.0.1:1/x", "//evil.example/x", "https://127.0.0.1/x"]) {
    const server = new OldServer({ endpoint });
    await using proxy = before(server);
    const refused = await proxy.send(request(0, "initialize", {
      protocolVersion: "2024-11-05",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    }));
    assert.deepEqual([refused.status, (await refused.json()).error.code], [502, -31502]);
    assert.equal(proxy.handler.load.sessions, 0);
    assert.deepEqual(server.posted, []);
  }
});

Deno.test("Before HTTP+SSE: a server that names no endpoint is given up", async () => {
  const server: Upstream = () =>
    new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
  await using proxy = new TestProxy(server, {
    limits: { transportTimeoutMs: 300 },
    target: (url) => ({ kind: "sse", url }),
  });
  assert.equal(await proxy.begin(), "");
});

Deno.test("Before HTTP+SSE: a message that is not taken ends its call with -31502, and no other", async () => {
  const server = new OldServer();
  await using proxy = before(server);
  const session = await proxy.begin();
  const refused = await sent(proxy, toolCall(1, "refused"), session);
  assert.equal(refused.body.error.code, -31502);
  assert.equal((await sent(proxy, toolCall(2), session)).status, 200);
});

Deno.test("Before HTTP+SSE: the session ends with the server's stream, and calls under way are told", async () => {
  const server = new OldServer();
  await using proxy = before(server);
  const session = await proxy.begin();
  const held = sent(proxy, toolCall(1, "hold"), session);
  while (!server.posted.some(({ params }) => params?.name === "hold")) {
    await new Promise((wake) => setTimeout(wake, 10));
  }
  server.end();
  assert.equal((await held).body.error.code, -31502);
  const after = await sent(proxy, toolCall(2), session);
  assert.deepEqual([after.status, after.body.error.code], [404, -32001]);
});

Deno.test("Before HTTP+SSE: a session that ends leaves the server's stream", async () => {
  const server = new OldServer();
  await using proxy = before(server);
  const session = await proxy.begin();
  const ended = await proxy.send(undefined, {
    method: "DELETE",
    headers: { "mcp-session-id": session },
  });
  await ended.body?.cancel();
  assert.equal(ended.status, 200);
  while (!server.isLeft) await new Promise((wake) => setTimeout(wake, 10));
});
