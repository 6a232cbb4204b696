import assert from "node:assert/strict";
import { denying } from "../../gateway/harness.ts";
import { answer, events, ordinary, request, TestProxy, toolCall } from "./proxy.ts";
import { SseClient } from "./sse_client.ts";

const HELLO = request(0, "initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
});
const READY = { jsonrpc: "2.0", method: "notifications/initialized" };

function sseUrl({ url }: TestProxy): string {
  return url.replace("/mcp", "/sse");
}

function text(message: object): string {
  return JSON.stringify({ jsonrpc: "2.0", ...message });
}

/** Waits until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((wake) => setTimeout(wake, 10));
}

Deno.test("HTTP+SSE: a session begins with its endpoint; answers come on the stream, POSTs are taken", async () => {
  await using proxy = new TestProxy(ordinary);
  await using client = await SseClient.open(sseUrl(proxy));
  assert.match(client.endpoint, /^\/sse\?sessionId=[0-9a-f]{64}$/);
  assert.equal((await client.ask(HELLO)).result.protocolVersion, "2025-11-25");
  assert.deepEqual((await client.ask(toolCall("x"))).result, { content: [] });
  const upstream = proxy.seen.at(-1);
  assert.equal(upstream?.headers.get("mcp-session-id"), "up-1");
  assert.equal(upstream?.headers.get("mcp-protocol-version"), "2025-11-25");
});

Deno.test("HTTP+SSE: a client's token never goes upstream", async () => {
  await using proxy = new TestProxy(ordinary);
  await using client = await SseClient.open(sseUrl(proxy), "secret-of-anna");
  await client.ask(HELLO);
  const said = JSON.stringify(proxy.seen.map(({ headers }) => [...headers]));
  assert.ok(!said.includes("secret-of-anna"));
});

Deno.test("HTTP+SSE: a session is its principal's alone; an unknown one gets 404 with -32001", async () => {
  await using proxy = new TestProxy(ordinary);
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  const reached = proxy.seen.length;
  const stolen = await client.post(toolCall(1), { who: "ben" });
  assert.deepEqual([stolen.status, (await stolen.json()).error.code], [404, -32001]);
  client.endpoint = "/sse?sessionId=guessed";
  const guessed = await client.post(toolCall(1));
  assert.deepEqual([guessed.status, (await guessed.json()).error.code], [404, -32001]);
  client.endpoint = "/sse";
  const none = await client.post(toolCall(1));
  assert.deepEqual([none.status, (await none.json()).error.code], [404, -32001]);
  assert.equal(proxy.seen.length, reached);
});

Deno.test("HTTP+SSE: what is refused is told on the stream, and never reaches the upstream", async () => {
  await using proxy = new TestProxy(ordinary, { policy: denying(["write"]) });
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  const reached = proxy.seen.length;
  const refused = await client.ask(toolCall(5, "write"));
  assert.equal(refused.result?.isError, true, JSON.stringify(refused));
  assert.equal(proxy.seen.length, reached);
});

Deno.test("HTTP+SSE: the modern revision is not spoken there", async () => {
  await using proxy = new TestProxy(ordinary);
  await using client = await SseClient.open(sseUrl(proxy));
  const headers = { "mcp-protocol-version": "2026-07-28" };
  const response = await client.post(toolCall(1), { headers });
  await response.body?.cancel();
  assert.equal(response.status, 400);
  for (const method of ["DELETE", "PUT"]) {
    const wrong = await fetch(sseUrl(proxy), { method });
    await wrong.body?.cancel();
    assert.equal(wrong.status, 405);
  }
});

Deno.test("HTTP+SSE: what the upstream says of its own accord comes on the one stream", async () => {
  const notice = text({ method: "notifications/tools/list_changed" });
  await using proxy = new TestProxy((incoming, body) =>
    incoming.method === "GET" ? events(`id: 1\ndata: ${notice}\n\n`) : ordinary(incoming, body)
  );
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  await (await client.post(READY)).body?.cancel();
  const heard = await client.next(({ data }) => data.includes("list_changed"));
  assert.deepEqual(heard, { event: "message", data: notice });
});

Deno.test("HTTP+SSE: a call's stream brings its progress, then its answer", async () => {
  await using proxy = new TestProxy((incoming, body) => {
    if (body?.method !== "tools/call") return ordinary(incoming, body);
    const { progressToken } = body.params._meta;
    const step = text({ method: "notifications/progress", params: { progressToken, progress: 1 } });
    const end = text({ id: body.id, result: { content: [] } });
    return events(`data: ${step}\n\n`, `data: ${end}\n\n`);
  });
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  const call = toolCall(3);
  call.params._meta = { progressToken: "mine" };
  await (await client.post(call)).body?.cancel();
  const step = await client.message(({ method }) => method === "notifications/progress");
  assert.equal(step.params.progressToken, "mine");
  assert.deepEqual((await client.message(({ id }) => id === 3)).result, { content: [] });
});

Deno.test("HTTP+SSE: an answer whose stream the upstream closed for a while is followed", async () => {
  let id: unknown;
  await using proxy = new TestProxy((incoming, body) => {
    if (body?.method === "tools/call") {
      id = body.id;
      return events("id: e1\nretry: 10\ndata:\n\n");
    }
    if (incoming.method !== "GET") return ordinary(incoming, body);
    return incoming.headers.get("last-event-id") === "e1"
      ? events(`id: e2\ndata: ${text({ id, result: { content: [] } })}\n\n`)
      : new Response(null, { status: 405 });
  });
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  assert.deepEqual((await client.ask(toolCall(9))).result, { content: [] });
});

Deno.test("HTTP+SSE: a call whose upstream fails ends with -31502, and the session goes on", async () => {
  await using proxy = new TestProxy((incoming, body) =>
    body?.params?.name === "bad"
      ? new Response("no", { status: 500 })
      : body?.params?.name === "cut"
      ? events("data: {}\n\n")
      : ordinary(incoming, body)
  );
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  assert.equal((await client.ask(toolCall(1, "bad"))).error.code, -31502);
  assert.equal((await client.ask(toolCall(2, "cut"))).error.code, -31502);
  assert.deepEqual((await client.ask(toolCall(3))).result, { content: [] });
});

Deno.test("HTTP+SSE: a session that the upstream has forgotten ends, and so does its stream", async () => {
  let forgotten = false;
  await using proxy = new TestProxy((incoming, body) =>
    forgotten ? new Response("gone", { status: 404 }) : ordinary(incoming, body)
  );
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  forgotten = true;
  await (await client.post(toolCall(4))).body?.cancel();
  assert.match(JSON.stringify(await client.rest()), /-31502/);
  const after = await client.post(toolCall(5));
  assert.deepEqual([after.status, (await after.json()).error.code], [404, -32001]);
});

Deno.test("HTTP+SSE: the session ends with its client's stream, and the upstream is told", async () => {
  await using proxy = new TestProxy(ordinary);
  const client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  assert.deepEqual(proxy.handler.load, { sessions: 1, streams: 1 });
  await client[Symbol.asyncDispose]();
  await until(() => proxy.seen.at(-1)?.method === "DELETE");
  assert.equal(proxy.seen.at(-1)?.headers.get("mcp-session-id"), "up-1");
  assert.deepEqual(proxy.handler.load, { sessions: 0, streams: 0 });
});

Deno.test("HTTP+SSE: a server that winds down answers what is under way, then ends the stream", async () => {
  const held = Promise.withResolvers<void>();
  await using proxy = new TestProxy(async (incoming, body) => {
    if (body?.method === "tools/call") await held.promise;
    return body?.method === "tools/call" ? answer(body) : await ordinary(incoming, body);
  });
  await using client = await SseClient.open(sseUrl(proxy));
  await client.ask(HELLO);
  await (await client.post(toolCall(1))).body?.cancel();
  await until(() => proxy.seen.at(-1)?.body?.method === "tools/call");
  proxy.handler.windDown();
  held.resolve();
  const rest = await client.rest();
  assert.deepEqual(JSON.parse(rest.at(-1)?.data ?? "").id, 1);
});
