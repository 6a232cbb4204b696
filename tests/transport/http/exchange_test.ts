import assert from "node:assert/strict";
import { denying } from "../../gateway/harness.ts";
import { answer, events, type Message, ordinary, request, TestProxy, toolCall } from "./proxy.ts";

const JSON_TEXT = (message: object) => JSON.stringify({ jsonrpc: "2.0", ...message });
const MODERN = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };

function modernCall(id: number, name = "read"): Message {
  return request(id, "tools/call", { name, arguments: {}, _meta: MODERN });
}

const modernHeaders = (name = "read") => ({
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": name,
});

Deno.test("A client's token never goes upstream, nor any header that is not the protocol's", async () => {
  await using proxy = new TestProxy(ordinary);
  const session = await proxy.begin();
  const headers = {
    "mcp-session-id": session,
    "mcp-protocol-version": "2025-11-25",
    cookie: "a=b",
    "x-forwarded-for": "10.0.0.1",
    forwarded: "for=10.0.0.1",
    origin2: "x",
  };
  assert.deepEqual((await (await proxy.send(toolCall(1), { headers })).json()).id, 1);
  const sent = proxy.seen.at(-1)?.headers ?? new Headers();
  for (const name of ["authorization", "cookie", "x-forwarded-for", "forwarded", "origin2"]) {
    assert.equal(sent.get(name), null, name);
  }
  assert.equal(sent.get("mcp-session-id"), "up-1");
  assert.equal(sent.get("mcp-protocol-version"), "2025-11-25");
  assert.match(sent.get("accept") ?? "", /application\/json, text\/event-stream/);
});

Deno.test("What is refused never reaches the upstream, and one audit entry tells of each message", async () => {
  await using proxy = new TestProxy(ordinary, { policy: denying(["drop"]) });
  const session = await proxy.begin();
  const headers = { "mcp-session-id": session };
  const before = proxy.seen.length;
  const told = await (await proxy.send(toolCall(1, "drop"), { headers })).json();
  assert.equal(told.result.isError, true);
  assert.equal(proxy.seen.length, before);
  await (await proxy.send(toolCall(2), { headers })).body?.cancel();
  assert.equal(proxy.seen.length, before + 1);
  assert.deepEqual(
    proxy.sink.messages.map(({ method, disposition }) => `${method} ${disposition}`),
    [
      "initialize forward",
      "initialize forward",
      "tools/call answer",
      "tools/call forward",
      "tools/call forward",
    ],
  );
});

Deno.test("A session is its principal's alone; an unknown one gets 404 with −32001", async () => {
  await using proxy = new TestProxy(ordinary);
  const session = await proxy.begin("anna");
  assert.match(session, /^[0-9a-f]{64}$/);
  assert.notEqual(session, await proxy.begin("anna"));
  for (
    const [who, id] of [["berta", session], ["anna", "0".repeat(64)], ["anna", "up-1"]] as const
  ) {
    for (const method of ["POST", "GET", "DELETE"] as const) {
      const headers = { "mcp-session-id": id };
      const response = await proxy.send(toolCall(1), { who, method, headers });
      assert.equal(response.status, 404);
      assert.equal((await response.json()).error.code, -32001);
    }
  }
  const gone = await proxy.send(undefined, {
    method: "DELETE",
    headers: { "mcp-session-id": session },
  });
  await gone.body?.cancel();
  assert.equal(gone.status, 200);
  assert.equal(proxy.seen.at(-1)?.headers.get("mcp-session-id"), "up-1");
  const after = await proxy.send(toolCall(2), { headers: { "mcp-session-id": session } });
  assert.equal((await after.json()).error.code, -32001);
});

Deno.test("A session that the upstream has forgotten ends, and the client is told to begin another", async () => {
  let forgotten = false;
  await using proxy = new TestProxy((request, body) =>
    forgotten ? new Response("gone", { status: 404 }) : ordinary(request, body)
  );
  const session = await proxy.begin();
  forgotten = true;
  const headers = { "mcp-session-id": session };
  const first = await proxy.send(toolCall(1), { headers });
  assert.deepEqual([first.status, (await first.json()).error.code], [404, -32001]);
  assert.equal(proxy.handler.load.sessions, 0);
});

Deno.test("An upstream without sessions forgets none: its 404 to a GET is no stream, and calls go on", async () => {
  await using proxy = new TestProxy((incoming, body) =>
    incoming.method === "POST"
      ? body?.id === undefined ? new Response(null, { status: 202 }) : answer(body)
      : new Response("Not Found", { status: 404 })
  );
  const headers = { "mcp-session-id": await proxy.begin() };
  const stream = await proxy.send(undefined, { method: "GET", headers });
  await stream.body?.cancel();
  assert.equal(stream.status, 405);
  const call = await proxy.send(toolCall(1), { headers });
  assert.equal((await call.json()).id, 1);
});

