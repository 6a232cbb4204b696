import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { compileSchema, type SchemaValidator } from "../../src/grammar/json_schema.ts";

function compiled(schema: JsonValue): SchemaValidator {
  const result = compileSchema(schema);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function violated(schema: JsonValue, value: JsonValue): string | undefined {
  const found = compiled(schema).validate(value);
  return found === undefined ? undefined : `${found.pointer} ${found.detail}`;
}

function faultOf(schema: JsonValue): string {
  const result = compileSchema(schema);
  assert.ok(!result.ok, JSON.stringify(schema).slice(0, 200));
  return `${result.error.code} ${result.error.pointer}`;
}

function raw(text: string): JsonValue {
  return (JSON as unknown as { rawJSON(text: string): JsonValue }).rawJSON(text);
}

const object = (properties: JsonValue, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  ...more,
});

Deno.test("compileSchema() validates both dialects and names the first argument that does not fit", () => {
  const strict = object({ path: { type: "string" }, depth: { type: "integer", maximum: 3 } }, {
    required: ["path"],
    additionalProperties: false,
  });
  assert.equal(violated(strict, { path: "a" }), undefined);
  assert.equal(violated(strict, { path: ["a"] }), "/path must be of type string");
  assert.equal(violated(strict, {}), "/path is missing");
  assert.equal(violated(strict, { path: "a", x: 1 }), "/x is none that the tool takes");
  assert.equal(violated(strict, { path: "a", depth: 4 }), "/depth must be <= 3");
  const draft7 = {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...object({ pair: { items: [{ type: "string" }, { type: "null" }], additionalItems: false } }),
    dependencies: { pair: ["why"] },
  };
  assert.equal(violated(draft7, { pair: ["a", null], why: "" }), undefined);
  assert.equal(violated(draft7, { pair: ["a", null] }), "/why is missing");
  assert.match(`${violated(draft7, { pair: ["a", null, 1], why: "" })}`, /^\/pair /);
});

Deno.test("compileSchema() reads numbers kept as text as numbers, and no unsafe integer as an integer", () => {
  const schema = object({
    n: { type: "integer" },
    x: { type: ["number", "null"], enum: [1.5, null] },
  });
  assert.equal(violated(schema, { n: raw("1.0"), x: raw("1.50") }), undefined);
  assert.equal(violated(schema, { n: 2 ** 53 - 1 }), undefined);
  for (const n of [raw("9007199254740993"), 2 ** 53, -(2 ** 60), raw("12345678901234567890")]) {
    assert.equal(violated(schema, { n }), "/n must be an integer within ±(2^53 − 1)");
  }
  assert.equal(
    violated(object({ n: { type: "object" } }), { n: raw("1.0") }),
    "/n must be of type object",
  );
});

Deno.test("compileSchema() does not take inherited members for arguments", () => {
  const schema = object({ valueOf: { type: "string" } }, { required: ["toString"] });
  assert.equal(violated(schema, {}), "/toString is missing");
  assert.equal(violated(schema, { toString: "a" }), undefined);
});

Deno.test("compileSchema() refuses look-alikes of a declared property even where others may be added", () => {
  const schema = object({ path: {}, file_id: {} }, { additionalProperties: true });
  for (
    const twin of ["PATH", "pаth", "pa\u200bth", "path\0", "раth", "ｐａｔｈ", "fiIe_id", " path"]
  ) {
    assert.match(
      `${violated(schema, { [twin]: 1 })}`,
      /is a look-alike of "(path|file_id)"$/,
      twin,
    );
  }
  for (const other of ["paths", "patch", "file", "Pfad", "путь", "path2"]) {
    assert.equal(violated(schema, { path: 1, [other]: 1 }), undefined, other);
  }
});

Deno.test("compileSchema() does not look for look-alikes where a value may fail and be right", () => {
  const schema = object({}, { not: object({ a: { const: 1 } }, { required: ["A"] }) });
  assert.match(`${violated(schema, { A: 1 })}`, /does not fit/);
});

