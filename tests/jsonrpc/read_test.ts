import assert from "node:assert/strict";
import { isRawNumber } from "../../src/base/json.ts";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { readFrame } from "../../src/jsonrpc/read.ts";
import { bytesOf, call, codeOf, faultId, faultOf, messageOf, read, result } from "./reading.ts";

Deno.test("readFrame() tells the four kinds of messages apart", () => {
  assert.deepEqual(messageOf('{"jsonrpc":"2.0","id":1,"method":"ping"}'), {
    kind: "request",
    id: 1,
    method: "ping",
    params: undefined,
  });
  assert.deepEqual(messageOf('{"jsonrpc":"2.0","method":"notifications/x","params":{"a":null}}'), {
    kind: "notification",
    method: "notifications/x",
    params: { a: null },
  });
  assert.deepEqual(messageOf('{"result":{},"id":"x","jsonrpc":"2.0"}'), {
    kind: "result",
    id: "x",
    result: {},
  });
  const error = '{"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"no","data":[1]}}';
  assert.deepEqual(messageOf(error), {
    kind: "error",
    id: 0,
    error: { code: -32601, message: "no", data: [1] },
  });
});

Deno.test("readFrame() takes the ids that JSON-RPC and MCP know, at their ends", () => {
  for (
    const id of [
      0,
      1,
      -1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      "",
      "1",
      "a\nb",
      "\u0000",
      "😀",
      "x".repeat(1024),
      "é".repeat(512),
    ]
  ) {
    const message = messageOf(JSON.stringify({ jsonrpc: "2.0", id, method: "ping" }));
    assert.equal(message.kind === "request" && message.id, id);
  }
  assert.equal(codeOf(`{"jsonrpc":"2.0","id":"\\u0061","method":"m"}`), "ok");
});

