import assert from "node:assert/strict";
import fc from "fast-check";
import type { AccessRequest, Resource } from "../../src/access/request.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { RequestMessage } from "../../src/jsonrpc/message.ts";
import { describe, type Described, type Description } from "../../src/mcp/describe.ts";
import { allMethods, type Side } from "../../src/mcp/methods.ts";

function request(method: string, params?: JsonObject): RequestMessage {
  return { kind: "request", id: 1, method, params };
}

/** As the gateway sees it: own members from JSON text. */
function parsed(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}

function about(method: string, params?: JsonObject, from: Side = "client"): Described {
  const kind = method.startsWith("notifications/") ? "notification" : "request";
  return describe(kind === "request" ? request(method, params) : { kind, method, params }, from);
}

function known(described: Described): Description {
  assert.equal(described.kind, "known");
  assert.ok(described.kind === "known");
  return described;
}

Deno.test("describe() makes an execute of the named tool out of tools/call", () => {
  const args = { path: "a.txt" };
  const call = known(about("tools/call", { name: "read_file", arguments: args }));
  assert.equal(call.action, "execute");
  assert.deepEqual(call.resources, [{ kind: "tool", name: "read_file" }]);
  assert.equal(call.arguments, args);
  assert.equal(call.argumentsPointer, "/arguments");
  assert.equal(call.inputResponses, undefined);
});

Deno.test("describe() gives actions and resources that an access request can hold", () => {
  const call = known(about("tools/call", { name: "t" }));
  const action: AccessRequest["action"] = call.action;
  const resources: Resource[] = call.resources.map((target) => ({ ...target, server: null }));
  assert.equal(action, "execute");
  assert.equal(resources.length, 1);
});

for (
  const [what, params] of [
    ["absent", { name: "t" }],
    ["null", { name: "t", arguments: null }],
  ] as const
) {
  Deno.test(`describe() reads arguments that are ${what} as none`, () => {
    assert.deepEqual(known(about("tools/call", params)).arguments, {});
    assert.deepEqual(known(about("prompts/get", params)).arguments, {});
  });
}

Deno.test("describe() takes names as they stand, not trimmed, not folded, not looked up", () => {
  for (const name of ["READ_FILE", "read_file ", "*", "", "__proto__", "read_file\0", "rеаd"]) {
    assert.deepEqual(known(about("tools/call", { name })).resources, [{ kind: "tool", name }]);
  }
});

const reads: readonly (readonly [string, JsonObject, readonly unknown[], JsonObject])[] = [
  [
    "prompts/get",
    { name: "p", arguments: { a: "b" } },
    [{ kind: "prompt", name: "p" }],
    { a: "b" },
  ],
  ["resources/read", { uri: "file:///a" }, [{ kind: "resource", name: "file:///a" }], {}],
  ["resources/subscribe", { uri: "u:1" }, [{ kind: "resource", name: "u:1" }], {}],
  ["resources/unsubscribe", { uri: "u:1" }, [{ kind: "resource", name: "u:1" }], {}],
  [
    "completion/complete",
    { ref: { type: "ref/prompt", name: "p" }, argument: { name: "a", value: "x" } },
    [{ kind: "prompt", name: "p" }],
    { argument: { name: "a", value: "x" } },
  ],
  [
    "completion/complete",
    {
      ref: { type: "ref/resource", uri: "file:///{p}" },
      argument: { name: "p", value: "" },
      context: { arguments: { q: "1" } },
    },
    [{ kind: "resource", name: "file:///{p}", template: true }],
    { argument: { name: "p", value: "" }, context: { arguments: { q: "1" } } },
  ],
  [
    "subscriptions/listen",
    { notifications: { resourceSubscriptions: ["u:1", "u:2"], toolsListChanged: true } },
    [{ kind: "resource", name: "u:1" }, { kind: "resource", name: "u:2" }],
    {},
  ],
  ["subscriptions/listen", { notifications: { toolsListChanged: true } }, [], {}],
];

for (const [method, params, resources, args] of reads) {
  Deno.test(`describe() makes a read of what it names out of ${method} ${JSON.stringify(params)}`, () => {
    const described = known(about(method, params));
    assert.equal(described.action, "read");
    assert.deepEqual(described.resources, resources);
    assert.deepEqual(described.arguments, args);
  });
}

for (
  const [method, name] of [
    ["sampling/createMessage", "sampling"],
    ["elicitation/create", "elicitation"],
    ["roots/list", "roots"],
  ] as const
) {
  Deno.test(`describe() makes an ask-client of ${name} out of ${method}, to be inspected whole`, () => {
    const params = { messages: [{ role: "user" }] };
    const asked = known(about(method, params, "upstream"));
    assert.equal(asked.action, "ask-client");
    assert.deepEqual(asked.resources, [{ kind: "server", name }]);
    assert.equal(asked.arguments, params);
  });
}

