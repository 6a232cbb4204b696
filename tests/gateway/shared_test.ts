import assert from "node:assert/strict";
import type { Principal } from "../../src/access/principal.ts";
import type { AccessRequest } from "../../src/access/request.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { AegisError } from "../../src/base/error.ts";
import type { Arriving } from "../../src/gateway/channel.ts";
import { bytesOf, textOf } from "../transport/support.ts";
import { call, denying, TestChannel } from "./harness.ts";

/** What left for one side. */
function left(sent: readonly string[], to: "client" | "upstream"): readonly JsonObject[] {
  return sent.filter((each) => each.startsWith(`${to} `))
    .map((each) => JSON.parse(each.slice(to.length + 1)));
}

function text(message: object): string {
  return JSON.stringify({ jsonrpc: "2.0", ...message });
}

async function forwarded(channel: TestChannel, message: string): Promise<JsonObject> {
  const [request] = left(await channel.send("client", message), "upstream");
  assert.ok(request !== undefined);
  return request;
}

Deno.test("The upstream never sees two requests with one id: channels that share it have ids of ours", async () => {
  const channel = await TestChannel.open({ shared: true });
  const other = await channel.gateway.openChannel({
    credentials: { kind: "local" },
    upstream: "fs",
    transport: "http",
    shared: true,
  });
  const mine = await forwarded(channel, call("a", "read"));
  const [theirs] = await other.fromClient([bytesOf(call("a", "read"))]);
  assert.ok(theirs?.kind === "forward");
  const second = JSON.parse(textOf(theirs.cleared.bytes));
  assert.notEqual(mine.id, "a");
  assert.notEqual(mine.id, second.id);
  const answer = text({ id: mine.id, result: { content: [] } });
  assert.deepEqual(await channel.send("upstream", answer), [
    `client ${text({ id: "a", result: { content: [] } })}`,
  ]);
  assert.equal((await other.fromUpstream([bytesOf(answer)]))[0]?.kind, "drop");
});

Deno.test("An answer that was given, to another's id, or to the client's own id is dropped", async () => {
  const channel = await TestChannel.open({ shared: true });
  const { id } = await forwarded(channel, call(7, "read"));
  const answer = (id: unknown) => text({ id, result: {} });
  assert.deepEqual(await channel.send("upstream", answer(`${id}`)), ["drop"]);
  assert.deepEqual(await channel.send("upstream", answer(7_000_000)), ["drop"]);
  assert.deepEqual(await channel.send("upstream", answer(id)), [`client ${answer(7)}`]);
  assert.deepEqual(await channel.send("upstream", answer(id)), ["drop"]);
});

Deno.test("A cancelled request is named to the upstream by our id, and its late answer is dropped", async () => {
  const channel = await TestChannel.open({ shared: true });
  const { id } = await forwarded(channel, call("x", "read"));
  const cancelled = (requestId: unknown) =>
    text({ method: "notifications/cancelled", params: { requestId } });
  assert.deepEqual(await channel.send("client", cancelled("x")), [`upstream ${cancelled(id)}`]);
  assert.deepEqual(await channel.send("upstream", text({ id, result: {} })), ["drop"]);
});

Deno.test("A subscription is named to each side by its own id", async () => {
  const channel = await TestChannel.open({ shared: true });
  const key = "io.modelcontextprotocol/subscriptionId";
  const listen = text({ id: "s", method: "subscriptions/listen", params: { notifications: {} } });
  const { id } = await forwarded(channel, listen);
  const acknowledged = (subscription: unknown) =>
    text({
      method: "notifications/subscriptions/acknowledged",
      params: { _meta: { [key]: subscription } },
    });
  assert.deepEqual(await channel.send("upstream", acknowledged(id)), [
    `client ${acknowledged("s")}`,
  ]);
  assert.deepEqual(await channel.send("upstream", acknowledged("s")), ["drop"]);
  const closed = (id: unknown) => text({ id, result: { _meta: { [key]: id } } });
  assert.deepEqual(await channel.send("upstream", closed(id)), [`client ${closed("s")}`]);
});

Deno.test("An unreadable answer ends the call whose id of ours it has", async () => {
  const channel = await TestChannel.open({ shared: true });
  const { id } = await forwarded(channel, call("u", "read"));
  const [told] = left(
    await channel.send("upstream", `{"jsonrpc":"2.0","id":${id},"result":{"a":1,"a":2}}`),
    "client",
  );
  assert.equal(told?.id, "u");
  assert.equal((told?.error as JsonObject).code, -31502);
});

Deno.test("An error without an id belongs to the request on whose answer it came, and to no other", async () => {
  const { channel, ...rest } = { channel: (await TestChannel.open({ shared: true })).channel };
  assert.deepEqual(rest, {});
  await channel.fromClient([bytesOf(call("q", "read"))]);
  const error = text({ id: null, error: { code: -32000, message: "Server not initialized" } });
  assert.equal((await channel.fromUpstream([bytesOf(error)]))[0]?.kind, "drop");
  const [told] = await channel.fromUpstream([bytesOf(error)], { answers: "q" });
  assert.ok(told?.kind === "forward");
  assert.equal(textOf(told.cleared.bytes), error);
  assert.deepEqual({ ...told.envelope }, {
    kind: "error",
    method: "tools/call",
    about: "q",
    revision: null,
  });
});

