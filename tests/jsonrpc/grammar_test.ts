import assert from "node:assert/strict";
import { bytesOf, call, codeOf, messageOf, result } from "./reading.ts";

/** Puts bytes in place of the question mark of a frame. */
function withBytes(frame: string, ...inside: number[]): Uint8Array {
  const [before = "", after = ""] = frame.split("?");
  return new Uint8Array([...bytesOf(before), ...inside, ...bytesOf(after)]);
}

const VALID = [
  "[ ]",
  "{ }",
  "[[]]",
  '[""]',
  "[null,true,false]",
  "[1,-1,0,1.5,-1.5e-3,1E+2]",
  '"\\u0000"',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
  '"\u2028\u2029\u007f"',
  '"\ufeff"',
  '"\ufffe\uffff"',
  '"\\uFFFF"',
  '" \u00a0"',
  '{"":""}',
  '{"a" : [ 1 , 2 ] }',
  "[\r\n\t 1 ]",
  '"\\ud834\\udd1e"',
  '"\\uD834\\uDD1E"',
  '"💩"',
  "[1e5]",
  "[0e1]",
  "[0E-0]",
  '"/*comment*/"',
  '"NaN"',
  `"${"x".repeat(100)}\\n"`,
];

const INVALID = [
  "[1,]",
  "[,1]",
  "[1,,2]",
  "[1 2]",
  "[",
  "]",
  "[1",
  "[1}",
  "{",
  "}",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,"a":1}',
  '{"a":1 "b":2}',
  '{"a" 1}',
  '{"a"::1}',
  '{"a":1:2}',
  "{a:1}",
  "{'a':1}",
  "{1:1}",
  "{1.0:1}",
  "{null:1}",
  "{[]:1}",
  '{"a":1,1.0:2}',
  "['a']",
  "[tru]",
  "[True]",
  "[nul]",
  "[nulll]",
  "[NaN]",
  "[Infinity]",
  "[-Infinity]",
  "[undefined]",
  "[01]",
  "[-01]",
  "[1.]",
  "[.5]",
  "[-.5]",
  "[-]",
  "[+1]",
  "[1e]",
  "[1e+]",
  "[1.e1]",
  "[0x1]",
  "[1_000]",
  "[1n]",
  "[--1]",
  "[1.2.3]",
  "[1e1e1]",
  "[1+2]",
  "[1.0.]",
  '"\\x41"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\u"',
  '"\\U0041"',
  '"\\a"',
  '"\\',
  '"',
  '"\\"',
  '"a',
  '"a\nb"',
  '"a\tb"',
  '"\u0000"',
  '"\u001f"',
  "/**/1",
  "1//",
  "#",
  "[\u00a01]",
  "[\u2028]",
  "[\ufeff1]",
  "[\v1]",
  "[\f1]",
  "`a`",
  "(1)",
  "<a>",
  '"a"b"',
  '"a""b"',
  "\\u0022a\\u0022",
  "1 1",
  "{}{}",
  "[][]",
  "[1]]",
  "{}}",
  "true false",
  "\u0000",
];

Deno.test("readFrame() reads every form of JSON as JSON.parse does", () => {
  for (const text of VALID) {
    const message = messageOf(result(text), "upstream");
    assert.ok(message.kind === "result", text);
    assert.deepEqual(JSON.parse(JSON.stringify(message.result.a)), JSON.parse(text), text);
    assert.equal(codeOf(call(text)), "ok", text);
  }
});

Deno.test("readFrame() refuses what is no JSON, also where some readers are lenient", () => {
  for (const text of INVALID) {
    assert.throws(() => JSON.parse(text), SyntaxError, text);
    for (const sender of ["client", "upstream"] as const) {
      assert.equal(codeOf(call(text), { sender }), "not_json", text);
      assert.equal(codeOf(result(text), { sender }), "not_json", text);
    }
  }
});

Deno.test("readFrame() refuses anything but white space around a message", () => {
  const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
  for (const space of [" ", "\t", "\r", "\n", "\r\n \t"]) {
    assert.equal(codeOf(`${space}${ping}${space}`), "ok");
  }
  for (
    const frame of [
      `${ping} x`,
      `${ping}${ping}`,
      `${ping}\n${ping}`,
      `${ping},`,
      `${ping}}`,
      `${ping}\u0000`,
      `\u0000${ping}`,
      `\ufeff${ping}`,
      `${ping}\ufeff`,
      `/*c*/${ping}`,
      `${ping}//`,
      `)]}',\n${ping}`,
      `data: ${ping}`,
      `Content-Length: 40\r\n\r\n${ping}`,
      `\u001e${ping}`,
      `${ping};`,
      `(${ping})`,
      ping.slice(0, -1),
      "",
      " ",
      "\n",
      "{",
      "Listening on port 3000",
      "[info] started",
    ]
  ) {
    assert.equal(codeOf(frame), "not_json", frame);
    assert.equal(codeOf(frame, { sender: "upstream" }), "not_json", frame);
  }
});

