import { deepEqual, equal, match, ok } from "node:assert/strict";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Message } from "../../src/jsonrpc/message.ts";
import { invalidHeaderSchema } from "../../src/mcp/header_schema.ts";
import {
  headerDisagreement,
  type HeaderPair,
  headersFor,
  unknownParamHeaders,
} from "../../src/mcp/http_headers.ts";
import { PROTOCOL_VERSION_KEY } from "../../src/mcp/revision.ts";

const REVISION = "2026-07-28";
const META = { [PROTOCOL_VERSION_KEY]: REVISION };

function request(method: string, params: JsonObject = {}): Message {
  return { kind: "request", id: 1, method, params: { _meta: META, ...params } };
}

function call(args: JsonObject): Message {
  return request("tools/call", { name: "execute_sql", arguments: args });
}

/** The example of the specification, "Schema Extension". */
const SQL_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    region: { type: "string", "x-mcp-header": "Region" },
    query: { type: "string" },
  },
  required: ["region", "query"],
};

function schemaOf(properties: JsonObject): JsonObject {
  return { type: "object", properties };
}

/** What is wrong with the headers, as `code header`. */
function wrong(
  message: Message,
  headers: readonly HeaderPair[],
  inputSchema?: JsonValue,
): string | undefined {
  const found = headerDisagreement(message, headers, { inputSchema });
  return found && `${found.code} ${found.header}`;
}

const STANDARD: readonly HeaderPair[] = [
  ["MCP-Protocol-Version", REVISION],
  ["Mcp-Method", "tools/call"],
  ["Mcp-Name", "execute_sql"],
];

/** What is wrong with one mirrored argument. */
function wrongParam(value: JsonValue | undefined, header: string | undefined, type = "string") {
  const inputSchema = schemaOf({ a: { type, "x-mcp-header": "Val" } });
  const args: JsonObject = value === undefined ? {} : { a: value };
  const pairs: HeaderPair[] = header === undefined ? [] : [["Mcp-Param-Val", header]];
  return headerDisagreement(call(args), [...STANDARD, ...pairs], { inputSchema })?.code;
}

function raw(text: string): JsonValue {
  return (JSON as unknown as { rawJSON(text: string): JsonValue }).rawJSON(text);
}

Deno.test("headerDisagreement() takes the requests of the specification's examples", () => {
  equal(
    wrong(request("tools/call", { name: "get_weather", arguments: { location: "Seattle, WA" } }), [
      ["MCP-Protocol-Version", REVISION],
      ["Mcp-Method", "tools/call"],
      ["Mcp-Name", "get_weather"],
    ]),
    undefined,
  );
  equal(
    wrong(request("resources/read", { uri: "file:///projects/myapp/config.json" }), [
      ["MCP-Protocol-Version", REVISION],
      ["Mcp-Method", "resources/read"],
      ["Mcp-Name", "file:///projects/myapp/config.json"],
    ]),
    undefined,
  );
  const message = call({ region: "us-west1", query: "SELECT * FROM users" });
  equal(wrong(message, [...STANDARD, ["Mcp-Param-Region", "us-west1"]], SQL_SCHEMA), undefined);
});

// INVARIANT: Policy is evaluated on the body; `Mcp-*` headers are claims that must agree.
Deno.test("Policy is evaluated on the body; `Mcp-*` headers are claims that must agree", () => {
  const message = call({ region: "us-west1", query: "q" });
  const good: readonly HeaderPair[] = [...STANDARD, ["Mcp-Param-Region", "us-west1"]];
  for (const [index, [name, value]] of good.entries()) {
    const others = good.filter((_, at) => at !== index);
    const lies = ["x", `${value}x`, value.toUpperCase() === value ? "v" : value.toUpperCase()];
    for (const lie of [...lies, `${value}, ${value}`, ""]) {
      equal(wrong(message, [...others, [name, lie]], SQL_SCHEMA), `different ${name}`, lie);
    }
    equal(wrong(message, others, SQL_SCHEMA), `missing ${name}`);
    equal(wrong(message, [...good, [name, value]], SQL_SCHEMA), `repeated ${name}`);
    equal(wrong(message, [...good, [name.toUpperCase(), "x"]], SQL_SCHEMA), `repeated ${name}`);
    for (const bad of ["é", "a\0b", "a\r\nb", "\x7f", `${value}\u00a0`]) {
      equal(wrong(message, [...others, [name, bad]], SQL_SCHEMA), `malformed ${name}`);
    }
    for (const spelt of [name.toLowerCase(), name.toUpperCase()]) {
      equal(wrong(message, [...others, [spelt, ` \t${value}  `]], SQL_SCHEMA), undefined);
    }
  }
});