Deno.test("No more sessions begin than there may be, and idle ones end", async () => {
  await using proxy = new TestProxy(ordinary, { maxSessions: 1, sessionIdleMs: 300 });
  assert.notEqual(await proxy.begin(), "");
  assert.equal(await proxy.begin(), "");
  while (proxy.handler.load.sessions > 0) await new Promise((wake) => setTimeout(wake, 50));
  assert.equal(proxy.seen.at(-1)?.method, "DELETE");
  assert.notEqual(await proxy.begin(), "");
});

Deno.test("Events pass with their ids, names, retries and comments; what is no message is stopped", async () => {
  const notice = JSON_TEXT({
    method: "notifications/message",
    params: { level: "info", data: "x" },
  });
  await using proxy = new TestProxy((incoming, body) =>
    body?.method !== "tools/call" ? ordinary(incoming, body) : events(
      "id: p-1\nretry: 200\ndata: \n\n",
      ": alive\n\n",
      `id: p-2\nevent: message\ndata: ${notice}\n\n`,
      "id: p-3\ndata: this is no message\n\n",
      `id: p-4\ndata: {"jsonrpc":"2.0","method":"notifications/message","method":"x"}\n\n`,
      `data: ${JSON_TEXT({ id: 4711, result: {} })}\n\n`,
      `id: p-5\ndata: ${JSON_TEXT({ id: body.id, result: { content: [] } })}\n\n`,
      `id: p-6\ndata: ${JSON_TEXT({ id: body.id, result: { again: true } })}\n\n`,
    )
  );
  const session = await proxy.begin();
  const response = await proxy.send(toolCall("q"), { headers: { "mcp-session-id": session } });
  assert.equal(response.headers.get("x-accel-buffering"), "no");
  assert.equal(
    await response.text(),
    [
      "id: p-1\nretry: 200\ndata: \n\n",
      ": alive\n\n",
      `id: p-2\nevent: message\ndata: ${notice}\n\n`,
      "id: p-3\ndata: \n\n",
      "id: p-4\ndata: \n\n",
      `id: p-5\ndata: ${JSON_TEXT({ id: "q", result: { content: [] } })}\n\n`,
      "id: p-6\ndata: \n\n",
    ].join(""),
  );
});

Deno.test("Every way in which an upstream can fail ends the call with −31502, and harms no other", async () => {
  const bad: Record<string, (id: unknown) => Response | Promise<Response>> = {
    html: () => new Response("<p>", { status: 502, headers: { "content-type": "text/html" } }),
    redirect: () =>
      new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
    unauthorised: () => Response.json({ error: "invalid_token" }, { status: 401 }),
    nothing: () => new Response(null, { status: 202 }),
    "no JSON": () => new Response("{", { headers: { "content-type": "application/json" } }),
    "another's answer": () => Response.json({ jsonrpc: "2.0", id: 999_999, result: {} }),
    "empty stream": () => events(""),
    "broken event": (id) => events(`data: {"jsonrpc":"2.0","id":${id},"resu`),
    "twice a key": (id) =>
      new Response(`{"jsonrpc":"2.0","id":${id},"result":{"a":1,"a":2}}`, {
        headers: { "content-type": "application/json" },
      }),
    compressed: (id) =>
      new Response(JSON_TEXT({ id, result: {} }), {
        headers: { "content-type": "application/json", "content-encoding": "br" },
      }),
    "too large": (id) =>
      Response.json({ jsonrpc: "2.0", id, result: { text: "x".repeat(3_000_000) } }),
  };
  await using proxy = new TestProxy(
    (incoming, body) =>
      body?.method === "tools/call" && body.params.name !== "read"
        ? bad[body.params.name]?.(body.id) ?? answer(body)
        : ordinary(incoming, body),
    { limits: { maxSseBufferBytes: 1_000_000, maxHttpBodyBytes: 1_000_000 } },
  );
  const session = await proxy.begin();
  const headers = { "mcp-session-id": session };
  for (const name of Object.keys(bad)) {
    const response = await proxy.send(toolCall(name, name), { headers });
    const text = await response.text();
    const message = JSON.parse(text.startsWith("{") ? text : text.replace(/^(?:.*\n)?data: /s, ""));
    assert.equal(message.error?.code, -31502, `${name}: ${text}`);
    assert.equal(message.id, name);
    assert.ok([200, 502].includes(response.status), name);
    const fine = await proxy.send(toolCall(`${name} fine`), { headers });
    assert.deepEqual(await fine.json(), {
      jsonrpc: "2.0",
      id: `${name} fine`,
      result: { content: [] },
    });
  }
});