Deno.test("readFrame() refuses bytes that are not UTF-8, in values and keys", () => {
  const frames = [call('{"a":"x?y"}'), call('{"x?y":1}'), call('{"\\u0061?":1}')];
  const invalid: readonly (readonly number[])[] = [
    [0xff],
    [0xfe, 0xff],
    [0x80],
    [0xc3],
    [0xc0, 0xaf], // overlong
    [0xc1, 0xbf],
    [0xe0, 0x80, 0xaf],
    [0xf0, 0x80, 0x80, 0xaf],
    [0xc0, 0xa2], // an overlong quote
    [0xe2, 0x82], // cut
    [0xf0, 0x9f, 0x98],
    [0xed, 0xa0, 0x80], // a surrogate
    [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], // CESU-8
    [0xf4, 0x90, 0x80, 0x80], // above U+10FFFF
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xef, 0xbb],
  ];
  for (const bytes of invalid) {
    for (const frame of frames) {
      for (const sender of ["client", "upstream"] as const) {
        assert.equal(codeOf(withBytes(frame, ...bytes), { sender }), "not_utf8", `${bytes}`);
      }
    }
  }
  for (const valid of [[0xc3, 0xa9], [0xef, 0xbb, 0xbf], [0xf4, 0x8f, 0xbf, 0xbf], [0x7f]]) {
    for (const frame of frames) assert.equal(codeOf(withBytes(frame, ...valid)), "ok", `${valid}`);
  }
  assert.equal(codeOf(new Uint8Array([0xfe, 0xff, 0, 0x7b, 0, 0x7d])), "not_json", "UTF-16");
});

Deno.test("readFrame() refuses half of a surrogate pair from a client, in values and keys", () => {
  for (
    const text of [
      "\\ud800",
      "\\udc00",
      "a\\uD800",
      "\\uDFFFa",
      "\\ud83d\\u0041",
      "\\ud83d\\ud83d\\ude00",
      "\\ud83d\\ude00\\ude00",
      "\\ude00\\ud83d",
      "\\ud83d \\ude00",
      "\\ud83d\\\\ude00",
      "\\ud83d\\n",
      `${"x".repeat(40)}\\ud800`,
      `${"x".repeat(400)}\\ud800${"y".repeat(400)}`,
    ]
  ) {
    assert.equal(codeOf(call(`{"a":"${text}"}`)), "lone_surrogate", text);
    assert.equal(codeOf(call(`{"${text}":1}`)), "lone_surrogate", text);
    assert.equal(codeOf(`{"jsonrpc":"2.0","id":"${text}","method":"m"}`), "lone_surrogate", text);
  }
  for (
    const text of ["\\ud83d\\ude00", "\\uD83D\\uDE00", "\\\\ud800", "\\\\\\ud83d\\ude00", "\\ufffd"]
  ) {
    assert.equal(codeOf(call(`{"a":"${text}"}`)), "ok", text);
  }
});

Deno.test("readFrame() takes keys of an upstream for one that would both be forwarded as U+FFFD", () => {
  for (const twin of ["\\ude00", "\\ud83e", "\\ufffd"]) {
    const frame = result(`{"\\ud83d":1,"${twin}":2}`);
    assert.equal(codeOf(frame, { sender: "upstream" }), "duplicate_key", twin);
  }
});

Deno.test("readFrame() finds the end of strings of every length, at every alignment", () => {
  const value = (length: number) => "x".repeat(length);
  for (let length = 0; length < 150; length++) {
    for (const tail of ["", "\\\\", '\\"', "\\n", "é", "\\ud83d\\ude00", '\\\\\\"']) {
      const text = `{"k":"${value(length)}${tail}","next":"${tail}${value(length)}"}`;
      for (let shift = 0; shift < 4; shift++) {
        const frame = bytesOf(result(text));
        const memory = new Uint8Array(frame.length + 7);
        memory.set(frame, shift);
        memory.fill(0x22, shift + frame.length);
        const message = messageOf(memory.subarray(shift, shift + frame.length), "upstream");
        assert.ok(message.kind === "result");
        assert.equal(JSON.stringify(message.result.a), JSON.stringify(JSON.parse(text)));
      }
    }
  }
});
