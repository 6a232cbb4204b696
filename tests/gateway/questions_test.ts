import assert from "node:assert/strict";
import type { Decision, PolicyEngine } from "../../src/access/decision.ts";
import { call, denying, result, TestChannel } from "./harness.ts";

const ASKS = { q: { method: "sampling/createMessage", params: {} } };

function observing(): PolicyEngine {
  const strict = denying([]);
  return {
    ...strict,
    decide: (request) => ({ ...strict.decide(request) as Decision, mode: "observe" }),
  };
}

function request(id: number, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

Deno.test("A question that rides on a list is judged like any other", async () => {
  for (
    const [method, list] of [
      ["tools/list", { tools: [] }],
      ["prompts/list", { prompts: [] }],
      ["resources/list", { resources: [] }],
      ["resources/templates/list", { resourceTemplates: [] }],
    ] as const
  ) {
    const channel = await TestChannel.open();
    await channel.send("client", request(1, method));
    const asking = { resultType: "input_required", ...list, inputRequests: ASKS };
    const [sent = ""] = await channel.send("upstream", result(1, asking));
    assert.match(sent, /^client .*"error":\{"code":-31403/);
  }
});

Deno.test("A question is judged as what is asked, not as what it rides on", async () => {
  const channel = await TestChannel.open({ policy: denying(["cat"], { asks: ["sampling"] }) });
  await channel.send("client", request(1, "ping"));
  const granted = result(1, { inputRequests: ASKS });
  assert.deepEqual(await channel.send("upstream", granted), [`client ${granted}`]);
  await channel.send("client", request(2, "ping"));
  const roots = { inputRequests: { ...ASKS, r: { method: "roots/list" } } };
  const [refused = ""] = await channel.send("upstream", result(2, roots));
  assert.match(refused, /"id":2,"error".*not_permitted/);
});

Deno.test("A question on an answer leaves its verdict in the audit", async () => {
  const denied = await TestChannel.open();
  await denied.send("client", call(1, "cat"));
  await denied.send("upstream", result(1, { inputRequests: ASKS }));
  const [, refused] = denied.sink.messages;
  assert.equal(refused?.reason, "not_permitted");
  assert.deepEqual(refused?.rules.map(({ line }) => line), [3]);

  const observed = await TestChannel.open({ policy: observing() });
  await observed.send("client", call(1, "cat"));
  const [sent = ""] = await observed.send("upstream", result(1, { inputRequests: ASKS }));
  assert.match(sent, /^client .*inputRequests/);
  const [, entry] = observed.sink.messages;
  assert.deepEqual([entry?.effect, entry?.would], ["allow", "deny"]);
});

Deno.test("A subscription to several resources is recorded with the one that was refused", async () => {
  const uris = ["a://1", "a://2", "a://3"];
  const listen = request(1, "subscriptions/listen", {
    notifications: { resourceSubscriptions: uris },
  });
  const enforced = await TestChannel.open({ policy: denying(["a://2"]) });
  await enforced.send("client", listen);
  assert.equal(enforced.sink.messages[0]?.resource?.name, "a://2");

  const strict = denying(["a://2"]);
  const observed = await TestChannel.open({
    policy: {
      ...strict,
      decide: (asked) => ({ ...strict.decide(asked) as Decision, mode: "observe" }),
    },
  });
  await observed.send("client", listen);
  const [entry] = observed.sink.messages;
  assert.deepEqual([entry?.would, entry?.resource?.name], ["deny", "a://2"]);
});
