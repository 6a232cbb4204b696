import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { compileSchema, type SchemaValidator } from "../../src/grammar/json_schema.ts";
import { simpleSchema } from "../../src/grammar/simple_schema.ts";

/** ajv overlooks a declared `__proto__`, which no call may have, and takes `""` for present always. */
const DECLARED = fc.constantFrom("a", "b", "A", "c/~", "toString");
const NAME = fc.oneof(DECLARED, fc.constantFrom("", "__proto__"));
const TYPE = fc.constantFrom(
  ..."string number integer boolean null object array".split(" "),
);
const PLAIN = { maxKeys: 3, noNullPrototype: true };
const SMALL = fc.integer({ min: 0, max: 3 });
const TEXT = fc.constantFrom("", "a", "ab", "😀b", "\ud83d", "abcd");
const NUMBER = fc.oneof(
  fc.constantFrom<JsonValue>(-1, -0, 0, 1, 1.5, 2 ** 53, raw("1.0"), raw("1e400"), raw("0.50")),
  SMALL,
);

function raw(text: string): JsonValue {
  return (JSON as unknown as { rawJSON(text: string): JsonValue }).rawJSON(text);
}

/** Values and schemas that meet often: few names, small bounds. */
const { value, schema } = fc.letrec<{ value: JsonValue; schema: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, false),
    NUMBER,
    TEXT,
    fc.array(tie("value"), { maxLength: 4 }),
    dictionary(tie("value"), 4),
  ),
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.boolean(),
    schemaOf(
      keyword("type", fc.oneof(TYPE, fc.uniqueArray(TYPE, { minLength: 1, maxLength: 3 }))),
      keyword("nullable", fc.boolean()),
      keyword("enum", fc.array(tie("value"), { maxLength: 3 })),
      keyword("const", tie("value")),
      keyword("minimum", NUMBER),
      keyword("maximum", SMALL),
      ...["exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"]
        .map((name) => keyword(name, SMALL)),
      ...["minProperties", "maxProperties"].map((name) => keyword(name, SMALL)),
      keyword("uniqueItems", fc.boolean()),
    ),
    schemaOf(
      keyword("type", TYPE),
      keyword("properties", fc.dictionary(DECLARED, tie("schema"), PLAIN)),
      keyword("required", fc.uniqueArray(DECLARED, { maxLength: 2 })),
      keyword("additionalProperties", tie("schema")),
      keyword("items", fc.oneof(tie("schema"), schemas(tie("schema")))),
      keyword("additionalItems", tie("schema")),
      keyword("prefixItems", schemas(tie("schema"))),
      keyword("$ref", fc.constantFrom("#", "#/properties/a", "#/$defs/a")),
      keyword("$defs", fc.record({ a: tie("schema") })),
      ...["anyOf", "oneOf", "allOf"].map((name) => keyword(name, schemas(tie("schema")))),
    ),
  ),
}));

function keyword(name: string, of: fc.Arbitrary<JsonValue>): fc.Arbitrary<[string, JsonValue]> {
  return fc.tuple(fc.constant(name), of);
}

/** Three keywords at most: with more of them hardly a value fits. */
function schemaOf(...keywords: readonly fc.Arbitrary<[string, JsonValue]>[]) {
  return fc.array(fc.oneof(...keywords), { maxLength: 3 }).map(Object.fromEntries<JsonValue>);
}

function schemas(of: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc.array(of, { minLength: 1, maxLength: 3 });
}

/** Objects as a parser makes them: every name is an own one. */
function dictionary(of: fc.Arbitrary<JsonValue>, maxLength: number): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(NAME, of), { maxLength }).map(Object.fromEntries);
}

Deno.test("simpleSchema() agrees with compileSchema() on what fits and on faults", () => {
  let fitting = 0;
  let failing = 0;
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 8, maxLength: 8 }), (schema, values) => {
      const [simple, compiled] = [simpleSchema(schema), compileSchema(schema)];
      assert.ok(simple !== undefined);
      if (!simple.ok || !compiled.ok) {
        assert.deepEqual(simple, compiled);
        return;
      }
      for (const value of values) {
        const wanted = outcome(compiled.value, value);
        // ajv tries every branch, even when one has told already
        if (wanted === "costly") continue;
        const isFitting = wanted === "fits";
        assert.equal(outcome(simple.value, value), wanted, JSON.stringify(value));
        if (isFitting) fitting++;
        else failing++;
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(fitting > 200 && failing > 200, `${fitting} fit, ${failing} do not`);
});