Deno.test("An error that names no request belongs to the POST it answers, with its status", async () => {
  const error = { code: -32000, message: "Server not initialized" };
  await using proxy = new TestProxy(() =>
    Response.json({ jsonrpc: "2.0", id: null, error }, { status: 400 })
  );
  const response = await proxy.send(modernCall(1), { headers: modernHeaders() });
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { jsonrpc: "2.0", id: null, error });
});

Deno.test("Headers that do not agree with the body are refused with 400 and −32020", async () => {
  await using proxy = new TestProxy(ordinary);
  const good = await proxy.send(modernCall(1), { headers: modernHeaders() });
  assert.equal(good.status, 200);
  assert.equal(good.headers.get("mcp-session-id"), null);
  await good.body?.cancel();
  const bad = await proxy.send(modernCall(2), { headers: modernHeaders("write") });
  assert.equal(bad.status, 400);
  const told = await bad.json();
  assert.deepEqual([told.id, told.error.code], [2, -32020]);
  for (const method of ["GET", "DELETE"] as const) {
    const response = await proxy.send(undefined, { method, headers: modernHeaders() });
    await response.body?.cancel();
    assert.equal(response.status, 405);
  }
});

/** An upstream that streams without end; `gone` settles when its client goes away. */
function endless(
  first = "",
): { upstream: (incoming: Request, body: Message) => Response; gone: Promise<void> } {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const stream = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`: hello\n\n${first}`));
        timer = setInterval(() => controller.enqueue(new TextEncoder().encode(": on\n\n")), 20);
      },
      cancel() {
        clearInterval(timer);
        resolve();
      },
    });
  return {
    gone,
    upstream: (incoming, body) =>
      body?.method === "tools/call" || incoming.method === "GET"
        ? new Response(stream(), { headers: { "content-type": "text/event-stream" } })
        : ordinary(incoming, body) as Response,
  };
}

Deno.test("A client that goes away has cancelled in the modern era, before and after the stream began", async () => {
  const { upstream, gone } = endless();
  await using proxy = new TestProxy(upstream);
  const response = await proxy.send(modernCall(1), { headers: modernHeaders() });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await gone;
});

Deno.test("A GET stream that its client leaves is left upstream too", async () => {
  const { upstream, gone } = endless();
  await using proxy = new TestProxy(upstream);
  const headers = { "mcp-session-id": await proxy.begin(), "last-event-id": "e-7" };
  const response = await proxy.send(undefined, { method: "GET", headers });
  const reader = response.body?.getReader();
  await reader?.read();
  assert.equal(proxy.seen.at(-1)?.headers.get("last-event-id"), "e-7");
  await reader?.cancel();
  await gone;
});

Deno.test("In the legacy era a client that goes away has cancelled nothing: the answer is read and recorded", async () => {
  const { promise: proceed, resolve } = Promise.withResolvers<void>();
  const { promise: written, resolve: wrote } = Promise.withResolvers<void>();
  await using proxy = new TestProxy((incoming, body) => {
    if (body?.method !== "tools/call") return ordinary(incoming, body);
    const encoder = new TextEncoder();
    return new Response(
      new ReadableStream({
        async start(controller) {
          controller.enqueue(encoder.encode(": begun\n\n"));
          await proceed;
          controller.enqueue(
            encoder.encode(`data: ${JSON_TEXT({ id: body.id, result: { content: [] } })}\n\n`),
          );
          controller.close();
          wrote();
        },
      }),
      { headers: { "content-type": "text/event-stream" } },
    );
  });
  const headers = { "mcp-session-id": await proxy.begin() };
  const response = await proxy.send(toolCall(1), { headers });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await new Promise((wake) => setTimeout(wake, 100));
  resolve();
  await written;
  while (proxy.sink.messages.length < 4) await new Promise((wake) => setTimeout(wake, 20));
  assert.equal(proxy.sink.messages.at(-1)?.kind, "result");
});

Deno.test("Silence on a stream is broken by comments", async () => {
  await using proxy = new TestProxy((incoming, body) => {
    if (incoming.method !== "GET") return ordinary(incoming, body);
    return new Response(new ReadableStream({ start() {} }), {
      headers: { "content-type": "text/event-stream" },
    });
  }, { keepAliveMs: 100 });
  const headers = { "mcp-session-id": await proxy.begin() };
  const response = await proxy.send(undefined, { method: "GET", headers });
  const reader = response.body?.getReader();
  const { value } = await reader?.read() ?? {};
  assert.equal(new TextDecoder().decode(value), ": keep-alive\n\n");
  await reader?.cancel();
});