Deno.test("compileSchema() gives a fault for a schema that nobody can judge", () => {
  const cases: readonly (readonly [JsonValue, string])[] = [
    ["text", "malformed "],
    [{ $schema: "https://example.com/mine" }, "unsupported /$schema"],
    [{ type: "nope" }, "unsupported /type"],
    [{ type: [] }, "unsupported /type"],
    [object({ a: { $ref: "https://example.com/s.json" } }), "unsupported /properties/a/$ref"],
    [object({ a: { $ref: "#/$defs/none" } }), "unsupported /properties/a/$ref"],
    [object({ a: { $ref: "#anchor" } }), "unsupported /properties/a/$ref"],
    [object({ a: { $id: "b", $ref: "#" } }), "unsupported /properties/a/$ref"],
    [{ $dynamicRef: "#a" }, "unsupported /$dynamicRef"],
    [object({ "a/b": { pattern: "(a)\\1" } }), "unsupported /properties/a~1b/pattern"],
    [{ patternProperties: { "(?<!a)b": {} } }, "unsupported /patternProperties/(?<!a)b"],
    [{ allOf: {} }, "malformed /allOf"],
    [{ properties: [] }, "malformed /properties"],
    [{ required: [1] }, "malformed /required"],
    [{ minLength: -1 }, "malformed /minLength"],
  ];
  for (const [schema, fault] of cases) assert.equal(faultOf(schema), fault);
});

Deno.test("compileSchema() gives a fault for a schema beyond its caps", () => {
  let deep: JsonValue = {};
  for (let level = 0; level < 100; level++) deep = { allOf: [deep] };
  assert.match(faultOf(deep), /^too_large /);
  const wide = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`p${i}`, {}]));
  assert.match(faultOf(object(wide)), /^too_large /);
  assert.match(faultOf({ const: deep }), /^too_large /);
  assert.match(faultOf({ enum: Array.from({ length: 50_001 }, (_, i) => i) }), /^too_large /);
  const patterns = Array.from({ length: 50 }, (_, i) => ({ pattern: `^${i}[a-z]{1,900}$` }));
  assert.match(faultOf({ allOf: patterns }), /^too_large /);
});

Deno.test("compileSchema() follows references that recurse, as deep as the value goes", () => {
  const tree = object({ left: { $ref: "#" }, name: { $ref: "#/components/a~1b" } }, {
    additionalProperties: false,
    components: { "a/b": { type: "string" } },
  });
  assert.equal(violated(tree, { left: { left: { name: "x" } } }), undefined);
  assert.equal(
    violated(tree, { left: { left: { name: 1 } } }),
    "/left/left/name must be of type string",
  );
  assert.equal(violated(tree, { left: { wrong: 1 } }), "/left/wrong is none that the tool takes");
});

Deno.test("compileSchema() tells what costs too much from what fits", () => {
  const unbounded = /within the limits$/;
  assert.match(`${violated({ $ref: "#" }, {})}`, unbounded);
  const branch = { anyOf: [{ $ref: "#" }, { $ref: "#" }] };
  const twice = object({ next: branch, end: { type: "string" } }, { required: ["end"] });
  let value: JsonValue = { end: 1 };
  for (let level = 0; level < 100; level++) value = { next: value, end: "" };
  assert.match(`${violated(twice, value)}`, unbounded);
  assert.equal(violated(twice, { next: { next: { end: "" }, end: "" }, end: "" }), undefined);
});

Deno.test("compileSchema() validates long values within its budget", () => {
  const words = Array.from({ length: 20_000 }, (_, i) => `word ${i}`);
  const schema = object({
    list: { type: "array", uniqueItems: true, items: { enum: words } },
    text: { type: "string", pattern: "^(a+)+$" },
  });
  assert.equal(violated(schema, { list: words, text: "a".repeat(100_000) }), undefined);
  assert.match(`${violated(schema, { list: [...words, words[0] ?? ""] })}`, /^\/list /);
  assert.match(`${violated(schema, { text: `${"a".repeat(100_000)}!` })}`, /^\/text /);
});

Deno.test("compileSchema() keeps patterns of one schema apart", () => {
  const schema = object({ a: { pattern: "^a$" }, b: { pattern: "^b$" } });
  assert.equal(violated(schema, { a: "a", b: "b" }), undefined);
  assert.equal(violated(schema, { a: "a", b: "a" }), "/b does not match the tool's pattern");
});

Deno.test("compileSchema() compiles a schema once", () => {
  const schema = object({ a: {} });
  assert.equal(compileSchema(schema), compileSchema(schema));
});

Deno.test("compileSchema() and validate() throw nothing, whatever they are given", () => {
  const keyword = fc.constantFrom(
    ..."type enum const $ref $id $defs properties items prefixItems required not if then anyOf"
      .split(" "),
    ..."allOf oneOf pattern patternProperties minimum maxLength uniqueItems contains __proto__"
      .split(" "),
    ..."dependencies additionalProperties unevaluatedProperties propertyNames constructor".split(
      " ",
    ),
  );
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<JsonValue>(
        "string",
        "object",
        "#",
        "#/$defs/a",
        "^a",
        "(",
        -1,
        2,
        null,
        true,
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keyword, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, value, (schema, data) => {
      const result = compileSchema(schema);
      if (result.ok) result.value.validate(data);
    }),
    { numRuns: 500 },
  );
});