Deno.test("readFrame() refuses ids with a fraction, an exponent or minus zero, and ids that are no ids", () => {
  for (
    const id of [
      "1.0",
      "1.5",
      "-0",
      "0.0",
      "-0.0",
      "1e2",
      "1E0",
      "1e+21",
      "0e0",
      "9007199254740992",
      "-9007199254740992",
      "9007199254740993",
      "1".repeat(300),
      "null",
      "true",
      "false",
      "{}",
      "[]",
      '{"rawJSON":"1"}',
      JSON.stringify("x".repeat(1025)),
      JSON.stringify("é".repeat(513)),
    ]
  ) {
    for (const sender of ["client", "upstream"] as const) {
      const request = `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;
      assert.equal(codeOf(request, { sender }), "bad_id", `${sender} ${id.slice(0, 40)}`);
      const answer = `{"jsonrpc":"2.0","id":${id},"result":{}}`;
      assert.equal(codeOf(answer, { sender }), "bad_id", `${sender} ${id.slice(0, 40)}`);
    }
  }
});

Deno.test("readFrame() lets only an error of an upstream have no id", () => {
  const error = '"error":{"code":-32700,"message":"Parse error"}';
  for (const frame of [`{"jsonrpc":"2.0","id":null,${error}}`, `{"jsonrpc":"2.0",${error}}`]) {
    const message = messageOf(frame, "upstream");
    assert.equal(message.kind === "error" && message.id, null);
    assert.equal(codeOf(frame), "bad_id");
  }
  assert.equal(codeOf('{"jsonrpc":"2.0","result":{}}', { sender: "upstream" }), "bad_id");
});

Deno.test("readFrame() refuses what has not exactly one of method, result and error", () => {
  const error = '"error":{"code":1,"message":"x"}';
  for (
    const members of [
      "",
      '"params":{}',
      '"result":{},"method":"ping"',
      `"method":"ping",${error}`,
      `"result":{},${error}`,
      '"result":{},"error":null',
      '"method":null,"result":{}',
    ]
  ) {
    const frame = `{"jsonrpc":"2.0","id":1${members === "" ? "" : ","}${members}}`;
    for (const sender of ["client", "upstream"] as const) {
      assert.equal(codeOf(frame, { sender }), "not_a_message", frame);
    }
  }
});

Deno.test("readFrame() refuses an envelope with members of the wrong type", () => {
  for (
    const frame of [
      '{"id":1,"method":"ping"}',
      '{"jsonrpc":"1.0","id":1,"method":"ping"}',
      '{"jsonrpc":2.0,"id":1,"method":"ping"}',
      '{"jsonrpc":2,"id":1,"method":"ping"}',
      '{"jsonrpc":["2.0"],"id":1,"method":"ping"}',
      '{"jsonrpc":"2.0","id":1,"method":["tools/call"]}',
      '{"jsonrpc":"2.0","id":1,"method":1}',
      '{"jsonrpc":"2.0","id":1,"method":null}',
      '{"jsonrpc":"2.0","id":1,"method":"m","params":["a",{}]}',
      '{"jsonrpc":"2.0","id":1,"method":"m","params":null}',
      '{"jsonrpc":"2.0","id":1,"method":"m","params":"x"}',
      '{"jsonrpc":"2.0","id":1,"method":"m","params":1.0}',
      '{"jsonrpc":"2.0","id":1,"result":null}',
      '{"jsonrpc":"2.0","id":1,"result":[]}',
      '{"jsonrpc":"2.0","id":1,"result":"x"}',
      '{"jsonrpc":"2.0","id":1,"result":1.0}',
      '{"jsonrpc":"2.0","id":1,"error":"x"}',
      '{"jsonrpc":"2.0","id":1,"error":null}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"x"}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"x"}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1.0,"message":"x"}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1e30,"message":"x"}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":null}}',
      '"x"',
      "1",
      "1.0",
      "null",
      "true",
    ]
  ) assert.equal(codeOf(frame), "not_a_message", frame);
});

Deno.test("readFrame() drops members that the envelope does not know, and then forbids the frame's own bytes", () => {
  const item = read('{"jsonrpc":"2.0","id":1,"method":"ping","trace":{"a":1}}');
  assert.ok(item.ok);
  assert.deepEqual(Object.keys(item.message), ["kind", "id", "method", "params"]);
  assert.equal(item.verbatim, false);
});

Deno.test("readFrame() allows a frame's own bytes only when every reader sees this one message in them", () => {
  const verbatim = (frame: string) => {
    const item = read(frame, { sender: "upstream" });
    assert.ok(item.ok, frame);
    return item.verbatim;
  };
  assert.equal(verbatim('{"jsonrpc":"2.0","id":1,"result":{"a":1.0}}'), true);
  assert.equal(verbatim(' {"jsonrpc": "2.0",\t"id":1,"result":{}} '), true);
  assert.equal(
    verbatim('{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x","data":1}}'),
    true,
  );
  assert.equal(verbatim('{"jsonrpc":"2.0","id":1,"method":"ping"}'), true);
  assert.equal(verbatim('{"jsonrpc":"2.0","method":"n","params":{}}'), true);
  assert.equal(verbatim('{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}'), true);
  assert.equal(verbatim('{"jsonrpc":"2.0","error":{"code":1,"message":"x"}}'), true);
  assert.equal(verbatim('{"jsonrpc":"2.0","id":1,"result":{},"params":{}}'), false);
  assert.equal(
    verbatim('{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x","Code":2}}'),
    false,
  );
  assert.equal(verbatim('{"jsonrpc":"2.0","id":1,"result":{"a":"\\ud800"}}'), false);
  // A reader that takes a CR for a line end (Python's text mode) would see the message inside.
  const inside = '{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage"}';
  assert.equal(verbatim(`{"jsonrpc":"2.0","id":1,"result":{"a":\r${inside}\r}}`), false);
  assert.equal(verbatim('{"jsonrpc":"2.0","id":1,\n"result":{}}'), false);
});

Deno.test("readFrame() repairs half surrogate pairs of an upstream and says so", () => {
  const item = read(result('{"k\\uD800":"a\\udc00\\ud83d\\ude00\\ud83d","b":"\\\\ud800"}'), {
    sender: "upstream",
  });
  assert.ok(item.ok && item.message.kind === "result");
  assert.deepEqual(item.message.result.a, { "k\ufffd": "a\ufffd😀\ufffd", b: "\\ud800" });
  assert.equal(item.repaired, true);
  const whole = read(result('"\\ud83d\\ude00"'), { sender: "upstream" });
  assert.ok(whole.ok && !whole.repaired);
});

Deno.test("readFrame() finds keys that become equal by the repair", () => {
  const fault = faultOf(result('{"\\ud800":1,"\\ud801":2}'), { sender: "upstream" });
  assert.deepEqual(fault, { code: "duplicate_key", key: "\ufffd" });
});

Deno.test("readFrame() does not change the bytes it repairs", () => {
  const bytes = bytesOf(result('"\\ud800"'));
  const before = bytes.slice();
  read(bytes, { sender: "upstream" });
  assert.deepEqual(bytes, before);
});

Deno.test("readFrame() tells the id and the method of what it refuses", () => {
  const known: readonly (readonly [string, string | number | undefined, boolean])[] = [
    ['{"jsonrpc":"2.0","id":7,"method":"m","method":"n"}', 7, true],
    ['{"jsonrpc":"2.0","id":"a\\"b","result":{},"x":[1,]}', 'a"b', false],
    ['{"jsonrpc":"2.0","id":7,"method":"m","params":[]}', 7, true],
    ['{"jsonrpc":"1.0","id":7,"result":{}}', 7, false],
    ['{"jsonrpc":"2.0","id":7,"method":"m"', 7, true],
    [`{"jsonrpc":"2.0","id":7,"method":"m","params":${"[".repeat(200)}`, 7, true],
    ['{"jsonrpc":"2.0","id":1.5,"method":"m"}', undefined, true],
    ['{"jsonrpc":"2.0","id":7,"id":8,"method":"m"}', undefined, true],
    ['[{"jsonrpc":"2.0","id":7,"method":"m"}]', undefined, false],
    ["Listening on 3000", undefined, false],
    ["", undefined, false],
    ['\ufeff{"jsonrpc":"2.0","id":7,"method":"m"}', 7, true],
  ];
  for (const [frame, id, hasMethod] of known) {
    const item = read(frame);
    assert.ok(!item.ok, frame);
    assert.deepEqual([item.id, item.hasMethod], [id, hasMethod], frame);
  }
});

Deno.test("readFrame() tells the id of an answer of an upstream that is refused", () => {
  assert.equal(faultId('{"result":{"a":1,"a":2},"jsonrpc":"2.0","id":7}', "upstream"), 7);
  assert.equal(faultId('{"result":{"a":1e999},"jsonrpc":"2.0","id":"x"}', "upstream"), "x");
  const invalid = bytesOf('{"result":{"a":"?"},"jsonrpc":"2.0","id":7}');
  invalid[invalid.indexOf(0x3f)] = 0xff;
  assert.equal(faultId(invalid, "upstream"), 7);
});

Deno.test("readFrame() refuses a frame above its limit unread, with its id", () => {
  const frame = call(JSON.stringify({ text: "x".repeat(2000) }));
  const limits = { maxLineBytes: 1024 };
  assert.deepEqual(read(frame, { limits }), {
    ok: false,
    fault: { code: "too_large", limit: "maxLineBytes", max: 1024 },
    id: 1,
    hasMethod: true,
  });
  assert.equal(codeOf(frame, { limits: { maxLineBytes: frame.length } }), "ok");
  const http = readFrame(bytesOf(frame), {
    sender: "client",
    limits: { ...DEFAULT_LIMITS, ...limits },
    batches: false,
    sizeLimit: "maxHttpBodyBytes",
  });
  assert.ok(http.kind === "single" && http.item.ok);
});

Deno.test("readFrame() keeps the digits of numbers that a double would print otherwise", () => {
  const kept = [
    "1.0",
    "1e2",
    "1E2",
    "-0",
    "-0.0",
    "0.10",
    "12345678901234567890",
    "9007199254740993",
    "0.1234567890123456789",
    "1e-7",
    "1e-400",
    "100000000000000000000000",
    "1e21",
    "0.0000001",
    "123456789012345680000.5",
  ].filter((text) => JSON.stringify(Number(text)) !== text);
  const plain = ["0", "-1", "1.5", "-0.5", "0.000001", "1e+21", "1e-7", "123456789012345"];
  for (const text of [...kept, ...plain]) {
    const message = messageOf(result(`[${text},{"b":${text}}]`), "upstream");
    assert.ok(message.kind === "result" && Array.isArray(message.result.a));
    const [first, second] = message.result.a;
    assert.equal(JSON.stringify(message.result.a), `[${text},{"b":${text}}]`);
    assert.equal(isRawNumber(first), kept.includes(text), text);
    assert.equal(isRawNumber(second.b), kept.includes(text), text);
  }
  assert.ok(kept.length > 10);
});

Deno.test("readFrame() refuses numbers that overflow a double, from either side", () => {
  for (const text of ["1e400", "-1e400", "1" + "0".repeat(309), "1.7976931348623159e308"]) {
    for (const sender of ["client", "upstream"] as const) {
      const fault = faultOf(call(`{"n":[${text},1.0]}`), { sender });
      assert.equal(fault.code, "number_out_of_range");
      assert.equal(fault.code === "number_out_of_range" && fault.text, text.slice(0, 200));
    }
  }
  assert.equal(codeOf(call('{"n":1.7976931348623157e308}')), "ok");
});

Deno.test("readFrame() does not take a plain object or string for a number kept as text", () => {
  const message = messageOf(call('{"a":{"rawJSON":"1.0"},"b":"1.0","c":1.0}'));
  assert.ok(message.kind === "request");
  const args = message.params?.arguments as Record<string, unknown>;
  assert.deepEqual([args.a, args.b], [{ rawJSON: "1.0" }, "1.0"]);
  assert.ok(isRawNumber(args.c));
});

Deno.test("readFrame() counts what a frame holds: its bytes and its values", () => {
  const cost = (frame: string) =>
    readFrame(bytesOf(frame), { sender: "client", limits: DEFAULT_LIMITS, batches: false }).cost;
  const few = call(`{"a":"${"x".repeat(3000)}"}`);
  const many = call(`[${Array(1000).fill("{}").join(",")}]`);
  assert.ok(cost(few) >= few.length && cost(few) < 3 * few.length);
  assert.ok(cost(many) > 60 * 1000, "an empty object is 60 bytes");
  assert.equal(cost("noise"), 5);
});
