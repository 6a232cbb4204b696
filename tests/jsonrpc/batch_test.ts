import assert from "node:assert/strict";
import { DEFAULT_LIMITS, type Limits } from "../../src/base/limits.ts";
import type { Frame } from "../../src/jsonrpc/message.ts";
import { readFrame } from "../../src/jsonrpc/read.ts";
import { bytesOf, call, codeOf } from "./reading.ts";

function readBatch(text: string, limits: Partial<Limits> = {}): Frame {
  return readFrame(bytesOf(text), {
    sender: "client",
    limits: { ...DEFAULT_LIMITS, ...limits },
    batches: true,
  });
}

/** What became of each member: the id it has, or the code of its fault. */
function outcomes(text: string, limits: Partial<Limits> = {}): unknown {
  const frame = readBatch(text, limits);
  if (frame.kind === "single") return frame.item.ok ? "a message" : frame.item.fault.code;
  return frame.items.map((item) => {
    if (!item.ok) return [item.fault.code, item.id, item.hasMethod];
    return "id" in item.message ? item.message.id : null;
  });
}

const ping = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;

Deno.test("readFrame() refuses an array where batches are not part of the revision", () => {
  for (
    const text of ["[]", " [ ] ", `[${ping(1)}]`, `[[${ping(1)}]]`, "[1]", "[{", `\n[${ping(1)}]`]
  ) {
    for (const sender of ["client", "upstream"] as const) {
      assert.equal(codeOf(text, { sender }), "batch", text);
    }
  }
});

Deno.test("readFrame() reads each member of a batch on its own", () => {
  assert.deepEqual(outcomes(`[${ping(1)}, ${ping(2)} ,{"jsonrpc":"2.0","method":"n"}]`), [
    1,
    2,
    null,
  ]);
  const members = [
    ping(1),
    '{"jsonrpc":"2.0","id":2,"method":"m","method":"n"}',
    "1",
    '{"jsonrpc":"2.0","id":3,"method":"m","params":{"Name":1}}',
    `[${ping(4)}]`,
    "[]",
    '{"jsonrpc":"2.0","id":5,"method":"\\ud800"}',
    '{"jsonrpc":"2.0","id":6,"method":"m" x}',
    ping(7),
  ];
  assert.deepEqual(outcomes(`[${members.join(",")}]`), [
    1,
    ["duplicate_key", 2, true],
    ["not_a_message", undefined, false],
    ["confusable_key", 3, true],
    ["batch", undefined, false],
    ["batch", undefined, false],
    ["lone_surrogate", 5, true],
    ["not_json", 6, true],
    7,
  ]);
});

Deno.test("readFrame() cuts a batch only at its own commas", () => {
  const tricky = call('{"a":"],[{\\"","b":[1,[2,{"c":"}]"}]],"long":"' + "x,]".repeat(50) + '"}');
  assert.deepEqual(outcomes(`[${tricky},${ping(2)}]`), [1, 2]);
});

Deno.test("readFrame() refuses batches that are empty or broken as a whole", () => {
  assert.equal(outcomes("[]"), "batch");
  assert.equal(outcomes(" [ \n] "), "batch");
  for (
    const text of ["[", `[${ping(1)}`, `[${ping(1)},`, `[${ping(1)}] x`, `[${ping(1)}}`, '["a']
  ) {
    assert.equal(outcomes(text), "not_json", text);
  }
});

Deno.test("readFrame() never takes a broken array for a batch of messages", () => {
  for (
    const [text, expected] of [
      [`[${ping(1)},]`, [1, ["not_json", undefined, false]]],
      [`[,${ping(1)}]`, [["not_json", undefined, false], 1]],
      [`[${ping(1)} ${ping(2)}]`, [["not_json", 1, true]]],
      [`[${ping(1)}}{,${ping(2)}]`, undefined],
    ] as const
  ) {
    const found = outcomes(text);
    if (expected !== undefined) assert.deepEqual(found, expected, text);
    else assert.notDeepEqual(found, [1, 2]);
  }
});

Deno.test("readFrame() bounds the members of a batch and the values of all together", () => {
  const many = (count: number) => `[${Array.from({ length: count }, (_, i) => ping(i)).join(",")}]`;
  const limits = { maxConcurrentRequests: 10 };
  assert.equal((outcomes(many(10), limits) as unknown[]).length, 10);
  assert.deepEqual(readBatch(many(11), limits), {
    kind: "single",
    cost: many(11).length,
    item: {
      ok: false,
      fault: { code: "too_large", limit: "maxConcurrentRequests", max: 10 },
      id: undefined,
      hasMethod: false,
    },
  });
  // a ping is 4 values
  assert.deepEqual(outcomes(many(27), { maxMessageValues: 104 }), [
    ...Array.from({ length: 26 }, (_, i) => i),
    ["too_large", 26, true],
  ]);
});

Deno.test("readFrame() reads a single message where batches are allowed", () => {
  assert.equal(outcomes(ping(1)), "a message");
  assert.equal(outcomes("x"), "not_json");
});

Deno.test("readFrame() never allows a member's own bytes to be passed on", () => {
  const frame = readBatch(`[${ping(1)}]`);
  assert.ok(frame.kind === "batch");
  assert.ok(frame.items.every((item) => item.ok && !item.verbatim));
});