Deno.test("describe() makes control of the server out of upkeep and lists, with no arguments", () => {
  const params = parsed('{"cursor":"x","level":"info"}');
  for (
    const method of ["ping", "logging/setLevel", "server/discover", "tools/list", "tasks/list"]
  ) {
    const described = known(about(method, params));
    assert.equal(described.action, "control");
    assert.deepEqual(described.resources, [{ kind: "server", name: method }]);
    assert.deepEqual(described.arguments, {});
  }
});

Deno.test("describe() exposes the client's answers to a server's questions", () => {
  const inputResponses = { a: { action: "accept", content: { x: "1" } } };
  const params = { name: "t", uri: "u:1", taskId: "1", inputResponses, requestState: "opaque" };
  for (const method of ["tools/call", "prompts/get", "resources/read", "tasks/update"]) {
    assert.equal(known(about(method, params)).inputResponses, inputResponses);
  }
});

Deno.test("describe() says unknown of what a side never sends, with the whole of the params", () => {
  const params = { name: "read_file" };
  for (const [method, from] of [["x/y", "client"], ["tools/call", "upstream"]] as const) {
    assert.deepEqual(about(method, params, from), {
      kind: "unknown",
      action: "execute",
      resources: [{ kind: "server", name: method }],
      arguments: params,
    });
  }
});

Deno.test("describe() says misplaced of a request without id and of a notification with one", () => {
  const call = describe(
    { kind: "notification", method: "tools/call", params: { name: "delete_file" } },
    "client",
  );
  assert.equal(call.kind, "misplaced");
  const cancelled = describe(request("notifications/cancelled", { requestId: 1 }), "client");
  assert.equal(cancelled.kind, "misplaced");
});

Deno.test("describe() never calls a misplaced message known, whatever the method", () => {
  for (const spec of allMethods()) {
    for (const side of ["client", "upstream"] as const) {
      const message = spec.kind === "request"
        ? { kind: "notification", method: spec.method, params: {} } as const
        : request(spec.method, {});
      assert.notEqual(describe(message, side).kind, "known", spec.method);
    }
  }
});

const raw = (JSON as unknown as { rawJSON(text: string): JsonObject }).rawJSON;

/** Method, params, pointer of the fault. */
const malformed: readonly (readonly [string, unknown, string])[] = [
  ["tools/call", undefined, "/name"],
  ["tools/call", {}, "/name"],
  ["tools/call", { name: ["delete_file"] }, "/name"],
  ["tools/call", { name: 1 }, "/name"],
  ["tools/call", { name: { toString: "x" } }, "/name"],
  ["tools/call", { name: "t", arguments: '{"path":"a"}' }, "/arguments"],
  ["tools/call", { name: "t", arguments: [] }, "/arguments"],
  ["tools/call", { name: "t", arguments: 0 }, "/arguments"],
  ["tools/call", { name: "t", arguments: false }, "/arguments"],
  ["tools/call", { name: "t", arguments: raw("1.0") }, "/arguments"],
  ["tools/call", { name: "t", task: "x" }, "/task"],
  ["tools/call", { name: "t", inputResponses: [] }, "/inputResponses"],
  ["tools/call", { name: "t", _meta: "x" }, "/_meta"],
  ["tools/call", { name: "t", _meta: { progressToken: {} } }, "/_meta/progressToken"],
  ["tools/call", { name: "t", _meta: { progressToken: 1.5 } }, "/_meta/progressToken"],
  ["tools/call", { name: "t", _meta: { progressToken: raw("1.0") } }, "/_meta/progressToken"],
  [
    "tools/call",
    { name: "t", _meta: { "io.modelcontextprotocol/protocolVersion": 1 } },
    "/_meta/io.modelcontextprotocol~1protocolVersion",
  ],
  [
    "tools/list",
    { _meta: { "io.modelcontextprotocol/clientCapabilities": ["sampling"] } },
    "/_meta/io.modelcontextprotocol~1clientCapabilities",
  ],
  [
    "tools/call",
    { name: "t", _meta: { "io.modelcontextprotocol/related-task": { taskId: 1 } } },
    "/_meta/io.modelcontextprotocol~1related-task/taskId",
  ],
  ["prompts/get", { name: null }, "/name"],
  ["prompts/get", { name: "p", arguments: [] }, "/arguments"],
  ["resources/read", {}, "/uri"],
  ["resources/read", { uri: ["file:///a"] }, "/uri"],
  ["resources/subscribe", { uri: 1 }, "/uri"],
  ["resources/unsubscribe", { uri: null }, "/uri"],
  ["completion/complete", {}, "/argument"],
  ["completion/complete", { argument: { name: "a" } }, "/argument/value"],
  ["completion/complete", { argument: { name: "a", value: "" } }, "/ref"],
  ["completion/complete", { argument: { name: "a", value: "" }, ref: {} }, "/ref/type"],
  [
    "completion/complete",
    { argument: { name: "a", value: "" }, ref: { type: "ref/prompt", uri: "u:1" } },
    "/ref/name",
  ],
  [
    "completion/complete",
    { argument: { name: "a", value: "" }, ref: { type: "ref/resource", name: "p" } },
    "/ref/uri",
  ],
  ["subscriptions/listen", {}, "/notifications"],
  [
    "subscriptions/listen",
    { notifications: { resourceSubscriptions: "u:1" } },
    "/notifications/resourceSubscriptions",
  ],
  [
    "subscriptions/listen",
    { notifications: { resourceSubscriptions: ["u:1", ["u:2"]] } },
    "/notifications/resourceSubscriptions",
  ],
  ["subscriptions/listen", { notifications: { taskIds: [1] } }, "/notifications/taskIds"],
  ["initialize", {}, "/protocolVersion"],
  ["initialize", { protocolVersion: "2025-11-25", capabilities: [] }, "/capabilities"],
  ["tasks/get", {}, "/taskId"],
  ["tasks/result", { taskId: 1 }, "/taskId"],
  ["tasks/cancel", { taskId: null }, "/taskId"],
  ["tasks/update", { taskId: "1" }, "/inputResponses"],
  ["notifications/cancelled", {}, "/requestId"],
  ["notifications/cancelled", { requestId: null }, "/requestId"],
  ["notifications/cancelled", { requestId: 1.5 }, "/requestId"],
  ["notifications/cancelled", { requestId: -0 }, "/requestId"],
  ["notifications/cancelled", { requestId: 2 ** 53 }, "/requestId"],
  ["notifications/progress", { progress: 1 }, "/progressToken"],
  ["notifications/tasks/status", {}, "/taskId"],
];

