import assert from "node:assert/strict";
import { ordinary, request, TestProxy, toolCall } from "./proxy.ts";

const MODERN = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
const CLAIMS = ["mcp-method", "mcp-name", "mcp-param-region"];

Deno.test("Policy is evaluated on the body; `Mcp-*` headers are claims that must agree: what nobody compared goes no further", async () => {
  await using proxy = new TestProxy(ordinary);
  const session = await proxy.begin();
  const lies = {
    "mcp-method": "tools/call",
    "mcp-name": "write",
    "mcp-param-region": "eu",
  };
  const legacy = { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" };
  const sent = async (message: unknown, headers: Record<string, string>) => {
    await (await proxy.send(message, { headers })).body?.cancel();
    return proxy.seen.at(-1);
  };
  for (
    const [message, headers] of [
      [toolCall(1), { ...legacy, ...lies }],
      // a body of no modern revision under a header of one
      [toolCall(2), { ...lies, "mcp-protocol-version": "2026-07-28" }],
      [{ jsonrpc: "2.0", method: "notifications/roots/list_changed" }, { ...legacy, ...lies }],
    ] as const
  ) {
    const before = proxy.seen.length;
    const seen = await sent(message, headers);
    assert.equal(proxy.seen.length, before + 1);
    for (const name of CLAIMS) assert.equal(seen?.headers.get(name), null, name);
  }
  await (await proxy.send(undefined, { method: "GET", headers: { ...legacy, ...lies } })).body
    ?.cancel();
  assert.equal(proxy.seen.at(-1)?.method, "GET");
  for (const name of CLAIMS) assert.equal(proxy.seen.at(-1)?.headers.get(name), null, name);
  const call = request(3, "tools/call", { name: "read", arguments: {}, _meta: MODERN });
  const good = await sent(call, {
    ...lies,
    "mcp-protocol-version": "2026-07-28",
    "mcp-name": "read",
  });
  assert.deepEqual(CLAIMS.map((name) => good?.headers.get(name)), ["tools/call", "read", "eu"]);
});

Deno.test("A client that gives up asking for a stream ends what was asked of the upstream", async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
  const { promise: left, resolve: onLeft } = Promise.withResolvers<void>();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  await using proxy = new TestProxy(async (incoming, body) => {
    if (incoming.method !== "GET") return ordinary(incoming, body);
    incoming.signal.addEventListener("abort", () => onLeft());
    onAsked();
    await over;
    return new Response(null, { status: 405 });
  });
  try {
    const session = await proxy.begin();
    const gone = new AbortController();
    const waiting = proxy.send(undefined, {
      method: "GET",
      headers: { "mcp-session-id": session },
      signal: gone.signal,
    }).catch(() => {});
    await asked;
    gone.abort();
    await waiting;
    await left;
  } finally {
    end();
  }
});