Deno.test("headerDisagreement() compares the name that the method has", () => {
  const named: readonly (readonly [string, string])[] = [
    ["tools/call", "name"],
    ["prompts/get", "name"],
    ["resources/read", "uri"],
    ["tasks/get", "taskId"],
    ["tasks/update", "taskId"],
    ["tasks/cancel", "taskId"],
  ];
  for (const [method, member] of named) {
    const message = request(method, { name: "n", uri: "n", taskId: "n", [member]: "it" });
    const pairs: readonly HeaderPair[] = [
      ["MCP-Protocol-Version", REVISION],
      ["Mcp-Method", method],
    ];
    equal(wrong(message, [...pairs, ["Mcp-Name", "it"]]), undefined);
    equal(wrong(message, [...pairs, ["Mcp-Name", "n"]]), "different Mcp-Name");
    equal(wrong(message, pairs), "missing Mcp-Name");
    equal(wrong(message, [...pairs, ["Mcp-Name", "=?base64?aXQ=?="]]), undefined);
  }
  for (const method of ["tools/list", "server/discover", "constructor", "__proto__"]) {
    const pairs: readonly HeaderPair[] = [
      ["MCP-Protocol-Version", REVISION],
      ["Mcp-Method", method],
    ];
    equal(wrong(request(method), pairs), undefined);
    equal(wrong(request(method, { name: "x" }), [...pairs, ["Mcp-Name", "y"]]), undefined);
  }
});

Deno.test("headerDisagreement() leaves a body without what it needs to those who read bodies", () => {
  const method: HeaderPair = ["Mcp-Method", "tools/call"];
  const version: HeaderPair = ["MCP-Protocol-Version", REVISION];
  for (const name of [undefined, null, 7, ["it"]]) {
    const params: JsonObject = name === undefined ? {} : { name };
    equal(wrong(request("tools/call", params), [version, method]), undefined);
    const sent: HeaderPair = ["Mcp-Name", "it"];
    equal(wrong(request("tools/call", params), [version, method, sent]), "unexpected Mcp-Name");
  }
  const bare: Message = { kind: "request", id: 1, method: "tools/list", params: undefined };
  const list: HeaderPair = ["Mcp-Method", "tools/list"];
  equal(wrong(bare, [version, list]), "unexpected MCP-Protocol-Version");
  equal(wrong(bare, [list]), "missing MCP-Protocol-Version");
});

Deno.test("headerDisagreement() asks nothing of a notification, but what is there must agree", () => {
  const method = "notifications/cancelled";
  const bare: Message = { kind: "notification", method, params: { requestId: 1 } };
  equal(wrong(bare, []), undefined);
  equal(wrong(bare, [["MCP-Protocol-Version", REVISION], ["Mcp-Method", method]]), undefined);
  equal(wrong(bare, [["Mcp-Method", "tools/list"]]), "different Mcp-Method");
  const named: Message = { kind: "notification", method, params: { _meta: META } };
  equal(
    wrong(named, [["MCP-Protocol-Version", "2025-11-25"]]),
    "different MCP-Protocol-Version",
  );
  const answer: Message = { kind: "result", id: 1, result: {} };
  equal(wrong(answer, [["MCP-Protocol-Version", REVISION]]), undefined);
  equal(wrong(answer, [["Mcp-Method", "tools/call"]]), "unexpected Mcp-Method");
});

