import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Disposition } from "../../src/gateway/channel.ts";
import { bytesOf, textOf } from "../transport/support.ts";
import { denying, TestChannel } from "./harness.ts";

type Forward = Extract<Disposition, { readonly kind: "forward" }>;

const META = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
const INITIALIZE = { id: 0, method: "initialize", params: { protocolVersion: "2025-11-25" } };

function bytes(message: object): Uint8Array {
  return bytesOf(JSON.stringify({ jsonrpc: "2.0", ...message }));
}

async function sent(channel: TestChannel, message: object): Promise<Forward> {
  const [disposition] = await channel.channel.fromClient([bytes(message)]);
  ok(disposition?.kind === "forward", JSON.stringify(disposition));
  return disposition;
}

function call(id: number, name: string, args: object = {}): object {
  return { id, method: "tools/call", params: { name, arguments: args, _meta: META } };
}

/** A list that the server gives to request 9. */
async function list(channel: TestChannel, tools: readonly object[], meta = META): Promise<string> {
  const request = { id: 9, method: "tools/list", params: { _meta: meta } };
  await sent(channel, request);
  const result = { tools };
  const [told] = await channel.channel.fromUpstream([bytes({ id: 9, result })]);
  ok(told?.kind === "forward");
  return textOf(told.cleared.bytes);
}

function tool(name: string, region: object): object {
  return { name, inputSchema: { type: "object", properties: { region } } };
}

const GOOD = { type: "string", "x-mcp-header": "Region" };
const BAD = { type: "object", "x-mcp-header": "Region" };

Deno.test("a channel that is not mirrored makes no headers and leaves no tool out", async () => {
  const channel = await TestChannel.open();
  equal((await sent(channel, call(1, "read"))).headers, undefined);
  match(await list(channel, [tool("a", BAD)]), /"name":"a"/);
  equal((await sent(channel, call(2, "a"))).headers, undefined);
});

Deno.test("headers are made of what is sent: method, name, and arguments that the schema declares", async () => {
  const channel = await TestChannel.open({ mirrored: true });
  const args = { region: "eu" };
  const version = ["MCP-Protocol-Version", "2026-07-28"];
  const named = [version, ["Mcp-Method", "tools/call"], ["Mcp-Name", "a"]];
  deepEqual((await sent(channel, call(1, "a", args))).headers, named, "nothing was listed");
  await list(channel, [tool("a", GOOD)]);
  deepEqual(
    (await sent(channel, call(2, "a", args))).headers,
    [...named, ["Mcp-Param-Region", "eu"]],
  );
});

Deno.test("headers of the legacy revisions: the one that was negotiated, and none before", async () => {
  const channel = await TestChannel.open({ mirrored: true });
  deepEqual((await sent(channel, INITIALIZE)).headers, []);
  const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: {} };
  await channel.channel.fromUpstream([bytes({ id: 0, result })]);
  const version = [["MCP-Protocol-Version", "2025-06-18"]];
  deepEqual((await sent(channel, { method: "notifications/initialized" })).headers, version);
  deepEqual((await sent(channel, { id: 1, method: "ping" })).headers, version);
  await channel.channel.fromUpstream([bytes({ id: "q", method: "ping" })]);
  deepEqual((await sent(channel, { id: "q", result: {} })).headers, version);
});

Deno.test("a tool with invalid declarations is hidden and refused in the modern revision alone", async () => {
  const channel = await TestChannel.open({ mirrored: true });
  const listed = await list(channel, [tool("good", GOOD), tool("bad", BAD), tool("bad", GOOD)]);
  match(listed, /"good"/);
  const [refused] = await channel.channel.fromClient([bytes(call(1, "bad", { region: {} }))]);
  ok(refused?.kind === "answer");
  match(textOf(refused.cleared.bytes), /"isError":true.*"reason":"unusable_tool"/);
  equal(channel.sink.messages.at(-1)?.reason, "unusable_tool");
  equal(channel.sink.messages.at(-1)?.effect, "deny");

  const legacy = { id: 2, method: "tools/call", params: { name: "bad", arguments: {} } };
  equal((await sent(channel, legacy)).envelope.method, "tools/call");
});

Deno.test("of a tool that is listed twice no invalid one is shown", async () => {
  const channel = await TestChannel.open({ mirrored: true });
  const listed = JSON.parse(await list(channel, [tool("twice", GOOD), tool("twice", BAD)]));
  equal(listed.result.tools.length, 1);
  deepEqual(listed.result.tools[0].inputSchema.properties.region, GOOD);
});

Deno.test("a cancelled request is named to the transport, with its revision", async () => {
  const channel = await TestChannel.open({ mirrored: true });
  await sent(channel, call(7, "slow"));
  const cancelled = { method: "notifications/cancelled", params: { requestId: 7 } };
  const { envelope } = await sent(channel, cancelled);
  equal(envelope.about, 7);
  equal(envelope.revision, "2026-07-28");
});

Deno.test("what is refused has no headers", async () => {
  const channel = await TestChannel.open({ mirrored: true, policy: denying(["rm"]) });
  const [refused] = await channel.channel.fromClient([bytes(call(1, "rm"))]);
  ok(refused?.kind === "answer" && !("headers" in refused));
});

Deno.test("a mirrored channel gives the client one line, whatever whitespace the upstream sends", async () => {
  for (const space of ["\n", "\r\n", "\r", " "]) {
    const channel = await TestChannel.open({ mirrored: true });
    await sent(channel, call(1, "read"));
    const body = bytesOf(
      `{${space}"jsonrpc":"2.0",${space}"id":1,"result":{"a":12345678901234567890}}`,
    );
    const [told] = await channel.channel.fromUpstream([body]);
    ok(told?.kind === "forward");
    const text = textOf(told.cleared.bytes);
    ok(!/[\r\n]/.test(text), JSON.stringify(text));
    match(text, /12345678901234567890/);
  }
});
