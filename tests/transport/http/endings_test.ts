import assert from "node:assert/strict";
import { denying } from "../../gateway/harness.ts";
import { events, ordinary, TestProxy, toolCall } from "./proxy.ts";

Deno.test("An audit that cannot take the end of a conversation ends no other", async () => {
  const noise = "data: no message\n\n";
  await using proxy = new TestProxy((incoming, body) =>
    body?.method === "tools/call"
      ? events(noise, `data: {"jsonrpc":"2.0","id":${body.id},"result":{}}\n\n`, noise)
      : ordinary(incoming, body)
  );
  const unhandled: unknown[] = [];
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onUnhandled);
  try {
    // the call, the noise, the answer, and the noise after it when all is over
    let records = 0;
    proxy.sink.onRecord = () => void (proxy.sink.failing = ++records === 4);
    const response = await proxy.send(toolCall(1));
    assert.match(await response.text(), /"result"/);
    while (records < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(unhandled, []);
    assert.equal((await (await proxy.send(toolCall(2))).text()).includes("result"), true);
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUnhandled);
  }
});

Deno.test("Nobody takes the place of all others: who has its share of sessions loses the one it used least", async () => {
  await using proxy = new TestProxy(ordinary, { maxSessions: 20 });
  const others = await proxy.begin("bert");
  const mine = [];
  for (let count = 0; count < 30; count++) mine.push(await proxy.begin("anna"));
  assert.ok(!mine.includes(""), "sessions of one's own make room");
  assert.equal(proxy.handler.load.sessions, 3);
  const ends = async (session: string | undefined, who: string) => {
    const headers = { "mcp-session-id": session ?? "" };
    const response = await proxy.send(toolCall(1), { headers, who });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await ends(mine[0], "anna"), 404);
  assert.equal(await ends(mine.at(-1), "anna"), 200);
  assert.equal(await ends(others, "bert"), 200);
});

Deno.test("A session that the upstream has forgotten ends, also when it says so in JSON", async () => {
  let isForgotten = false;
  const error = { code: -32001, message: "Session not found" };
  await using proxy = new TestProxy((incoming, body) =>
    isForgotten
      ? Response.json({ jsonrpc: "2.0", id: null, error }, { status: 404 })
      : ordinary(incoming, body)
  );
  for (const method of ["POST", "GET", "DELETE"] as const) {
    isForgotten = false;
    const headers = { "mcp-session-id": await proxy.begin() };
    isForgotten = true;
    const response = await proxy.send(method === "POST" ? toolCall(1) : undefined, {
      method,
      headers,
    });
    assert.deepEqual([response.status, (await response.json()).error.code], [404, -32001], method);
    assert.equal(proxy.handler.load.sessions, 0, method);
  }
});

Deno.test("An upstream that does not take what owes no answer is given up: nobody waits for it", async () => {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  await using proxy = new TestProxy(async (incoming, body) => {
    const isLeft = incoming.method === "DELETE" || body?.method?.startsWith("notifications/");
    if (isLeft) await over;
    return await ordinary(incoming, body);
  }, { limits: { transportTimeoutMs: 200 } });
  try {
    const headers = { "mcp-session-id": await proxy.begin() };
    const message = { jsonrpc: "2.0", method: "notifications/roots/list_changed" };
    const told = await proxy.send(message, { headers });
    await told.body?.cancel();
    assert.equal(told.status, 502);
    const ended = await proxy.send(undefined, { method: "DELETE", headers });
    await ended.body?.cancel();
    assert.equal(ended.status, 502);
  } finally {
    end();
  }
});

/** A server on stdio that answers nothing, and says on stderr what it heard. */
const SILENT = `
  for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    console.error(line);
  }
`;

Deno.test("A child is told what a client cancels by going away, however long that is judged", async () => {
  const { promise: told, resolve: onTold } = Promise.withResolvers<void>();
  await using proxy = new TestProxy(ordinary, {
    policy: denying([], { later: true }),
    target: () => ({
      kind: "stdio",
      argv: [Deno.execPath(), "eval", SILENT],
      env: Deno.env.toObject(),
      label: "silent",
      note: (line) => line.includes("notifications/cancelled") && onTold(),
      maxChildren: 1,
    }),
  });
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  const response = await proxy.send({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "read", _meta },
  }, {
    headers: {
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "read",
    },
  });
  await response.body?.cancel();
  await told;
});