function outcome(validator: SchemaValidator, value: JsonValue): "fits" | "does not" | "costly" {
  const violation = validator.validate(value);
  if (violation === undefined) return "fits";
  return violation.detail.endsWith("within the limits") ? "costly" : "does not";
}

Deno.test("simpleSchema() tries no more branches of oneOf once two fit", () => {
  const schema: JsonValue = { oneOf: [true, {}, { $ref: "#" }] };
  for (const made of [simpleSchema(schema), compileSchema(schema)]) {
    assert.ok(made?.ok);
    assert.equal(outcome(made.value, null), "does not");
  }
});

/** Each breaks one keyword of {@linkcode MANY}. */
const BROKEN: readonly JsonObject[] = [
  { "a/b": 1 },
  {},
  { "a/b": "", extra: 1 },
  { "a/b": "", n: 2.5 },
  { "a/b": "", n: 4 },
  { "a/b": "", n: 2 ** 53 },
  { "a/b": "long" },
  { "a/b": "", list: [] },
  { "a/b": "", list: ["x", "x"] },
  { "a/b": "", list: ["x", "z"] },
  { "a/b": "", either: 1 },
  { "a/b": "", one: true },
  { "a/b": "", pair: [1, "x"] },
  { "a/b": "", N: 1 },
  { "a/b": "", open: { lIst: 1 } },
  { "a/b": "", map: { k: { k: [0] } } },
];

const MANY: JsonValue = {
  type: "object",
  required: ["a/b"],
  additionalProperties: false,
  properties: {
    "a/b": { type: "string", maxLength: 3 },
    n: { type: "integer", maximum: 3 },
    list: { type: "array", minItems: 1, uniqueItems: true, items: { enum: ["x", "y"] } },
    either: { anyOf: [{ type: "string" }, { type: "null" }] },
    one: { oneOf: [{ type: "string" }, { const: 1 }] },
    pair: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }] },
    open: { type: "object", properties: { list: {} } },
    map: { additionalProperties: { $ref: "#/$defs/map" } },
  },
  $defs: { map: { type: "object", additionalProperties: { type: "array", maxItems: 0 } } },
};

Deno.test("simpleSchema() says of each keyword what compileSchema() says", () => {
  const [simple, compiled] = [simpleSchema(MANY), compileSchema(MANY)];
  assert.ok(simple?.ok && compiled.ok);
  assert.equal(simple.value.validate({ "a/b": "x", pair: [1, 2, "z"], one: 1 }), undefined);
  for (const value of BROKEN) {
    const found = simple.value.validate(value);
    assert.ok(found !== undefined, JSON.stringify(value));
    assert.deepEqual(found, compiled.value.validate(value));
  }
  for (const name of ["list", "none"]) {
    assert.equal(simple.value.declares(name), compiled.value.declares(name));
  }
});

Deno.test("simpleSchema() leaves to the compiler what is not simple, and argument names alone", () => {
  for (const keyword of ["not", "if", "contains", "propertyNames", "unevaluatedProperties"]) {
    assert.equal(simpleSchema({ properties: { a: { [keyword]: {} } } }), undefined, keyword);
  }
  assert.equal(simpleSchema({ pattern: "^a$" }), undefined);
  assert.equal(simpleSchema({ patternProperties: { "^a$": {} } }), undefined);
  assert.equal(simpleSchema({ multipleOf: 2 }), undefined);
  assert.equal(simpleSchema({ dependentRequired: { a: ["b"] } }), undefined);
  assert.ok(simpleSchema({ properties: { pattern: {}, not: {}, if: { type: "string" } } })?.ok);
});

Deno.test("simpleSchema() tells what costs too much from what fits", () => {
  const branch = { anyOf: [{ $ref: "#" }, { $ref: "#" }] };
  const twice = { properties: { next: branch, end: { type: "string" } }, required: ["end"] };
  let value: JsonValue = { end: 1 };
  for (let level = 0; level < 100; level++) value = { next: value, end: "" };
  for (const [schema, given] of [[twice, value], [{ $ref: "#" }, {}]] as const) {
    const simple = simpleSchema(schema);
    assert.ok(simple?.ok);
    assert.match(`${simple.value.validate(given)?.detail}`, /within the limits$/);
  }
});
