import assert from "node:assert/strict";
import { call, denying, result, TestChannel } from "./harness.ts";

function cancel(id: string | number): string {
  const params = { requestId: id };
  return JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params });
}

function side(sent: readonly string[]): string[] {
  return sent.map((text) => text.split(" ")[0] ?? "");
}

Deno.test("The upstream never sees two requests with one id, also while both are judged", async () => {
  const channel = await TestChannel.open({ policy: denying([], { later: true }) });
  const sent = await channel.send("client", call(1, "cat"), call(1, "ls"));
  assert.deepEqual(side(sent), ["upstream", "client"]);
  assert.match(sent[1] ?? "", /id_in_flight/);
  const [first, second] = await Promise.all([
    channel.send("client", call(2, "cat")),
    channel.send("client", call(2, "cat")),
  ]);
  assert.deepEqual(side([...first, ...second]), ["upstream", "client"]);
});

Deno.test("A request that was denied later frees its id", async () => {
  const channel = await TestChannel.open({ policy: denying(["rm"], { later: true }) });
  assert.deepEqual(side(await channel.send("client", call(1, "rm"))), ["client"]);
  assert.deepEqual(side(await channel.send("client", call(1, "cat"))), ["upstream"]);
  assert.deepEqual(side(await channel.send("upstream", result(1))), ["client"]);
  assert.deepEqual(side(await channel.send("client", call(1, "cat"))), ["upstream"]);
});

Deno.test("Requests in flight are capped, also while all are judged", async () => {
  const policy = denying([], { later: true });
  const channel = await TestChannel.open({ policy, limits: { maxConcurrentRequests: 2 } });
  const sent = await channel.send("client", call(1, "a"), call(2, "a"), call(3, "a"));
  assert.deepEqual(side(sent), ["upstream", "upstream", "client"]);
});

Deno.test("A request cancelled while it is judged is not forwarded", async () => {
  const channel = await TestChannel.open({ policy: denying([], { later: true }) });
  const sent = await channel.send("client", call(1, "cat"), cancel(1));
  assert.deepEqual(side(sent), ["client", "drop"]);
  assert.deepEqual(
    channel.sink.messages.map(({ kind, disposition }) => [kind, disposition]),
    [["request", "answer"], ["notification", "drop"]],
  );
  assert.deepEqual(side(await channel.send("client", call(1, "cat"))), ["upstream"]);
});

Deno.test("An upstream's request is held the same way", async () => {
  const policy = denying([], { later: true, asks: ["sampling"] });
  const channel = await TestChannel.open({ policy });
  const ask = '{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}';
  assert.deepEqual(side(await channel.send("upstream", ask, ask)), ["client", "upstream"]);
  const other = ask.replace('"id":1', '"id":2');
  assert.deepEqual(side(await channel.send("upstream", other, cancel(2))), ["upstream", "drop"]);
});

Deno.test("A request that is judged when the upstream goes is answered, not sent to nobody", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const policy = denying([]);
  const channel = await TestChannel.open({
    policy: { ...policy, decide: (request) => promise.then(() => policy.decide(request)) },
  });
  const sending = channel.send("client", call(1, "cat"));
  assert.deepEqual(await channel.upstreamGone("it exited"), []);
  resolve();
  assert.deepEqual(side(await sending), ["client"]);
});

Deno.test("What a group changed is taken back in reverse when it cannot be recorded", async () => {
  const channel = await TestChannel.open({ limits: { maxConcurrentRequests: 1 } });
  channel.sink.failing = true;
  await channel.send("client", call(1, "cat"), cancel(1));
  channel.sink.failing = false;
  assert.deepEqual(side(await channel.send("client", call(1, "cat"))), ["upstream"]);
});

Deno.test("A cancellation that cannot be recorded leaves the request in flight", async () => {
  const channel = await TestChannel.open({ policy: denying([], { asks: ["sampling"] }) });
  await channel.send("client", call(1, "cat"));
  const ask = '{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}';
  await channel.send("upstream", ask);
  channel.sink.failing = true;
  assert.deepEqual(await channel.send("client", cancel(1)), ["drop"]);
  assert.deepEqual(await channel.send("upstream", cancel(1)), ["drop"]);
  channel.sink.failing = false;
  assert.deepEqual(side(await channel.send("upstream", result(1))), ["client"]);
  assert.deepEqual(side(await channel.send("client", result(1))), ["upstream"]);
});

Deno.test("Two requests of the upstream with one progress token keep each other's progress", async () => {
  const channel = await TestChannel.open({ policy: denying([], { asks: ["sampling"] }) });
  const ask = (id: number) =>
    `{"jsonrpc":"2.0","id":${id},"method":"sampling/createMessage","params":{"_meta":{"progressToken":"t"}}}`;
  const progress =
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}';
  await channel.send("upstream", ask(1), ask(2));
  await channel.send("client", result(1));
  assert.deepEqual(side(await channel.send("client", progress)), ["upstream"]);
  await channel.send("client", result(2));
  assert.deepEqual(await channel.send("client", progress), ["drop"]);
});

Deno.test("Progress of a task goes on after its request, in both directions", async () => {
  const channel = await TestChannel.open({ policy: denying([], { asks: ["sampling"] }) });
  const progress =
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}';
  const params = { _meta: { progressToken: "t" }, task: {} };
  const task = (id: number) => result(id, { task: { taskId: "x" } });
  const ask = (id: number, method: string, more: object) =>
    JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, ...more } });
  await channel.send("upstream", ask(1, "sampling/createMessage", {}));
  assert.deepEqual(side(await channel.send("client", task(1))), ["upstream"]);
  assert.deepEqual(side(await channel.send("client", progress)), ["upstream"]);
  assert.deepEqual(await channel.send("upstream", progress), ["drop"], "the other direction");
  await channel.send("client", ask(2, "tools/call", { name: "cat" }));
  await channel.send("upstream", task(2));
  assert.deepEqual(side(await channel.send("upstream", progress)), ["client"]);
});