for (const [method, params, pointer] of malformed) {
  Deno.test(`describe() says what is malformed: ${method} ${JSON.stringify(params)}`, () => {
    const described = about(method, params as JsonObject | undefined);
    assert.equal(described.kind, "malformed");
    assert.ok(described.kind === "malformed");
    assert.equal(described.pointer, pointer);
    assert.match(described.detail, /^must be /);
  });
}

for (
  const [method, params, pointer] of [
    ["notifications/resources/updated", {}, "/uri"],
    ["notifications/elicitation/complete", { elicitationId: 1 }, "/elicitationId"],
    ["notifications/tasks", {}, "/taskId"],
    [
      "notifications/message",
      { _meta: { "io.modelcontextprotocol/subscriptionId": null, progressToken: [] } },
      "/_meta/progressToken",
    ],
    [
      "notifications/resources/updated",
      { uri: "u:1", _meta: { "io.modelcontextprotocol/subscriptionId": {} } },
      "/_meta/io.modelcontextprotocol~1subscriptionId",
    ],
  ] as const
) {
  Deno.test(`describe() says what is malformed from an upstream: ${method} ${JSON.stringify(params)}`, () => {
    const described = about(method, params as unknown as JsonObject, "upstream");
    assert.ok(described.kind === "malformed");
    assert.equal(described.pointer, pointer);
  });
}

Deno.test("describe() reads own members only", () => {
  const inherited = Object.create({ name: "read_file", uri: "u:1", taskId: "1" }) as JsonObject;
  for (const method of ["tools/call", "prompts/get", "resources/read", "tasks/get"]) {
    assert.equal(about(method, inherited).kind, "malformed", method);
  }
});

Deno.test("describe() settles whatever the params are, and names only what they name", () => {
  const methods = allMethods().map((spec) => spec.method);
  const params = fc.dictionary(
    fc.constantFrom(
      ...[
        "name",
        "uri",
        "arguments",
        "_meta",
        "ref",
        "argument",
        "notifications",
        "taskId",
        "task",
      ],
      ...["requestId", "progressToken", "inputResponses", "protocolVersion", "__proto__", "x"],
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...methods), params, (method, values) => {
      const object = values as JsonObject;
      for (const from of ["client", "upstream"] as const) {
        const described = about(method, object, from);
        if (described.kind !== "known") continue;
        for (const { kind, name } of described.resources) {
          if (kind === "tool") assert.equal(name, object.name);
          if (kind === "server") continue;
          assert.ok(JSON.stringify(object).includes(JSON.stringify(name)));
        }
      }
    }),
    { numRuns: 500 },
  );
});