Deno.test("An answer may come once more where its stream is resumed, as long as nobody uses its id", async () => {
  const { channel } = await TestChannel.open({ shared: true });
  const ask = async () => {
    const [sent] = await channel.fromClient([bytesOf(call("q", "read"))]);
    assert.ok(sent?.kind === "forward");
    return JSON.parse(textOf(sent.cleared.bytes)).id;
  };
  const kinds = async (id: unknown, arriving: Arriving) =>
    (await channel.fromUpstream([bytesOf(text({ id, result: {} }))], arriving))
      .map(({ kind }) => kind);
  const first = await ask();
  assert.deepEqual(await kinds(first, { isResumable: true }), ["forward"]);
  assert.deepEqual(await kinds(first, {}), ["drop"]);
  assert.deepEqual(await kinds(first, { isResumed: true }), ["forward"]);
  const second = await ask();
  assert.deepEqual(await kinds(first, { isResumed: true }), ["drop"]);
  assert.deepEqual(await kinds(second, {}), ["forward"]);
  assert.deepEqual(await kinds(second, { isResumed: true }), ["drop"]);
});

Deno.test("Every message is judged with the roles and scopes of its own token, and one channel has one principal", async () => {
  const asked: AccessRequest[] = [];
  const engine = denying([]);
  const channel = await TestChannel.open({
    shared: true,
    policy: {
      ...engine,
      async decide(request) {
        await Promise.resolve();
        asked.push(request);
        return await engine.decide(request);
      },
    },
  });
  const who = (scope: string): Principal => ({
    id: "tester",
    kind: "local",
    roles: new Set(["dev"]),
    scopes: new Set([scope]),
  });
  await Promise.all(
    ["read", "write", "read"].map((scope, id) =>
      channel.channel.fromClient([bytesOf(call(id, "t"))], { principal: who(scope) })
    ),
  );
  assert.deepEqual(asked.map(({ principal }) => [...principal.scopes]), [["read"], ["write"], [
    "read",
  ]]);
  assert.throws(
    () => channel.channel.fromClient([], { principal: { ...who("read"), id: "another" } }),
    AegisError,
  );
});

Deno.test("An answer of the gateway's own says what HTTP says beside it", async () => {
  const channel = (await TestChannel.open({ shared: true, policy: denying(["no"]) })).channel;
  const status = async (frame: string) => {
    const [told] = await channel.fromClient([bytesOf(frame)]);
    return told?.kind === "answer" ? told.http.status : told?.kind;
  };
  assert.equal(await status("{"), 400);
  assert.equal(await status(call(1, "no")), 200);
  assert.equal(await status(text({ id: 2, method: "no/such" })), 200);
  const modern = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
  assert.equal(await status(text({ id: 3, method: "no/such", params: modern })), 404);
  assert.equal(await status(call(4, "yes")), "forward");
});

Deno.test("Policy is evaluated on the body; `Mcp-*` headers are claims that must agree", async () => {
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  const body = text({
    id: 1,
    method: "tools/call",
    params: { name: "read", arguments: {}, _meta },
  });
  const agreed = {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": "read",
  };
  const told = async (headers: Record<string, string>, frame = body) => {
    const { channel } = await TestChannel.open({ shared: true });
    const [first] = await channel.fromClient([bytesOf(frame)], {
      headers: Object.entries(headers),
    });
    if (first?.kind !== "answer") return first?.kind;
    return [first.http.status, JSON.parse(textOf(first.cleared.bytes)).error.code];
  };
  assert.equal(await told(agreed), "forward");
  for (
    const [name, value] of Object.entries({
      "mcp-name": "write",
      "mcp-method": "tools/list",
      "mcp-protocol-version": "2025-11-25",
    })
  ) assert.deepEqual(await told({ ...agreed, [name]: value }), [400, -32020], name);
  assert.deepEqual(await told({}), [400, -32020]);
  const legacy = text({ id: 1, method: "tools/call", params: { name: "read", arguments: {} } });
  assert.equal(await told({ "mcp-protocol-version": "2025-11-25" }, legacy), "forward");
  assert.equal(await told({ ...agreed, "mcp-name": "write" }, legacy), "forward");
  const old = body.replace("2026-07-28", "2025-11-25");
  assert.deepEqual(await told(agreed, old), [400, -32020], "a body that names another revision");
  assert.equal(await told({ "mcp-protocol-version": "2025-11-25" }, old), "forward");
});