Deno.test("headerDisagreement() decodes Base64 once, and only where it is marked and canonical", () => {
  // "Value Encoding", encoding examples
  equal(wrongParam("us-west1", "us-west1"), undefined);
  equal(wrongParam("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="), undefined);
  equal(wrongParam(" padded ", "=?base64?IHBhZGRlZCA=?="), undefined);
  equal(wrongParam("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="), undefined);
  equal(
    wrongParam("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
    undefined,
  );
  equal(wrongParam("", "=?base64??="), undefined);
  equal(wrongParam("\ufeffx", "=?base64?77u/eA==?="), undefined);
  // what is not marked is literal
  for (const literal of ["SGVsbG8=", "=?base64?SGVsbG8=", "SGVsbG8=?=", "=?BASE64?SGVsbG8=?="]) {
    equal(wrongParam(literal, literal), undefined, literal);
    equal(wrongParam("Hello", literal), "different", literal);
  }
  // nested: what comes out is no Base64 any more
  equal(wrongParam("literal", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), "different");
  for (
    const bad of [
      ...["SGVsbG8", "SGVs!!!bG8=", "SGVs bG8=", "SGVsbG8==", "SGVsbG9=", "=", "====", "SGVsbG8=="],
      ...["_w==", "-w==", "/w==", "7aCA", "SGVsbG8=?=?=?base64?", "=?base64?SGVsbG8=?="],
    ]
  ) {
    equal(wrongParam("Hello", `=?base64?${bad}?=`), "malformed", bad);
  }
  equal(wrongParam("=?base64?=", "=?base64?="), "malformed");
  const long = "é".repeat(1_000_000);
  equal(wrongParam(long, `=?base64?${new TextEncoder().encode(long).toBase64()}?=`), undefined);
});

Deno.test("headerDisagreement() never decodes the method or the version", () => {
  const encoded = (text: string) => `=?base64?${btoa(text)}?=`;
  const [version, method, name] = STANDARD;
  ok(version && method && name);
  equal(
    wrong(call({}), [version, ["Mcp-Method", encoded("tools/call")], name]),
    "different Mcp-Method",
  );
  equal(
    wrong(call({}), [["MCP-Protocol-Version", encoded(REVISION)], method, name]),
    "different MCP-Protocol-Version",
  );
});

Deno.test("headerDisagreement() compares numbers by their value and booleans by their name", () => {
  for (const header of ["42", "42.0", "42.000", "=?base64?NDI=?="]) {
    equal(wrongParam(42, header, "integer"), undefined, header);
    equal(wrongParam(raw("42.0"), header, "integer"), undefined, header);
    equal(wrongParam(raw("4.2e1"), header, "integer"), undefined, header);
  }
  for (const header of ["43", "042", "+42", "4.2e1", "0x2a", "42.", ".42e2", "42n", "", "-42"]) {
    equal(wrongParam(42, header, "integer"), "different", header);
  }
  equal(wrongParam(-7, "-7", "integer"), undefined);
  equal(wrongParam(0, "-0", "integer"), undefined);
  equal(wrongParam(2 ** 53 - 1, "9007199254740991", "integer"), undefined);
  equal(wrongParam("42", "42.0"), "different");
  equal(wrongParam(true, "true", "boolean"), undefined);
  for (const header of ["True", "1", "false", "yes"]) {
    equal(wrongParam(true, header, "boolean"), "different");
  }
});

Deno.test("headerDisagreement() does not ask for an integer that no header may have, but reads its digits", () => {
  const large = raw("9007199254740993");
  equal(wrongParam(large, undefined, "integer"), undefined);
  equal(wrongParam(large, "9007199254740993", "integer"), undefined);
  equal(wrongParam(large, "9007199254740992", "integer"), "different");
});

Deno.test("headerDisagreement() expects no header for what is absent, null, or no single value", () => {
  const values: readonly (JsonValue | undefined)[] = [undefined, null, [], ["x"], {}, { a: "x" }];
  for (const value of values) {
    equal(wrongParam(value, undefined), undefined);
    equal(wrongParam(value, "x"), "unexpected");
    equal(wrongParam(value, "null"), "unexpected");
  }
  equal(wrongParam("x", undefined), "missing");
  equal(wrongParam("", undefined), "missing");
  equal(wrongParam("", ""), undefined);
});

Deno.test("headerDisagreement() finds nested values by own members alone, and none in arrays", () => {
  const inner = { type: "string", "x-mcp-header": "Deep" };
  const nested = schemaOf({ "a/b": schemaOf({ "~c": inner }) });
  const found = headerDisagreement(call({ "a/b": { "~c": "x" } }), STANDARD, {
    inputSchema: nested,
  });
  equal(found?.pointer, "/params/arguments/a~1b/~0c");
  equal(found?.code, "missing");
  for (const within of [undefined, null, "x", [{ "~c": "x" }]]) {
    const args: JsonObject = within === undefined ? {} : { "a/b": within };
    equal(wrong(call(args), STANDARD, nested), undefined);
  }
  for (const name of ["__proto__", "constructor", "toString", "length", "0"]) {
    const properties = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(inner)}}`);
    equal(wrong(call({}), STANDARD, schemaOf(properties)), undefined, name);
    equal(
      wrong(call({}), [...STANDARD, ["mcp-param-deep", "x"]], schemaOf(properties)),
      "unexpected Mcp-Param-Deep",
    );
    const args = JSON.parse(`{${JSON.stringify(name)}:"x"}`);
    equal(
      wrong(call(args), [...STANDARD, ["mcp-param-deep", "x"]], schemaOf(properties)),
      undefined,
    );
  }
  for (const args of ["x", ["x"]]) {
    const message = request("tools/call", { name: "execute_sql", arguments: args });
    equal(wrong(message, STANDARD, schemaOf({ 0: inner, length: inner })), undefined);
  }
});

Deno.test("headerDisagreement() says where they differ, and repeats neither value", () => {
  const found = headerDisagreement(call({}), [
    ["MCP-Protocol-Version", REVISION],
    ["Mcp-Method", "tools/call"],
    ["Mcp-Name", "drop_everything"],
  ]);
  deepEqual(found, {
    header: "Mcp-Name",
    code: "different",
    pointer: "/params/name",
    detail: "Mcp-Name does not match /params/name of the body",
  });
});

Deno.test("unknownParamHeaders() gives what an intermediary has to pass on, and none that was compared", () => {
  const sent: readonly HeaderPair[] = [
    ["mcp-PARAM-region", "us-west1"],
    ["Mcp-Param-Tenant", "t1"],
    ["Mcp-Param-Tenant", "t2"],
    ["Mcp-Param-Bad", "a\nb"],
    ["Mcp-Name", "x"],
    ["Authorization", "x"],
  ];
  deepEqual(unknownParamHeaders(sent, { inputSchema: SQL_SCHEMA }), sent.slice(1, 3));
  deepEqual(unknownParamHeaders(sent), sent.slice(0, 3));
});

Deno.test("invalidHeaderSchema() finds nothing wrong where nothing is", () => {
  const deep = schemaOf({
    a: schemaOf({ b: schemaOf({ c: { type: "boolean", "x-mcp-header": "C" } }) }),
  });
  const named = schemaOf({ "x-mcp-header": { type: "string" } });
  const data = schemaOf({
    a: { type: "object", default: { "x-mcp-header": "" }, const: { "x-mcp-header": 1 } },
  });
  const defs = { ...SQL_SCHEMA, $defs: { "x-mcp-header": { type: "object" } } };
  const token = schemaOf({ a: { type: "integer", "x-mcp-header": "!#$%&'*+-.^_`|~09Az" } });
  for (const schema of [undefined, null, true, {}, SQL_SCHEMA, deep, named, data, defs, token]) {
    equal(invalidHeaderSchema(schema), undefined);
  }
});

