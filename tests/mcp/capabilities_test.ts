import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { announceOnly, CLIENT_CAPABILITIES_KEY } from "../../src/mcp/capabilities.ts";
import type { Ask } from "../../src/mcp/methods.ts";

const capabilities = {
  roots: { listChanged: true },
  sampling: { tools: {}, context: {} },
  elicitation: { form: {}, url: {} },
  experimental: { x: {} },
  extensions: { "io.modelcontextprotocol/tasks": {} },
  tasks: {
    list: {},
    cancel: {},
    requests: { sampling: { createMessage: {} }, elicitation: { create: {} } },
  },
};

const initialize = {
  protocolVersion: "2025-11-25",
  capabilities,
  clientInfo: { name: "c", version: "1" },
};

function granted(...asks: Ask[]): ReadonlySet<Ask> {
  return new Set(asks);
}

Deno.test("announceOnly() removes from initialize what is not granted, wherever it is announced", () => {
  const { params, removed } = announceOnly({ method: "initialize", params: initialize }, granted());
  assert.deepEqual(params, {
    ...initialize,
    capabilities: {
      experimental: { x: {} },
      extensions: { "io.modelcontextprotocol/tasks": {} },
      tasks: { list: {}, cancel: {}, requests: {} },
    },
  });
  assert.deepEqual([...removed].sort(), [
    "elicitation",
    "roots",
    "sampling",
    "tasks.requests.elicitation",
    "tasks.requests.sampling",
  ]);
  assert.deepEqual(Object.keys(initialize.capabilities).length, 6);
});

for (const ask of ["sampling", "elicitation", "roots"] as const) {
  Deno.test(`announceOnly() leaves ${ask} whole where it is granted`, () => {
    const { params } = announceOnly({ method: "initialize", params: initialize }, granted(ask));
    const left = (params as unknown as typeof initialize).capabilities;
    for (const other of ["sampling", "elicitation", "roots"] as const) {
      assert.deepEqual(left[other], ask === other ? capabilities[ask] : undefined);
    }
    assert.equal("sampling" in left.tasks.requests, ask === "sampling");
    assert.equal("elicitation" in left.tasks.requests, ask === "elicitation");
  });
}

Deno.test("announceOnly() removes from the _meta of any modern request", () => {
  const meta = { [CLIENT_CAPABILITIES_KEY]: { sampling: {}, elicitation: {} }, progressToken: 1 };
  const params = { name: "t", _meta: meta };
  const announced = announceOnly({ method: "tools/call", params }, granted("elicitation"));
  assert.deepEqual(announced.params, {
    name: "t",
    _meta: { [CLIENT_CAPABILITIES_KEY]: { elicitation: {} }, progressToken: 1 },
  });
  assert.deepEqual(announced.removed, ["sampling"]);
});

Deno.test("announceOnly() looks at both places of an initialize that has both", () => {
  const params = {
    capabilities: { roots: {} },
    _meta: { [CLIENT_CAPABILITIES_KEY]: { sampling: {} } },
  };
  const announced = announceOnly({ method: "initialize", params }, granted());
  assert.deepEqual(announced.params, {
    capabilities: {},
    _meta: { [CLIENT_CAPABILITIES_KEY]: {} },
  });
  assert.deepEqual(announced.removed, ["roots", "sampling"]);
});

const unchanged: readonly (readonly [string, string, JsonObject | undefined, ReadonlySet<Ask>])[] =
  [
    [
      "everything is granted",
      "initialize",
      initialize,
      granted("sampling", "elicitation", "roots"),
    ],
    ["nothing is announced", "initialize", { capabilities: { experimental: {} } }, granted()],
    ["there are no capabilities", "initialize", { protocolVersion: "x" }, granted()],
    ["there are no params", "ping", undefined, granted()],
    ["capabilities stand in another method's params", "tools/call", { capabilities }, granted()],
    ["tasks names no requests", "initialize", { capabilities: { tasks: { list: {} } } }, granted()],
    ["names are only inherited", "initialize", {
      capabilities: Object.create({ sampling: {} }),
    }, granted()],
  ];

for (const [what, method, params, grants] of unchanged) {
  Deno.test(`announceOnly() gives the same object when ${what}`, () => {
    const announced = announceOnly({ method, params }, grants);
    assert.equal(announced.params, params);
    assert.deepEqual(announced.removed, []);
  });
}

Deno.test("announceOnly() keeps members with odd names as they are", () => {
  const params = JSON.parse('{"capabilities":{"__proto__":{"a":1},"sampling":{}}}') as JsonObject;
  const announced = announceOnly({ method: "initialize", params }, granted());
  assert.equal(JSON.stringify(announced.params), '{"capabilities":{"__proto__":{"a":1}}}');
});