Deno.test("A method that the modern revision has not any more is unknown there", async () => {
  const { channel } = await TestChannel.open();
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  for (const method of ["initialize", "ping", "resources/subscribe", "logging/setLevel"]) {
    const [told] = await channel.fromClient([bytesOf(text({ id: 1, method, params: { _meta } }))]);
    assert.ok(told?.kind === "answer");
    assert.equal(told.http.status, 404);
    assert.equal(JSON.parse(textOf(told.cleared.bytes)).error.code, -32601);
  }
});

Deno.test("A request that wants to hear of its progress has a token of ours, and nobody else hears of it", async () => {
  const channel = await TestChannel.open({ shared: true });
  const other = await channel.gateway.openChannel({
    credentials: { kind: "local" },
    upstream: "fs",
    transport: "http",
    shared: true,
  });
  const wanting = (id: string) =>
    text({
      id,
      method: "tools/call",
      params: { name: "read", arguments: {}, _meta: { progressToken: "t", "x/y": "kept" } },
    });
  const progress = (progressToken: unknown) =>
    text({ method: "notifications/progress", params: { progressToken, progress: 1 } });
  const { id, params } = await forwarded(channel, wanting("a"));
  const [theirs] = await other.fromClient([bytesOf(wanting("a"))]);
  assert.ok(theirs?.kind === "forward");
  assert.deepEqual((params as JsonObject)._meta, { progressToken: id, "x/y": "kept" });
  assert.notEqual(theirs.envelope.wire?.progressToken, id);
  assert.equal(theirs.envelope.wire?.progressToken, theirs.envelope.wire?.id);
  assert.deepEqual(await channel.send("upstream", progress(id)), [`client ${progress("t")}`]);
  assert.deepEqual(
    await channel.send("upstream", progress("t")),
    ["drop"],
    "the client's own token",
  );
  assert.equal((await other.fromUpstream([bytesOf(progress(id))]))[0]?.kind, "drop");
});

Deno.test("A cancellation names the request that it gives up as the upstream does", async () => {
  const channel = await TestChannel.open({ shared: true });
  const { id } = await forwarded(channel, call("x", "read"));
  const cancelled = text({ method: "notifications/cancelled", params: { requestId: "x" } });
  const [left] = await channel.channel.fromClient([bytesOf(cancelled)]);
  assert.ok(left?.kind === "forward");
  assert.deepEqual(left.envelope.wire, { id, progressToken: undefined });
});

Deno.test("An answer that comes late is not taken for that of a later request of the same id", async () => {
  const channel = await TestChannel.open({ shared: true });
  const first = await forwarded(channel, call("x", "read"));
  await channel.send("upstream", `{"jsonrpc":"2.0","id":${first.id},"result":{"a":1,"a":2}}`);
  const second = await forwarded(channel, call("x", "write"));
  const late = text({ id: first.id, result: { content: ["of the first"] } });
  assert.deepEqual(await channel.send("upstream", late), ["drop"]);
  const answer = (id: unknown) => text({ id, result: {} });
  assert.deepEqual(await channel.send("upstream", answer(second.id)), [`client ${answer("x")}`]);
});

Deno.test("A server that gives up its own question names it by its own id, whatever ids of ours there are", async () => {
  const channel = await TestChannel.open({
    shared: true,
    policy: denying([], { asks: ["elicitation"] }),
  });
  const { id } = await forwarded(channel, call("x", "read"));
  const question = text({ id, method: "elicitation/create", params: {} });
  assert.deepEqual(await channel.send("upstream", question), [`client ${question}`]);
  const cancelled = text({ method: "notifications/cancelled", params: { requestId: id } });
  assert.deepEqual(await channel.send("upstream", cancelled), [`client ${cancelled}`]);
});

Deno.test("An answer that comes once more is bound like its own request, not like a later one of the same id", async () => {
  const seen: unknown[] = [];
  const { channel } = await TestChannel.open({
    shared: true,
    policy: {
      hash: "sha256:test",
      decide: ({ action, resource }) => ({
        effect: "allow",
        action,
        determining: [],
        obligations: resource.name === "secret" ? [{ kind: "redact", secrets: ["github"] }] : [],
        mode: "enforce",
      }),
    },
    inspector: {
      inspect(result, { obligations }) {
        seen.push([result.of as string, obligations.length]);
        return { effect: "pass", result, changes: [] };
      },
    },
  });
  const isResumable = true;
  const asked = async (tool: string) => {
    const [sent] = await channel.fromClient([bytesOf(call("x", tool))]);
    assert.ok(sent?.kind === "forward");
    const answer = text({ id: JSON.parse(textOf(sent.cleared.bytes)).id, result: { of: tool } });
    await channel.fromUpstream([bytesOf(answer)], { isResumable });
    return answer;
  };
  const first = await asked("secret");
  const second = await asked("open");
  const again = async (answer: string) =>
    (await channel.fromUpstream([bytesOf(answer)], { isResumable, isResumed: true }))[0]?.kind;
  assert.equal(await again(first), "drop");
  assert.equal(await again(second), "forward");
  assert.deepEqual(seen, [["secret", 1], ["open", 0], ["open", 0]]);
});
