import assert from "node:assert/strict";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { errorAsks, inputAsks, isInputRequired } from "../../src/mcp/input_required.ts";

const elicitation = { method: "elicitation/create", params: { mode: "form", message: "m" } };

Deno.test("inputAsks() names each question of an input_required result", () => {
  const result = {
    resultType: "input_required",
    inputRequests: {
      a: elicitation,
      "b/c~d": { method: "sampling/createMessage", params: { messages: [] } },
      e: { method: "roots/list" },
    },
    requestState: "opaque",
  };
  const asks = inputAsks(result);
  assert.deepEqual(asks, {
    ok: true,
    value: [
      {
        pointer: "/inputRequests/a",
        method: "elicitation/create",
        ask: "elicitation",
        params: elicitation.params,
      },
      {
        pointer: "/inputRequests/b~1c~0d",
        method: "sampling/createMessage",
        ask: "sampling",
        params: { messages: [] },
      },
      { pointer: "/inputRequests/e", method: "roots/list", ask: "roots", params: {} },
    ],
  });
  assert.ok(isInputRequired(result));
});

for (
  const method of [
    "tools/call",
    "SAMPLING/createMessage",
    "sampling/createMessage ",
    "constructor",
    "notifications/message",
    "",
  ]
) {
  Deno.test(`inputAsks() knows no question by the method ${JSON.stringify(method)}`, () => {
    const asks = inputAsks({ resultType: "input_required", inputRequests: { a: { method } } });
    assert.ok(asks.ok);
    assert.deepEqual(asks.value.map(({ method, ask }) => ({ method, ask })), [
      { method, ask: undefined },
    ]);
  });
}

for (
  const [what, holder] of [
    ["a result without a type", { inputRequests: { a: elicitation } }],
    ["a result that calls itself complete", {
      resultType: "complete",
      inputRequests: { a: elicitation },
    }],
    ["a task that waits", {
      taskId: "1",
      status: "input_required",
      inputRequests: { a: elicitation },
    }],
  ] as const
) {
  Deno.test(`inputAsks() finds the questions of ${what}`, () => {
    const asks = inputAsks(holder);
    assert.ok(asks.ok);
    assert.deepEqual(asks.value.map((ask) => ask.ask), ["elicitation"]);
  });
}

Deno.test("inputAsks() finds none where there are none, requestState or not", () => {
  assert.deepEqual(inputAsks({ content: [] }), { ok: true, value: [] });
  assert.deepEqual(inputAsks({ resultType: "input_required", requestState: "s" }), {
    ok: true,
    value: [],
  });
  assert.deepEqual(inputAsks(Object.create({ inputRequests: { a: elicitation } })), {
    ok: true,
    value: [],
  });
});

for (
  const [inputRequests, pointer] of [
    [null, "/inputRequests"],
    [[elicitation], "/inputRequests"],
    ["a", "/inputRequests"],
    [{ a: null }, "/inputRequests/a"],
    [{ a: [] }, "/inputRequests/a"],
    [{ a: {} }, "/inputRequests/a/method"],
    [{ a: { method: ["roots/list"] } }, "/inputRequests/a/method"],
    [{ a: { method: "roots/list", Method: "sampling/createMessage" } }, "/inputRequests/a"],
  ] as const
) {
  Deno.test(`inputAsks() refuses ${JSON.stringify(inputRequests)}`, () => {
    const asks = inputAsks({ inputRequests } as unknown as JsonObject);
    assert.ok(!asks.ok);
    assert.equal(asks.error.pointer, pointer);
  });
}

for (const name of ["InputRequests", "inputrequests", "inputRequests\0", "inputRequeſts"]) {
  Deno.test(`inputAsks() refuses a look-alike member ${JSON.stringify(name)}`, () => {
    assert.ok(!inputAsks({ [name]: { a: elicitation } }).ok);
    assert.ok(!inputAsks({ inputRequests: {}, [name]: { a: elicitation } }).ok);
  });
}

Deno.test("isInputRequired() goes by resultType alone", () => {
  assert.equal(isInputRequired({ resultType: "complete" }), false);
  assert.equal(isInputRequired({}), false);
});

Deno.test("errorAsks() names the elicitations of -32042", () => {
  const params = { mode: "url", elicitationId: "1", url: "https://a.example", message: "m" };
  const error = { code: -32042, message: "m", data: { elicitations: [params, params] } };
  assert.deepEqual(errorAsks(error), {
    ok: true,
    value: [0, 1].map((at) => ({
      pointer: `/data/elicitations/${at}`,
      method: "elicitation/create",
      ask: "elicitation",
      params,
    })),
  });
});

Deno.test("errorAsks() calls a look-alike of elicitations misshapen", () => {
  for (const twin of ["Elicitations", "elicitations\u0000", "elicitation\u017f"]) {
    const data = { elicitations: [], [twin]: [{ url: "https://x.example" }] };
    assert.equal(errorAsks({ code: -32042, message: "m", data }).ok, false, twin);
  }
});

Deno.test("errorAsks() finds none in other errors", () => {
  const data = { elicitations: [{}] };
  assert.deepEqual(errorAsks({ code: -32602, message: "m", data }), { ok: true, value: [] });
});

const misshapen: readonly (JsonValue | undefined)[] = [
  undefined,
  null,
  {},
  { elicitations: {} },
  { elicitations: [null] },
  "x",
];

for (const data of misshapen) {
  Deno.test(`errorAsks() refuses -32042 with the data ${JSON.stringify(data)}`, () => {
    const error = { code: -32042, message: "m", ...(data === undefined ? {} : { data }) };
    assert.ok(!errorAsks(error).ok);
  });
}
