import assert from "node:assert/strict";
import { foldKey } from "../../src/jsonrpc/confusable.ts";
import { ObjectKeys } from "../../src/jsonrpc/object_keys.ts";
import { call, codeOf, faultOf, messageOf, result } from "./reading.ts";

Deno.test("readFrame() refuses a key that stands twice in one object, at any depth and however it is spelled", () => {
  const twice: readonly (readonly [string, string])[] = [
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"\\u0061":1,"a":2}', "a"],
    ['{"\\u0061":1,"\\u0061":2}', "a"],
    ['{"":1,"":2}', ""],
    ['{"\\n":1,"\\u000A":2}', "\n"],
    ['{"\\/":1,"/":2}', "/"],
    ['{"é":1,"\\u00e9":2}', "é"],
    ['{"😀":1,"\\ud83d\\ude00":2}', "😀"],
    ['{"€":1,"\\u20AC":2}', "€"],
    ['{"\\"\\\\x":1,"\\u0022\\u005cx":2}', '"\\x'],
    ['{"a":{"b":[{"c":1,"d":{},"c":2}]}}', "c"],
    ['[[{"x":1},{"x":1,"y":2,"x":3}]]', "x"],
    ['{"a":{"a":1},"b":{"a":1,"b":2},"a":0}', "a"],
    ['{"1":1,"01":2,"1":3}', "1"],
    ['{"constructor":1,"toString":2,"constructor":3}', "constructor"],
  ];
  for (const [args, key] of twice) {
    for (const sender of ["client", "upstream"] as const) {
      assert.deepEqual(faultOf(call(args), { sender }), { code: "duplicate_key", key }, args);
    }
  }
  for (const envelope of ['"method":"m","method":"m"', '"id":1,"id":1,"method":"m"']) {
    assert.equal(codeOf(`{"jsonrpc":"2.0",${envelope}}`), "duplicate_key");
  }
});

Deno.test("readFrame() finds the twin among any number of members, wherever the two stand", () => {
  for (const members of [2, 3, 8, 9, 10, 31, 32, 33, 1000, 9999]) {
    const keys = Array.from({ length: members }, (_, i) => `"key${i}":${i}`);
    assert.equal(codeOf(call(`{${keys.join(",")}}`)), "ok", `${members}`);
    for (const twin of ['"key0":0', `"key${members - 1}":0`, '"\\u006bey1":0']) {
      if (twin.includes("ey1") && members < 2) continue;
      assert.equal(
        codeOf(call(`{${keys.join(",")},${twin}}`)),
        "duplicate_key",
        `${members} ${twin}`,
      );
    }
  }
});