Deno.test("invalidHeaderSchema() names each rule of the specification that is broken", () => {
  const text = (name: JsonValue) => ({ type: "string", "x-mcp-header": name });
  for (
    const name of ["", " ", "a b", "a:b", "a\r\nX: y", "é", "a/b", "(a)", 1, null, true, ["A"], {}]
  ) {
    match(invalidHeaderSchema(schemaOf({ a: text(name) })) ?? "", /of \["a"\] is no name/);
  }
  const twice = schemaOf({ a: text("Region"), b: schemaOf({ c: text("rEGION") }) });
  match(invalidHeaderSchema(twice) ?? "", /of \["b","c"\] is a name that another one has/);
  for (
    const type of ["number", "object", "array", "null", ["string", "null"], undefined, "String"]
  ) {
    const property: JsonObject = { ...text("A"), ...(type === undefined ? {} : { type }) };
    if (type === undefined) Reflect.deleteProperty(property, "type");
    match(invalidHeaderSchema(schemaOf({ a: property })) ?? "", /needs the type/);
  }
  const inner = schemaOf({ b: text("B") });
  const single = [
    "items",
    "contains",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
  ];
  const lists = ["oneOf", "anyOf", "allOf", "prefixItems", "items"];
  const maps = ["$defs", "definitions", "patternProperties", "dependentSchemas"];
  const elsewhere: readonly JsonObject[] = [
    ...single.map((keyword) => ({ [keyword]: inner })),
    ...lists.map((keyword) => ({ [keyword]: [true, inner] })),
    ...maps.map((keyword) => ({ [keyword]: { x: inner } })),
    text("Root"),
  ];
  for (const schema of elsewhere) {
    match(invalidHeaderSchema(schema) ?? "", /stands where no chain of properties leads/);
    if (schema["x-mcp-header"] === undefined) {
      match(invalidHeaderSchema(schemaOf({ a: schema })) ?? "", /stands where no chain/);
    }
  }
});

