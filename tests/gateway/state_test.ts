import assert from "node:assert/strict";
import type { PolicyEngine } from "../../src/access/decision.ts";
import { call, denying, result, TestChannel } from "./harness.ts";

function request(id: number, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** Denies what the server itself calls destructive. */
function wary(): PolicyEngine {
  return {
    hash: "sha256:test",
    decide: (asked) =>
      denying(asked.context.annotations?.destructiveHint === true ? [asked.resource.name] : [])
        .decide(asked),
  };
}

Deno.test("Nothing hidden is callable, also when only the first page is listed again", async () => {
  const channel = await TestChannel.open({ policy: wary() });
  const first = { tools: [{ name: "cat" }], nextCursor: "2" };
  const second = { tools: [{ name: "rm", annotations: { destructiveHint: true } }] };
  await channel.send("client", request(1, "tools/list"), request(2, "tools/list", { cursor: "2" }));
  const sent = await channel.send("upstream", result(1, first), result(2, second));
  assert.equal(sent[1], `client ${result(2, { tools: [] })}`);
  await channel.send("client", request(3, "tools/list"));
  await channel.send("upstream", result(3, first));
  assert.match((await channel.send("client", call(4, "rm")))[0] ?? "", /not_permitted/);
  await channel.send("client", request(5, "tools/list"));
  await channel.send("upstream", result(5, { tools: [{ name: "rm" }] }));
  assert.match((await channel.send("client", call(6, "rm")))[0] ?? "", /^upstream /);
});

Deno.test("What is kept of a request in flight is bounded", async () => {
  const channel = await TestChannel.open();
  const token = "t".repeat(1025);
  const params = { name: "cat", _meta: { progressToken: token } };
  const [sent = ""] = await channel.send("client", request(1, "tools/call", params));
  assert.match(sent, /"id":1.*-31413.*maxIdBytes/);
  const uri = `file:///${"x".repeat(10_000)}`;
  await channel.send("client", request(2, "resources/read", { uri }));
  await channel.send("upstream", result(2));
  const [, asked, answered] = channel.sink.messages;
  assert.equal(asked?.resource?.name, uri);
  assert.equal(answered?.resource?.name, uri.slice(0, 4096));
  const ping = request(1, "ping", { _meta: { progressToken: token } });
  assert.match((await channel.send("upstream", ping))[0] ?? "", /^upstream .*maxIdBytes/);
});

Deno.test("A log that throws changes nothing", async () => {
  const log = {
    enabled: () => {
      throw new Error("no log");
    },
    log: () => {
      throw new Error("no log");
    },
  };
  const channel = await TestChannel.open({ policy: denying(["rm"]), log });
  const sent = await channel.send("client", call(1, "rm"), call(2, "cat"));
  assert.match(sent[0] ?? "", /not_permitted/);
  assert.match(sent[1] ?? "", /^upstream /);
  channel.sink.failing = true;
  assert.match((await channel.send("client", call(3, "cat")))[0] ?? "", /audit_failed/);
  await channel.send("upstream", "noise");
});

Deno.test("Every message leaves exactly one audit entry, also an empty batch", async () => {
  const channel = await TestChannel.open();
  const params = { protocolVersion: "2025-03-26", capabilities: {} };
  await channel.send("client", request(1, "initialize", params));
  await channel.send("upstream", result(1, { protocolVersion: "2025-03-26" }));
  const [sent = ""] = await channel.send("client", "[]");
  assert.match(sent, /^client .*"id":null.*-32600/);
  assert.equal(channel.sink.messages.length, 3);
  const batch = `[${call(2, "cat")},${call(2, "cat")},1]`;
  const each = await channel.send("client", batch);
  assert.deepEqual(each.map((text) => text.split(" ")[0]), ["upstream", "client", "client"]);
  assert.equal(channel.sink.messages.length, 6);
});