Deno.test("readFrame() compares keys by code points at every length of UTF-8", () => {
  for (const code of [0x20, 0x7e, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x90200, 0x10ffff]) {
    const character = String.fromCodePoint(code);
    const escaped = [...Array(character.length).keys()].map((at) =>
      `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`
    ).join("");
    assert.equal(codeOf(call(`{"${character}":1,"${escaped}":2}`)), "duplicate_key", escaped);
    const next = String.fromCodePoint(code + (code === 0x10ffff ? -1 : 1));
    if (/["\\]/.test(next) || code === 0x7e) continue;
    assert.equal(codeOf(call(`{"${next}":1,"${escaped}":2}`)), "ok", escaped);
  }
  // two second halves are no pair
  const upstream = { sender: "upstream" } as const;
  assert.equal(codeOf(result('{"\\ude00\\ude00":1,"\u{90200}":2}'), upstream), "ok");
});

Deno.test("readFrame() lets equal keys stand in different objects, and keys that only look alike", () => {
  for (
    const args of [
      '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
      '{"a":1,"b":{"a":1},"c":2}',
      '{"a":1,"A":2,"á":3,"a\\u0301":4,"a ":5," a":6,"":7}',
      '{"a":"a","b":"a","c":["a","a"]}',
      '{"a":1,"a\\u0000":2}',
    ]
  ) assert.equal(codeOf(call(args)), "ok", args);
});

Deno.test("ObjectKeys finds twins when every hash collides", () => {
  const names = Array.from({ length: 500 }, (_, i) => `"k${i}":0`);
  for (const [text, expected] of [[names.join(","), -1], [[...names, '"k250":0'].join(","), 250]]) {
    const bytes = new TextEncoder().encode(`{${text}}`);
    const keys = new ObjectKeys(0);
    keys.begin(bytes);
    for (let at = 1; at < bytes.length - 1;) {
      const end = bytes.indexOf(0x22, at + 1);
      keys.push(at + 1, end, false);
      at = end + 4;
    }
    const twin = keys.close(0);
    if (expected === -1) assert.equal(twin, -1);
    else assert.equal(keys.text(twin), `k${expected}`);
  }
});

Deno.test("readFrame() refuses __proto__ as a key anywhere, however it is spelled", () => {
  for (const key of ["__proto__", "\\u005f_proto__", "__pro\\u0074o__", "__proto_\\u005F"]) {
    for (
      const frame of [
        call(`{"a":[{"${key}":{"x":1}}]}`),
        call(`{"${key}":null}`),
        `{"${key}":{},"jsonrpc":"2.0","id":1,"method":"m"}`,
        `{"jsonrpc":"2.0","id":1,"method":"m","params":{"${key}":1}}`,
      ]
    ) {
      for (const sender of ["client", "upstream"] as const) {
        assert.deepEqual(faultOf(frame, { sender }), { code: "forbidden_key", key: "__proto__" });
      }
    }
  }
});

Deno.test("readFrame() reads keys with names of Object.prototype as any other", () => {
  const args = '{"constructor":1,"toString":2,"hasOwnProperty":3,"__proto":4,"__defineGetter__":5}';
  const message = messageOf(call(args));
  assert.ok(message.kind === "request");
  assert.equal(JSON.stringify(message.params?.arguments), args);
  assert.equal(codeOf('{"jsonrpc":"2.0","id":1,"method":"m","constructor":1,"toString":1}'), "ok");
});

const KELVIN = "\u212a";
const LONG_S = "\u017f";

Deno.test("readFrame() refuses keys of the envelope that some reader takes for another, from either side", () => {
  for (
    const [key, others] of [
      ["Method", '"jsonrpc":"2.0","id":1'],
      ["Method", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["METHOD", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["\\u004dethod", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["method\\u0000", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["method\\u0000\\u0000", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["method\\u0000x", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["Method\\u0000", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["Params", '"jsonrpc":"2.0","id":1,"method":"ping","params":{}'],
      [`param${LONG_S}`, '"jsonrpc":"2.0","id":1,"method":"ping"'],
      [`re${LONG_S}ult`, '"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}'],
      [`j${LONG_S}onrpc`, '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["ID", '"jsonrpc":"2.0","id":1,"method":"ping"'],
      ["iD", '"jsonrpc":"2.0","method":"ping"'],
      ["\\u0131d", '"jsonrpc":"2.0","method":"ping"'],
      ["\\u0130d", '"jsonrpc":"2.0","method":"ping"'],
      ["JsonRpc", '"jsonrpc":"2.0","method":"ping"'],
      ["Error", '"jsonrpc":"2.0","id":1,"result":{}'],
      ["tRACE", '"jsonrpc":"2.0","method":"ping","Trace":1'],
    ] as const
  ) {
    const frame = `{${others},"${key}":1}`;
    for (const sender of ["client", "upstream"] as const) {
      assert.deepEqual(
        faultOf(frame, { sender }),
        { code: "confusable_key", key: JSON.parse(`"${key}"`) },
        frame,
      );
    }
  }
});

Deno.test("readFrame() refuses keys of a client's params that some reader takes for another", () => {
  const params: readonly (readonly [string, string])[] = [
    ['{"Name":"t"}', "Name"],
    ['{"name":"t","Name":"u"}', "Name"],
    ['{"name":"t","NAME":"u"}', "NAME"],
    ['{"name":"t","name\\u0000":"u"}', "name\0"],
    ['{"name":"t","arguments":{},"Arguments":{}}', "Arguments"],
    [`{"name":"t","argument${LONG_S}":{}}`, `argument${LONG_S}`],
    [`{"name":"t","ta${LONG_S}k":{}}`, `ta${LONG_S}k`],
    [`{"tas${KELVIN}Id":"t"}`, `tas${KELVIN}Id`],
    ['{"taskid":"t"}', "taskid"],
    ['{"URI":"file:///x"}', "URI"],
    ['{"ur\\u0131":"file:///x"}', "ur\u0131"],
    ['{"requestid":1}', "requestid"],
    ['{"progresstoken":1}', "progresstoken"],
    ['{"_Meta":{}}', "_Meta"],
    ['{"Ref":{}}', "Ref"],
    ['{"inputresponses":{}}', "inputresponses"],
    ['{"requeststate":""}', "requeststate"],
    ['{"custom":1,"Custom":2}', "Custom"],
    ['{"\u00e9tat":1,"\u00c9TAT":2}', "\u00c9TAT"],
    ['{"\u03c3":1,"\u03c2":2}', "\u03c2"],
    ['{"ref":{"type":"ref/prompt","name":"a","Name":"b"}}', "Name"],
    ['{"argument":{"name":"a","Value":"b"}}', "Value"],
    ['{"_meta":{"progressToken":1,"ProgressToken":2}}', "ProgressToken"],
    ['{"capabilities":{"Sampling":{}}}', "Sampling"],
    [
      '{"_meta":{"io.modelcontextprotocol/ProtocolVersion":"x"}}',
      "io.modelcontextprotocol/ProtocolVersion",
    ],
    ['{"_meta":{"io.modelcontextprotocol/clientCapabilities":{"Roots":{}}}}', "Roots"],
  ];
  for (const [text, key] of params) {
    const frame = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${text}}`;
    assert.deepEqual(faultOf(frame), { code: "confusable_key", key }, text);
    assert.equal(codeOf(frame, { sender: "upstream" }), "ok", text);
    const notification = `{"jsonrpc":"2.0","method":"notifications/x","params":${text}}`;
    assert.equal(codeOf(notification), "confusable_key");
  }
});

Deno.test("readFrame() leaves the keys of arguments, results and unknown objects alone", () => {
  assert.equal(codeOf(call('{"name":1,"Name":2,"method":3,"x\\u0000":4,"x":5}')), "ok");
  assert.equal(codeOf(result('{"id":1,"ID":2}')), "ok");
  const params =
    '{"name":"t","custom":{"a":1,"A":2},"other_name":1,"nam":2,"names":3,"n\\u0430me":4}';
  assert.equal(codeOf(`{"jsonrpc":"2.0","id":1,"method":"m","params":${params}}`), "ok");
  const meta = '{"_meta":{"traceparent":"0","com.example/a":1,"com.example/b":2}}';
  assert.equal(codeOf(`{"jsonrpc":"2.0","id":1,"method":"m","params":${meta}}`), "ok");
});

Deno.test("foldKey() folds every character that has an ASCII letter in its simple case folding", () => {
  for (let letter = 0x41; letter <= 0x5a; letter++) {
    assert.equal(foldKey(String.fromCharCode(letter)), String.fromCharCode(letter + 0x20));
  }
  assert.equal(foldKey(KELVIN), "k"); // CaseFolding.txt: these two, and Turkic I for readers in that locale
  assert.equal(foldKey(LONG_S), "s");
  assert.equal(foldKey("\u0130"), "i");
  assert.equal(foldKey("\u0131"), "i");
});

Deno.test("foldKey() keeps the length of what has no NUL", () => {
  // INVARIANT: folding keeps the length, so a key with a length of its own is clear.
  for (let code = 1; code < 0x20000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    assert.equal(foldKey(`x${character}`).length, character.length + 1, code.toString(16));
  }
});
