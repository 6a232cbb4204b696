import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import type { Message } from "../../src/jsonrpc/message.ts";
import { serialise, serialiseBatch } from "../../src/jsonrpc/serialise.ts";
import { call, messageOf } from "./reading.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const text = (message: Message) => decoder.decode(serialise(message).bytes);

function request(params: JsonObject | undefined): Message {
  return { kind: "request", id: 1, method: "tools/call", params };
}

Deno.test("serialise() writes each kind of message", () => {
  const data: readonly (readonly [Message, string])[] = [
    [
      { kind: "request", id: "a", method: "ping", params: undefined },
      '{"jsonrpc":"2.0","id":"a","method":"ping"}',
    ],
    [
      { kind: "notification", method: "n", params: { b: [1], a: 2 } },
      '{"jsonrpc":"2.0","method":"n","params":{"b":[1],"a":2}}',
    ],
    [{ kind: "result", id: 0, result: {} }, '{"jsonrpc":"2.0","id":0,"result":{}}'],
    [
      { kind: "error", id: null, error: { code: -1, message: "é" } },
      '{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"é"}}',
    ],
    [
      request({ name: "t", arguments: { a: 1 }, _meta: { progressToken: "p" } }),
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":1},"_meta":{"progressToken":"p"}}}',
    ],
    [
      request({ arguments: {} }),
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{}}}',
    ],
    [request({}), '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}'],
  ];
  for (const [message, expected] of data) assert.equal(text(message), expected);
});

Deno.test("serialise() gives the bytes of the arguments as a view of what is sent", () => {
  const cases: readonly JsonObject[] = [
    { name: "t", arguments: { path: "é😀\u2028", n: [1, null] }, _meta: { "ü": "\u0085" } },
    { _meta: { arguments: { decoy: 1 } }, arguments: [1], name: 'x","arguments":{' },
    { arguments: "text", "ärguments": 1, "\ud800": 2 },
    { big: "ü".repeat(5000), arguments: { a: "€".repeat(5000) }, z: "ü".repeat(5000) },
  ];
  for (const params of cases) {
    const { bytes, argumentsBytes } = serialise(request(params));
    assert.ok(argumentsBytes !== undefined);
    assert.equal(argumentsBytes.buffer, bytes.buffer);
    assert.ok(argumentsBytes.byteOffset >= bytes.byteOffset);
    assert.deepEqual(JSON.parse(decoder.decode(argumentsBytes)), params.arguments);
    assert.deepEqual(JSON.parse(decoder.decode(bytes)).params, params);
  }
  assert.equal(serialise(request({ name: "t" })).argumentsBytes, undefined);
  assert.equal(
    serialise({ kind: "result", id: 1, result: { arguments: {} } }).argumentsBytes,
    undefined,
  );
});

Deno.test("serialise() writes nothing that any line reader takes for a line end", () => {
  const params = {
    "k\u2028\n\r": "\u0085\u2029\u000b\u000c\u001c\r\n",
    arguments: { "\u2029": "\u2028" },
  };
  const messages: readonly Message[] = [
    request(params),
    { kind: "notification", method: "\u2028", params },
    { kind: "result", id: "\u0085", result: params },
  ];
  for (const message of messages) {
    const written = text(message);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(written, /[\u0000-\u001f\u0085\u2028\u2029]/);
    const { kind: _, ...members } = message;
    assert.deepEqual(JSON.parse(written), { jsonrpc: "2.0", ...members });
  }
});

Deno.test("serialise() keeps earlier messages when it writes the next ones", () => {
  const written: (readonly [Uint8Array, string])[] = [];
  for (let i = 0; i < 2000; i++) {
    const message: Message = { kind: "result", id: i, result: { text: "x".repeat(i % 300) } };
    const expected = JSON.stringify({ jsonrpc: "2.0", id: i, result: message.result });
    written.push([serialise(message).bytes, expected]);
  }
  for (const [bytes, expected] of written) assert.equal(decoder.decode(bytes), expected);
});

Deno.test("serialise() keeps the digits of numbers kept as text", () => {
  const args = '{"a":1.0,"b":[-0,12345678901234567890123,1e2],"c":{"d":0.10}}';
  const { bytes, argumentsBytes } = serialise(messageOf(call(args)));
  assert.equal(decoder.decode(bytes), call(args));
  assert.equal(decoder.decode(argumentsBytes), args);
});

Deno.test("serialiseBatch() writes messages as one array", () => {
  const messages = [request({ arguments: {} }), { kind: "result", id: 2, result: {} }] as const;
  assert.deepEqual(JSON.parse(decoder.decode(serialiseBatch(messages))), [
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { arguments: {} } },
    { jsonrpc: "2.0", id: 2, result: {} },
  ]);
  assert.equal(decoder.decode(serialiseBatch([])), "[]");
});
