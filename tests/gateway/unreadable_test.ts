import assert from "node:assert/strict";
import { call, denying, result, TestChannel } from "./harness.ts";

const ASK = '{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}';
const OVER = { oversize: true, bytes: 9, limit: "maxLineBytes", max: 5 } as const;

function asking(): Promise<TestChannel> {
  return TestChannel.open({ policy: denying([], { asks: ["sampling"] }) });
}

Deno.test("A client's unreadable request is no answer to the upstream's request of the same id", async () => {
  const channel = await asking();
  await channel.send("upstream", ASK);
  const twice = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}';
  const [refused = ""] = await channel.send("client", twice);
  assert.match(refused, /^client .*"id":1.*-32600/);
  assert.match((await channel.send("client", result(1)))[0] ?? "", /^upstream .*"result"/);
});

Deno.test("An upstream's unreadable request ends no call of the client with the same id", async () => {
  const channel = await asking();
  await channel.send("client", call(1, "cat"));
  const twice = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1,"a":2}}';
  const [refused = ""] = await channel.send("upstream", twice);
  assert.match(refused, /^upstream .*"id":1.*-32600/, "whoever asked does not wait for ever");
  const [oversize = ""] = await channel.send("upstream", { ...OVER, id: 1, hasMethod: true });
  assert.match(oversize, /^upstream .*"id":1.*-31413/);
  assert.match((await channel.send("upstream", result(1)))[0] ?? "", /^client .*"result"/);
  assert.deepEqual(
    channel.sink.messages.map(({ kind, disposition }) => [kind, disposition]).slice(1, 3),
    [["unreadable", "answer"], ["unreadable", "answer"]],
  );
});

Deno.test("An unreadable answer to nothing is no error for the client's own request of that id", async () => {
  const channel = await asking();
  await channel.send("client", call(1, "cat"));
  const answer = '{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}';
  assert.deepEqual(await channel.send("client", answer), ["drop"]);
  assert.deepEqual(await channel.send("client", { ...OVER, id: 1, hasMethod: false }), ["drop"]);
  assert.equal(channel.sink.messages.length, 3);
});

Deno.test("A client's unreadable answer ends the upstream's request", async () => {
  const channel = await asking();
  await channel.send("upstream", ASK);
  const [told = ""] = await channel.send(
    "client",
    '{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}',
  );
  assert.match(told, /^upstream .*"id":1.*"error"/);
});

Deno.test("What was judged is what is sent: an upstream's bytes that hold more are written anew", async () => {
  const channel = await TestChannel.open();
  await channel.send("client", call(1, "cat"), call(2, "cat"));
  const [more] = await channel.send("upstream", '{"jsonrpc":"2.0","id":1,"result":{},"x":{}}');
  assert.equal(more, `client ${result(1)}`);
  const spaced = '{ "jsonrpc":"2.0", "id":2, "result":{"n":1.50} }';
  assert.deepEqual(await channel.send("upstream", spaced), [`client ${spaced}`]);
});

Deno.test("Over the budget, each side's request is answered and each side's answer ends its call", async () => {
  const channel = await TestChannel.open({
    policy: denying([], { asks: ["sampling"] }),
    limits: { maxInFlightBytes: 1_000_000 },
  });
  const pad = { pad: "x".repeat(1_100_000) };
  const big = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "ping", params: pad });
  assert.match((await channel.send("upstream", big))[0] ?? "", /^upstream .*"id":7.*-31504/);
  assert.match((await channel.send("client", big))[0] ?? "", /^client .*"id":7.*-31504/);
  await channel.send("client", call(1, "cat"));
  assert.match((await channel.send("upstream", result(1, pad)))[0] ?? "", /^client .*-31504/);
  await channel.send("upstream", ASK);
  assert.match((await channel.send("client", result(1, pad)))[0] ?? "", /^upstream .*"error"/);
  assert.equal(channel.budget.held, 0);
});

Deno.test("A client's request whose id cannot be read is answered all the same", async () => {
  const channel = await TestChannel.open();
  const [sent = ""] = await channel.send("client", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}');
  assert.match(sent, /^client .*"id":null.*-32600/);
});
