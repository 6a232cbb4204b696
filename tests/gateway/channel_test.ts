import assert from "node:assert/strict";
import { isCleared } from "../../src/gateway/clear.ts";
import { call, denying, result, TestChannel } from "./harness.ts";

Deno.test("Every message leaves exactly one audit entry, written before the forward", async () => {
  const channel = await TestChannel.open({ policy: denying(["rm"]) });
  const seen: number[] = [];
  channel.sink.onRecord = () => seen.push(channel.sink.entries.length);
  const sent = await channel.send("client", call(1, "cat"), call(2, "rm"), "{", call(1, "cat"));
  assert.equal(sent.length, 4);
  assert.deepEqual(seen, [0], "one write for the group, before anything left");
  assert.deepEqual(
    channel.sink.messages.map((
      { id, disposition, effect, reason },
    ) => [id, disposition, effect, reason]),
    [
      [1, "forward", "allow", undefined],
      [2, "answer", "deny", "not_permitted"],
      [null, "answer", "deny", "malformed"],
      [1, "answer", "deny", "id_in_flight"],
    ],
  );
  await channel.send("upstream", result(1), result(1), result(7));
  assert.deepEqual(
    channel.sink.messages.slice(4).map(({ id, disposition, reason }) => [id, disposition, reason]),
    [[1, "forward", undefined], [1, "drop", "not_expected"], [7, "drop", "not_expected"]],
  );
});

Deno.test("What cannot be recorded is refused, on the way there", async () => {
  const channel = await TestChannel.open();
  channel.sink.failing = true;
  const sent = await channel.send(
    "client",
    call(1, "cat"),
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  );
  assert.match(sent[0] ?? "", /^client .*"code":-31503.*"reason":"audit_failed"/);
  assert.equal(sent[1], "drop");
  channel.sink.failing = false;
  assert.match(
    (await channel.send("client", call(1, "cat")))[0] ?? "",
    /^upstream /,
    "the id is free again",
  );
});

Deno.test("What cannot be recorded is refused, on the way back", async () => {
  const channel = await TestChannel.open();
  await channel.send("client", call(1, "cat"));
  channel.sink.failing = true;
  const sent = await channel.send("upstream", result(1, { secret: true }));
  assert.match(sent[0] ?? "", /^client .*"id":1.*audit_failed/);
  assert.doesNotMatch(sent.join(), /secret/);
});

Deno.test("A sink that records later holds everything back until it has", async () => {
  const channel = await TestChannel.open();
  const { promise, resolve } = Promise.withResolvers<void>();
  channel.sink.record = () => promise as unknown as void;
  let left = false;
  const sending = channel.send("client", call(1, "cat")).then((sent) => {
    left = true;
    return sent;
  });
  await Promise.resolve();
  assert.equal(left, false);
  resolve();
  assert.match((await sending)[0] ?? "", /^upstream /);
});

Deno.test("A sink that rejects refuses the message", async () => {
  const channel = await TestChannel.open();
  channel.sink.record = () => Promise.reject(new Error("gone")) as unknown as void;
  assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /audit_failed/);
});

Deno.test("An engine and checks that answer later keep the order of the frames", async () => {
  const channel = await TestChannel.open({ policy: denying(["rm"], { later: true }) });
  const sent = await channel.send("client", call(1, "cat"), call(2, "rm"), call(3, "ls"));
  assert.deepEqual(sent.map((text) => text.split(" ")[0]), ["upstream", "client", "upstream"]);
  await channel.send("client", '{"jsonrpc":"2.0","id":4,"method":"tools/list"}');
  const listed = await channel.send(
    "upstream",
    result(4, { tools: [{ name: "rm" }, { name: "cat" }] }),
  );
  assert.equal(listed[0], `client ${result(4, { tools: [{ name: "cat" }] })}`);
});

Deno.test("Only gateway/clear.ts makes Cleared; only Cleared can be sent", () => {
  assert.equal(isCleared({ bytes: new Uint8Array(1) }), false);
  assert.equal(isCleared(Object.create(null)), false);
  assert.equal(isCleared(null), false);
});

Deno.test("What was judged is what is sent, and its hash is what the audit holds", async () => {
  const hashed: string[] = [];
  const channel = await TestChannel.open({
    digest: (bytes) => {
      hashed.push(new TextDecoder().decode(bytes));
      return "sha256:x";
    },
  });
  const text =
    '{ "jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"cat","arguments":{ "n": 1.50, "é":"\\u0061" }}}';
  const [sent = ""] = await channel.send("client", text);
  assert.deepEqual(hashed, ['{"n":1.50,"é":"a"}']);
  assert.ok(sent.includes(hashed[0] ?? "-"));
  assert.equal(channel.sink.messages[0]?.argumentsHash, "sha256:x");
  assert.equal(channel.sink.messages[0]?.arguments, undefined);
});

Deno.test("The text of arguments is recorded only when the operator asks", async () => {
  const channel = await TestChannel.open({ recordArguments: true });
  await channel.send("client", call(1, "cat", { path: "a" }));
  assert.deepEqual(channel.sink.messages[0]?.arguments, { path: "a" });
});

Deno.test("upstreamGone() answers every request that waits, once", async () => {
  const channel = await TestChannel.open();
  await channel.send("client", call(1, "cat"), call("b", "ls"));
  const sent = await channel.upstreamGone("it exited with code 1");
  assert.equal(sent.length, 2);
  for (const text of sent) assert.match(text, /^client .*-31502.*exited with code 1/);
  assert.deepEqual(await channel.upstreamGone("again"), []);
});

