import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { readFrame } from "../../src/jsonrpc/read.ts";

Deno.test("A name that ends with a backslash is refused unread: V8 would misread others after it", () => {
  const read = (text: string, sender: "client" | "upstream" = "client") =>
    readFrame(new TextEncoder().encode(text), { sender, limits: DEFAULT_LIMITS, batches: false });
  const call = (args: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":${args}}}`;
  for (const sender of ["client", "upstream"] as const) {
    for (const name of ["\\\\", "x\\\\", "\\u005C", "\\u005c", "\\\\\\\\"]) {
      const frame = read(call(`{"q1":0,"${name}":1}`), sender);
      assert.ok(frame.kind === "single" && !frame.item.ok && frame.item.id === 1, name);
      assert.equal(frame.item.fault.code, "forbidden_key");
    }
  }
  // what such a name would spoil
  for (const [raw, name] of [["\\u0061", "a"], ["\\n", "\n"], ["x\\u0061", "xa"], ['\\"', '"']]) {
    const frame = read(call(`{"q1":0,"${raw}":1}`));
    assert.ok(frame.kind === "single" && frame.item.ok && frame.item.message.kind === "request");
    const { arguments: args } = frame.item.message.params as { arguments: Record<string, number> };
    assert.deepEqual(Object.entries(args), [["q1", 0], [name, 1]]);
  }
  const windows = read(call('{"C:\\\\temp":"C:\\\\temp\\\\"}'));
  assert.ok(windows.kind === "single" && windows.item.ok);
});