Deno.test("invalidHeaderSchema() bounds how many headers there are and how deep it looks", () => {
  const many = (count: number) =>
    schemaOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [
      `p${index}`,
      { type: "string", "x-mcp-header": `H${index}` },
    ])));
  equal(invalidHeaderSchema(many(256)), undefined);
  match(invalidHeaderSchema(many(257)) ?? "", /one of more than 256/);
  let deep: JsonObject = {};
  for (let level = 0; level < 5000; level++) deep = schemaOf({ a: deep });
  match(invalidHeaderSchema(deep) ?? "", /too deep/);
});

Deno.test("headers of an invalid schema are compared when they are there, and not asked for", () => {
  const inputSchema = schemaOf({
    a: { type: "number", "x-mcp-header": "A" },
    b: { type: "string", "x-mcp-header": "a b" },
  });
  equal(wrong(call({ a: 1.5, b: "x" }), STANDARD, inputSchema), undefined);
  equal(wrong(call({ a: 1.5 }), [...STANDARD, ["Mcp-Param-A", "1.50"]], inputSchema), undefined);
  equal(
    wrong(call({ a: 1.5 }), [...STANDARD, ["Mcp-Param-A", "2.5"]], inputSchema),
    "different Mcp-Param-A",
  );
});

Deno.test("headersFor() makes the headers of the specification's example", () => {
  const message = call({ region: "us-west1", query: "SELECT * FROM users" });
  deepEqual(headersFor(message, { inputSchema: SQL_SCHEMA, revision: REVISION }), [
    ...STANDARD,
    ["Mcp-Param-Region", "us-west1"],
  ]);
});

