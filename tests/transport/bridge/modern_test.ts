import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  codeOf,
  event,
  json,
  modern,
  play,
  resultOf,
  stream,
  textOfError,
  upstream,
} from "./scene.ts";

function tool(name: string, properties: Record<string, unknown>): Record<string, unknown> {
  return { name, inputSchema: { type: "object", properties } };
}

const TOOLS = [
  tool("query", { region: { type: "string", "x-mcp-header": "Region" }, sql: { type: "string" } }),
  tool("twisted", { region: { type: "array", "x-mcp-header": "Region" } }),
];

Deno.test("headers repeat what was judged, and there are no sessions", async () => {
  await using server = upstream(({ body }) =>
    body?.method === "tools/list"
      ? json({ jsonrpc: "2.0", id: body.id, result: { tools: TOOLS } }, { "mcp-session-id": "x" })
      : json(resultOf(body?.id), { "mcp-session-id": "x" })
  );
  await using scene = await play(server.url);
  scene.say(modern(1, "tools/list"));
  await scene.answer(1);
  scene.say(modern(2, "tools/call", { name: "query", arguments: { region: "Zürich", sql: "x" } }));
  await scene.answer(2);
  scene.stdin.end();
  equal(await scene.code, 0);
  equal(server.seen.length, 2, "no GET, no DELETE");
  const [list, call] = server.seen;
  const mcp = (headers: Headers | undefined) =>
    Object.fromEntries([...headers ?? []].filter(([name]) => name.startsWith("mcp-")));
  deepEqual(mcp(list?.headers), {
    "mcp-method": "tools/list",
    "mcp-protocol-version": "2026-07-28",
  });
  deepEqual(mcp(call?.headers), {
    "mcp-method": "tools/call",
    "mcp-name": "query",
    "mcp-param-region": "=?base64?WsO8cmljaA==?=",
    "mcp-protocol-version": "2026-07-28",
  });
});

Deno.test("a tool whose headers are declared in no valid way is neither listed nor called", async () => {
  await using server = upstream(({ body }) =>
    json({ jsonrpc: "2.0", id: body?.id, result: { tools: TOOLS } })
  );
  await using scene = await play(server.url);
  scene.say(modern(1, "tools/list"));
  const { result } = await scene.answer(1);
  deepEqual((result as { tools: { name: string }[] }).tools.map(({ name }) => name), ["query"]);
  scene.say(modern(2, "tools/call", { name: "twisted", arguments: { region: [] } }));
  const refused = JSON.stringify(await scene.answer(2));
  match(refused, /cannot be called: in its schema/);
  match(refused, /"reason":"unusable_tool"/);
  equal(server.seen.length, 1);
  scene.say(modern(3, "tools/list"));
  await scene.answer(3);
  const notes = scene.notes.filter((note) => note.includes('the tool "twisted" is left out'));
  equal(notes.length, 1);
});

Deno.test("to cancel is to close the stream: the server is sent no notification", async () => {
  const closed = Promise.withResolvers<void>();
  const note = {
    jsonrpc: "2.0",
    method: "notifications/message",
    params: { level: "info", data: 1 },
  };
  await using server = upstream(() =>
    stream([event(note)], { open: true, onCancel: () => closed.resolve() })
  );
  await using scene = await play(server.url);
  scene.say(modern(1, "tools/call", { name: "slow", arguments: {} }));
  await scene.heard(({ method }) => method === "notifications/message");
  scene.say({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  await closed.promise;
  scene.stdin.end();
  equal(await scene.code, 0);
  equal(server.seen.length, 1);
  ok(scene.stdout.messages.every(({ id }) => id !== 1), "a cancelled request has no answer");
});

Deno.test("to cancel a request that was not replied to closes its connection", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using scene = await play(new URL(`http://127.0.0.1:${listener.addr.port}/mcp`));
  scene.say(modern(1, "tools/call", { name: "slow", arguments: {} }));
  using connection = await listener.accept();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  while (!text.includes('"slow"')) {
    text += new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
  }
  scene.say({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  equal(await connection.read(buffer), null);
  equal(scene.notes.length, 0, "what the client gives up is no failure");
});

Deno.test("a stream that ends before the answer has ended the call, whatever events it had", async () => {
  await using server = upstream(() => stream(["id: e-0\nretry: 1\ndata:\n\n"]));
  await using scene = await play(server.url);
  scene.say(modern(1, "tools/call", { name: "read", arguments: {} }));
  const answer = await scene.answer(1);
  equal(codeOf(answer), -31502);
  match(textOfError(answer), /its stream ended before the answer/);
  equal(server.seen.length, 1);
});

Deno.test("a subscription stays open, and does not keep the client from leaving", async () => {
  const ack = {
    jsonrpc: "2.0",
    method: "notifications/subscriptions/acknowledged",
    params: { _meta: { "io.modelcontextprotocol/subscriptionId": 1 } },
  };
  await using server = upstream(() => stream([event(ack)], { open: true }));
  await using scene = await play(server.url);
  scene.say(modern(1, "subscriptions/listen", { notifications: { toolsListChanged: true } }));
  await scene.heard(({ method }) => method === ack.method);
  const startedMs = performance.now();
  scene.stdin.end();
  equal(await scene.code, 0);
  ok(performance.now() - startedMs < 900, "no grace for what never ends");
});

Deno.test("an error without an id is given that of its request: stdio has nothing else to go by", async () => {
  const error = { code: -32000, message: "Bad Request: Server not initialized" };
  await using server = upstream(() =>
    Response.json({ jsonrpc: "2.0", id: null, error }, { status: 400 })
  );
  await using scene = await play(server.url);
  scene.say(modern(1, "server/discover"));
  deepEqual(await scene.answer(1), { jsonrpc: "2.0", id: 1, error });
});