Deno.test("A frame over a limit is answered with its id, and ends the call it would have answered", async () => {
  const channel = await TestChannel.open();
  const over = { oversize: true, bytes: 9, limit: "maxLineBytes", max: 5 } as const;
  const [asked = ""] = await channel.send("client", { ...over, id: 4, hasMethod: true });
  assert.match(asked, /^client .*"id":4.*-31413.*"limit":"maxLineBytes","max":5/);
  const [unknown = ""] = await channel.send("client", { ...over, id: undefined, hasMethod: false });
  assert.match(unknown, /^client .*"id":null.*-31413/);
  await channel.send("client", call(1, "cat"));
  const [answered = ""] = await channel.send("upstream", { ...over, id: 1, hasMethod: false });
  assert.match(answered, /^client .*"id":1.*-31413/);
  assert.deepEqual(await channel.send("upstream", { ...over, id: 99, hasMethod: false }), []);
});

Deno.test("Arguments over a limit are refused with the limit and their place", async () => {
  const channel = await TestChannel.open({ limits: { maxArgumentBytes: 10 } });
  const [one = ""] = await channel.send("client", call(1, "cat", { "a/b": "éééééé", c: "x" }));
  assert.match(one, /-31413.*"limit":"maxArgumentBytes","max":10,"pointer":"\/arguments\/a~1b"/);
  const [many = ""] = await channel.send("client", call(2, "cat", { a: "1234", b: "1234" }));
  assert.match(many, /^upstream /);
  const total = await TestChannel.open({ limits: { maxArgumentsTotalBytes: 10 } });
  const [all = ""] = await total.send("client", call(1, "cat", { a: "1234", b: "1234" }));
  assert.match(all, /-31413.*maxArgumentsTotalBytes/);
});

Deno.test("Every reader is bounded; what all in-flight frames hold together is bounded too", async () => {
  const channel = await TestChannel.open({ limits: { maxInFlightBytes: 1_000_000 } });
  const big = call(1, "cat", { a: "x".repeat(1_100_000) });
  const [sent = ""] = await channel.send("client", big);
  assert.match(sent, /^client .*"id":1.*-31504.*maxInFlightBytes/);
  assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /^upstream /);
});

Deno.test("Requests in flight are capped, and answering one makes room", async () => {
  const channel = await TestChannel.open({ limits: { maxConcurrentRequests: 2 } });
  const sent = await channel.send("client", call(1, "a"), call(2, "a"), call(3, "a"));
  assert.match(sent[2] ?? "", /-31504.*maxConcurrentRequests/);
  await channel.send("upstream", result(1));
  assert.match((await channel.send("client", call(3, "a")))[0] ?? "", /^upstream /);
});

Deno.test("Noise of the upstream is summarised: one entry a second with a count", async () => {
  const channel = await TestChannel.open();
  await channel.send("upstream", "one\u001b[31m", "two", "three");
  for (let n = 0; n < 50; n++) await channel.send("upstream", "more");
  const noise = () => channel.sink.entries.filter((entry) => entry.type === "noise");
  assert.deepEqual(noise().map(({ count, sample }) => [count, sample]), [[3, "one\\u{1b}[31m"]]);
  channel.clock.monotonic += 1000;
  await channel.send("upstream", "last");
  assert.deepEqual(noise().map(({ count }) => count), [3, 51]);
  await channel.send("upstream", "tail");
  await channel.close();
  assert.deepEqual(noise().map(({ count }) => count), [3, 51, 1]);
});

Deno.test("The hidden half: a denied tool is neither listed nor callable, whatever its annotations say", async () => {
  const channel = await TestChannel.open({ policy: denying(["rm"]) });
  await channel.send("client", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  const tools = [{ name: "rm", annotations: { readOnlyHint: true } }, { name: "cat" }];
  const [listed = ""] = await channel.send("upstream", result(1, { tools }));
  assert.equal(listed, `client ${result(1, { tools: [{ name: "cat" }] })}`);
  assert.match((await channel.send("client", call(2, "rm")))[0] ?? "", /not_permitted/);
  assert.deepEqual(channel.sink.messages[1]?.changes, ["list-filtered 1 of 2"]);
});

Deno.test("A clock that jumps back stops nothing", async () => {
  const channel = await TestChannel.open();
  channel.clock.wall -= 10 * 365 * 86_400_000;
  assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /^upstream /);
  await channel.send("upstream", "noise");
  channel.clock.wall = 0;
  assert.match((await channel.send("upstream", result(1)))[0] ?? "", /^client /);
});

Deno.test("A refused call of a task is an error, not a tool result", async () => {
  const channel = await TestChannel.open({ policy: denying(["rm"]) });
  const params = { name: "rm", arguments: {}, task: { ttl: 1 } };
  const [sent = ""] = await channel.send(
    "client",
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  );
  assert.match(sent, /"error":\{"code":-31403/);
});

Deno.test("A refused call in the modern era is a complete result", async () => {
  const channel = await TestChannel.open({ policy: denying(["rm"]) });
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  const params = { name: "rm", arguments: {}, _meta };
  const [sent = ""] = await channel.send(
    "client",
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  );
  assert.match(sent, /"result":\{"resultType":"complete",.*"isError":true/);
});