Deno.test("A request whose stream ends after an id can be resumed; its answer comes on the other stream", async () => {
  let waiting: unknown;
  await using proxy = new TestProxy((incoming, body) => {
    if (body?.method === "tools/call") {
      waiting = body.id;
      return events("id: s-1\nretry: 10\ndata: \n\n");
    }
    if (incoming.method !== "GET") return ordinary(incoming, body);
    return events(`id: s-2\ndata: ${JSON_TEXT({ id: waiting, result: { content: [] } })}\n\n`);
  });
  const session = await proxy.begin();
  const first = await proxy.send(toolCall("r"), { headers: { "mcp-session-id": session } });
  assert.equal(await first.text(), "id: s-1\nretry: 10\ndata: \n\n");
  const resumed = await proxy.send(undefined, {
    method: "GET",
    headers: { "mcp-session-id": session, "last-event-id": "s-1" },
  });
  assert.equal(
    await resumed.text(),
    `id: s-2\ndata: ${JSON_TEXT({ id: "r", result: { content: [] } })}\n\n`,
  );
});

Deno.test("An answer that got lost on its way comes again when the client asks for it, and only then", async () => {
  let sent: unknown;
  const answerOf = (id: unknown) =>
    `id: a-2\ndata: ${JSON_TEXT({ id, result: { content: [] } })}\n\n`;
  await using proxy = new TestProxy((incoming, body) => {
    if (body?.method === "tools/call") {
      sent = body.id;
      return events("id: a-1\ndata: \n\n", answerOf(sent));
    }
    return incoming.method === "GET" ? events(answerOf(sent)) : ordinary(incoming, body);
  });
  const session = await proxy.begin();
  const headers = { "mcp-session-id": session };
  await (await proxy.send(toolCall("lost"), { headers })).text();
  const get = async (more: Record<string, string>) =>
    await (await proxy.send(undefined, { method: "GET", headers: { ...headers, ...more } })).text();
  assert.equal(await get({ "last-event-id": "a-1" }), answerOf("lost"));
  assert.equal(await get({}), "id: a-2\ndata: \n\n");
});

Deno.test("A batch of 2025-03-26 is judged member by member and answered on one stream", async () => {
  await using proxy = new TestProxy(
    (_, body) =>
      body?.method === "initialize"
        ? Response.json({ jsonrpc: "2.0", id: body.id, result: { protocolVersion: "2025-03-26" } })
        : body?.id === undefined
        ? new Response(null, { status: 202 })
        : answer(body),
    { policy: denying(["drop"]) },
  );
  const headers = { "mcp-session-id": await proxy.begin() };
  const batch = [toolCall(1), toolCall(2, "drop"), toolCall(3)];
  const text = await (await proxy.send(batch, { headers })).text();
  const answers = text.trim().split("\n\n").map((event) =>
    JSON.parse(event.slice("data: ".length))
  );
  assert.deepEqual(answers.map(({ id }) => id).sort(), [1, 2, 3]);
  assert.equal(answers.find(({ id }) => id === 2)?.result.isError, true);
  assert.equal(proxy.seen.filter(({ body }) => body?.params?.name === "drop").length, 0);
});

Deno.test("A server's question on the stream of a call is answered by a POST of its own", async () => {
  const { promise: answered, resolve } = Promise.withResolvers<Message>();
  await using proxy = new TestProxy((incoming, body) => {
    if (body?.result !== undefined) {
      resolve(body);
      return new Response(null, { status: 202 });
    }
    if (body?.method !== "tools/call") return ordinary(incoming, body);
    return events(
      `data: ${JSON_TEXT({ id: "s", method: "sampling/createMessage", params: {} })}\n\n`,
      `data: ${JSON_TEXT({ id: body.id, result: { content: [] } })}\n\n`,
    );
  }, { policy: denying([], { asks: ["sampling"] }) });
  const headers = { "mcp-session-id": await proxy.begin() };
  const text = await (await proxy.send(toolCall(1), { headers })).text();
  assert.match(text, /sampling\/createMessage/);
  const reply = { jsonrpc: "2.0", id: "s", result: { role: "assistant" } };
  const took = async (message: object) => {
    const { status, body } = await proxy.send(message, { headers });
    await body?.cancel();
    return status;
  };
  assert.equal(await took(reply), 202);
  assert.deepEqual(await answered, reply);
  // an answer nobody asked for is dropped
  const before = proxy.seen.length;
  assert.equal(await took({ ...reply, id: "t" }), 202);
  assert.equal(proxy.seen.length, before);
});
