import assert from "node:assert/strict";
import { callBody, Edge, post, postHead, type RawClient, statusOf } from "./edge_support.ts";

/** Waits for something that comes without being told. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function many(edge: Edge, count: number): Promise<RawClient[]> {
  return await Promise.all(Array.from({ length: count }, () => edge.connect()));
}

Deno.test("the edge ends connections whose head comes byte by byte", async () => {
  await using edge = await Edge.open({ listen: { bounds: { headMs: 300 } } });
  const clients = await many(edge, 200);
  let isSending = true;
  const drip = async (client: RawClient) => {
    for (const byte of postHead(edge, ["Content-Length: 1"])) {
      if (!isSending) return;
      await client.write(byte);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const dripping = clients.map((client) => drip(client).catch(() => {}));
  // in the meantime, others are served
  assert.equal(statusOf(await edge.raw(post(edge, callBody(1)))), 200);
  await Promise.all(clients.map((client) => client.rest()));
  isSending = false;
  await Promise.all(dripping);
  await until(() => edge.listener.connections === 0);
  for (const client of clients) client[Symbol.dispose]();
  assert.equal(edge.seen.length, 1);
});

Deno.test("the edge ends connections that never ask, and those that ask no more", async () => {
  await using edge = await Edge.open({ listen: { bounds: { headMs: 300, idleMs: 300 } } });
  using silent = await edge.connect();
  using once = await edge.connect();
  await once.write(post(edge, callBody(1)));
  assert.equal(statusOf(await once.answer()), 200);
  await Promise.all([silent.rest(), once.rest()]);
  assert.equal(silent.text, "");
  assert.equal(edge.listener.connections, 0);
});

Deno.test("the edge gives up a body that comes byte by byte", async () => {
  await using edge = await Edge.open({ limits: { transportTimeoutMs: 200 } });
  const clients = await many(edge, 50);
  await Promise.all(clients.map((client) => client.write(postHead(edge, ["Content-Length: 99"]))));
  let isSending = true;
  const dripping = clients.map(async (client) => {
    while (isSending) {
      await client.write("x").catch(() => isSending = false);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const texts = await Promise.all(clients.map((client) => client.until("\r\n\r\n")));
  isSending = false;
  await Promise.all(dripping);
  for (const text of texts) assert.equal(statusOf(text), 408, text);
  for (const client of clients) client[Symbol.dispose]();
  assert.equal(edge.gateway.budget.held, 0);
});

Deno.test("the edge ends idle connections for the sake of others when there are too many", async () => {
  await using edge = await Edge.open({ listen: { maxConnections: 4 } });
  const idle = await many(edge, 4);
  for (const client of idle) {
    await client.write(post(edge, callBody(1)));
    await client.answer();
  }
  for (let at = 0; at < 4; at++) {
    assert.equal(statusOf(await edge.raw(post(edge, callBody(2)))), 200);
  }
  await idle[0]?.rest();
  assert.equal(idle[0]?.isClosed, true);
  for (const client of idle) client[Symbol.dispose]();
});

Deno.test("the edge ends slow heads for the sake of others when there are too many", async () => {
  await using edge = await Edge.open({
    listen: { maxConnections: 4, bounds: { patienceMs: 50, headMs: 60_000 } },
  });
  const slow = await many(edge, 4);
  for (const client of slow) await client.write("POST /mcp HT");
  await until(() => edge.listener.connections === 4);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(statusOf(await edge.raw(post(edge, callBody(1)))), 200);
  assert.equal(await slow[0]?.rest(), "");
  for (const client of slow) client[Symbol.dispose]();
});

Deno.test("the edge turns connections away while all others are at work", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using edge = await Edge.open({
    listen: { maxConnections: 2 },
    upstream: async () => {
      await promise;
      return Response.json({ jsonrpc: "2.0", id: 1, result: { content: [] } });
    },
  });
  const busy = await many(edge, 2);
  for (const client of busy) await client.write(post(edge, callBody(1)));
  await until(() => edge.handler.requests === 2);
  using third = await edge.connect();
  const text = await third.rest();
  assert.equal(statusOf(text), 503, text);
  assert.match(text, /retry-after: 5/);
  resolve();
  for (const client of busy) await client.answer();
  for (const client of busy) client[Symbol.dispose]();
});

Deno.test("the edge cuts off a client that reads nothing of a long answer", async () => {
  const text = "a".repeat(100_000_000 - 1000);
  await using edge = await Edge.open({
    listen: { bounds: { stallMs: 500 } },
    upstream: () =>
      Response.json({ jsonrpc: "2.0", id: 1, result: { content: [{ type: "text", text }] } }),
  });
  using client = await edge.connect();
  await client.write(post(edge, callBody(1)));
  await until(() => edge.seen.length === 1);
  await until(() => edge.listener.connections === 0);
  assert.equal(edge.handler.requests, 0);
});

Deno.test("the edge counts answers that wait for their clients against the gateway's budget", async () => {
  const text = "a".repeat(20_000_000);
  await using edge = await Edge.open({
    limits: { maxInFlightBytes: 60_000_000 },
    upstream: () =>
      Response.json({ jsonrpc: "2.0", id: 1, result: { content: [{ type: "text", text }] } }),
  });
  const slow = await many(edge, 6);
  for (const client of slow) {
    await client.write(post(edge, callBody(1)));
    await client.until("\r\n");
  }
  assert.ok(edge.gateway.budget.held >= 20_000_000);
  assert.ok(edge.gateway.budget.held < 80_000_000, `${edge.gateway.budget.held} bytes`);
  const statuses = slow.map((client) => statusOf(client.text));
  assert.ok(statuses.includes(200) && statuses.includes(502), statuses.join());
  for (const client of slow) client[Symbol.dispose]();
  await until(() => edge.listener.connections === 0);
  await until(() => edge.gateway.budget.held === 0);
});

Deno.test("the edge bounds the streams of one principal", async () => {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  await using edge = await Edge.open({
    limits: { maxStreamsPerPrincipal: 2 },
    upstream: (request, body) => upstreamWithStreams(request, { body, streams }),
  });
  const session = await begin(edge);
  const get = [
    "GET /mcp HTTP/1.1",
    `Host: ${edge.host}`,
    "Accept: text/event-stream",
    `Mcp-Session-Id: ${session}`,
    "",
    "",
  ].join("\r\n");
  using first = await edge.connect();
  const second = await edge.connect();
  for (const client of [first, second]) {
    await client.write(get);
    assert.equal(statusOf(await client.until("\r\n\r\n")), 200, client.text);
  }
  const third = await edge.raw(get);
  assert.equal(statusOf(third), 503, third);
  // a client that goes away makes room
  second[Symbol.dispose]();
  await until(() => edge.listener.connections === 1);
  const fourth = await edge.connect();
  await fourth.write(get);
  assert.equal(statusOf(await fourth.until("\r\n\r\n")), 200, fourth.text);
  fourth[Symbol.dispose]();
});

/** An upstream with sessions, whose GET is a stream that says nothing. */
function upstreamWithStreams(
  request: Request,
  { body, streams }: {
    readonly body: string;
    readonly streams: ReadableStreamDefaultController<Uint8Array>[];
  },
): Response {
  if (request.method === "GET") {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => void streams.push(controller),
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }
  const { id } = JSON.parse(body === "" ? "{}" : body) as { id?: number };
  if (id === undefined) return new Response(null, { status: 202 });
  const result = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    serverInfo: { name: "s", version: "1" },
  };
  return Response.json({ jsonrpc: "2.0", id, result }, { headers: { "mcp-session-id": "up" } });
}

async function begin(edge: Edge): Promise<string> {
  const text = await edge.raw(post(
    edge,
    JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "c", version: "1" },
      },
    }),
  ));
  const session = /mcp-session-id: (\S+)/.exec(text)?.[1];
  assert.ok(session !== undefined, text);
  return session;
}
