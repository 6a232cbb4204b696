import assert from "node:assert/strict";
import { call, codeOf, faultOf, read, result } from "./reading.ts";

/** A call whose arguments nest so that the whole frame has `levels` levels. */
function nested(levels: number, open = "[", close = "]"): string {
  const inner = levels - 2; // the envelope and params
  return call(`${open.repeat(inner)}${close === "]" ? "" : "1"}${close.repeat(inner)}`);
}

Deno.test("readFrame() allows maxDepth levels and refuses one more", () => {
  for (const maxDepth of [4, 5, 127, 128, 129, 1000]) {
    const limits = { maxDepth };
    for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
      assert.equal(codeOf(nested(maxDepth, open, close), { limits }), "ok", `${maxDepth}`);
      assert.deepEqual(faultOf(nested(maxDepth + 1, open, close), { limits }), {
        code: "too_deep",
        limit: "maxDepth",
        max: maxDepth,
      });
    }
  }
});

Deno.test("readFrame() refuses a depth of 100,000 and 10,000,000 with the id", () => {
  for (const depth of [100_000, 10_000_000]) {
    const deep = "[".repeat(depth);
    const item = read(`{"jsonrpc":"2.0","id":5,"method":"m","params":{"a":${deep}`);
    assert.ok(!item.ok);
    assert.equal(item.fault.code, "too_deep");
    assert.equal(item.id, 5);
    assert.equal(codeOf(deep), depth > 0 ? "batch" : "ok");
  }
});

Deno.test("readFrame() counts brackets in strings for nothing", () => {
  assert.equal(
    codeOf(call(JSON.stringify({ a: "[{".repeat(1000), "[[[[{{{{": '"[' })), {
      limits: { maxDepth: 4 },
    }),
    "ok",
  );
});

Deno.test("readFrame() allows maxMessageValues values, containers counted, and refuses one more", () => {
  // envelope, jsonrpc, id, method, params, name, arguments: 7 values
  for (const item of ["1", "{}", "[]", '"x"', "null", "true", "false", "-1.5e3"]) {
    const frame = call(`[${Array(100).fill(item).join(",")}]`);
    assert.equal(codeOf(frame, { limits: { maxMessageValues: 107 } }), "ok", item);
    assert.deepEqual(faultOf(frame, { limits: { maxMessageValues: 106 } }), {
      code: "too_large",
      limit: "maxMessageValues",
      max: 106,
    });
  }
});

Deno.test("readFrame() counts keys as members, not as values", () => {
  const frame = call('{"a":1,"b":2}');
  assert.equal(codeOf(frame, { limits: { maxMessageValues: 9 } }), "ok");
});

Deno.test("readFrame() bounds the members of one object of a client", () => {
  const object = (members: number) =>
    `{${Array.from({ length: members }, (_, i) => `"k${i}":{}`).join(",")}}`;
  const limits = { maxObjectMembers: 16 };
  assert.equal(codeOf(call(object(16)), { limits }), "ok");
  assert.deepEqual(faultOf(call(object(17)), { limits }), {
    code: "too_large",
    limit: "maxObjectMembers",
    max: 16,
  });
  assert.equal(codeOf(call(`[${object(16)},${object(16)}]`), { limits }), "ok");
  assert.equal(codeOf(call(object(10_000))), "ok");
  assert.equal(codeOf(call(object(10_001))), "too_large");
  assert.equal(codeOf(result(object(10_001)), { sender: "upstream" }), "ok");
});

Deno.test("readFrame() refuses a legal array of 33 million objects before it costs memory", () => {
  const bytes = new TextEncoder().encode(call(`[${"{},".repeat(33_000_000)}{}]`));
  assert.ok(bytes.length > 99_000_000 && bytes.length < 100_000_000);
  const before = Deno.memoryUsage();
  const item = read(bytes);
  const after = Deno.memoryUsage();
  assert.ok(!item.ok);
  assert.deepEqual([item.fault.code, item.id], ["too_large", 1]);
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  assert.ok(grown < 20_000_000, `grew by ${grown} bytes`);
});