Deno.test("headersFor() encodes what is not plain ASCII, and omits what no header may say", () => {
  const inputSchema = schemaOf({ a: { type: "string", "x-mcp-header": "Val" } });
  const sent = (value: JsonValue) =>
    headersFor(call({ a: value }), { inputSchema, revision: REVISION })
      .find(([name]) => name === "Mcp-Param-Val")?.[1];
  equal(sent("us west 1"), "us west 1");
  equal(sent("Hello, 世界"), "=?base64?SGVsbG8sIOS4lueVjA==?=");
  equal(sent(" padded "), "=?base64?IHBhZGRlZCA=?=");
  equal(sent("line1\nline2"), "=?base64?bGluZTEKbGluZTI=?=");
  equal(sent("=?base64?literal?="), "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
  equal(sent("x\r\nAuthorization: y"), `=?base64?${btoa("x\r\nAuthorization: y")}?=`);
  equal(sent(""), "=?base64??=");
  equal(sent(42), "42");
  equal(sent(raw("42.0")), "42");
  equal(sent(-7), "-7");
  equal(sent(false), "false");
  for (const value of [null, [], {}, raw("9007199254740993"), 1e21]) equal(sent(value), undefined);
});

Deno.test("headersFor() gives a legacy upstream no more than its version, from 2025-06-18 on", () => {
  const message = call({ region: "x" });
  const sent = (revision: string) => headersFor(message, { inputSchema: SQL_SCHEMA, revision });
  deepEqual(sent("2024-11-05"), []);
  deepEqual(sent("2025-03-26"), []);
  deepEqual(sent("2025-06-18"), [["MCP-Protocol-Version", "2025-06-18"]]);
  deepEqual(sent("2025-11-25"), [["MCP-Protocol-Version", "2025-11-25"]]);
});

Deno.test("headersFor() never makes a header that could break out of its line", () => {
  const evil = "2026-07-28\r\nX-Evil: 1";
  const message: Message = {
    kind: "request",
    id: 1,
    method: "a\r\nb",
    params: { _meta: { [PROTOCOL_VERSION_KEY]: evil } },
  };
  deepEqual(headersFor(message, { revision: REVISION }), []);
  const answer: Message = { kind: "result", id: 1, result: {} };
  deepEqual(headersFor(answer, { revision: REVISION }), [["MCP-Protocol-Version", REVISION]]);
});

Deno.test("what headersFor() makes is sendable and agrees with the message, whatever it holds", () => {
  const inputSchema = schemaOf({
    text: { type: "string", "x-mcp-header": "Text" },
    number: { type: "integer", "x-mcp-header": "Number" },
    flag: { type: "boolean", "x-mcp-header": "Flag" },
    in: schemaOf({ side: { type: "string", "x-mcp-header": "Side" } }),
  });
  const text = fc.string({ unit: "binary" }).filter((one) => one.isWellFormed());
  const any = fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const args = fc.record(
    { text: any, number: any, flag: any, in: fc.record({ side: any }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(text, args, (name, args) => {
      const message = request("tools/call", { name, arguments: args as unknown as JsonObject });
      const pairs = headersFor(message, { inputSchema, revision: REVISION });
      const headers = new Headers(pairs.map(([name, value]): [string, string] => [name, value]));
      equal(headerDisagreement(message, headers, { inputSchema }), undefined);
      equal(headerDisagreement(message, pairs, { inputSchema }), undefined);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("headersFor() makes what the official client makes", async () => {
  let sent = new Headers();
  const transport = new StreamableHTTPClientTransport(new URL("http://127.0.0.1:9/mcp"), {
    fetch: (_url, init) => {
      sent = new Headers(init?.headers);
      return Promise.resolve(new Response(null, { status: 202 }));
    },
  });
  await transport.start();
  const names = [
    "it",
    "é",
    " x",
    "x\n",
    "",
    "=?base64?x?=",
    "=?base64?=",
    "a b",
    "a\tb",
    "\ud83d\ude00",
  ];
  for (const name of names) {
    for (
      const method of ["tools/call", "resources/read", "prompts/get", "tasks/get", "tools/list"]
    ) {
      const params = { name, uri: name, taskId: name, _meta: META };
      await transport.send({ jsonrpc: "2.0", id: 1, method, params }).catch(() => {});
      const ours = headersFor(request(method, params), { revision: REVISION });
      const theirs = ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"].flatMap((header) => {
        const value = sent.get(header);
        return value === null ? [] : [[header, value]];
      });
      deepEqual(ours, theirs, `${method} ${JSON.stringify(name)}`);
    }
  }
  await transport.close();
});
