import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { compileSchema, type SchemaValidator } from "../../src/grammar/json_schema.ts";
import { simpleSchema } from "../../src/grammar/simple_schema.ts";

const NAME = fc.constantFrom("a", "b", "A", "c/~", "", "toString", "__proto__");
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
    fc.record({
      type: fc.oneof(typeName(), fc.uniqueArray(typeName(), { minLength: 1, maxLength: 3 })),
      enum: fc.array(tie("value"), { maxLength: 3 }),
      const: tie("value"),
      minimum: NUMBER,
      maximum: SMALL,
      exclusiveMinimum: SMALL,
      exclusiveMaximum: SMALL,
      minLength: SMALL,
      maxLength: SMALL,
      uniqueItems: fc.boolean(),
    }, { requiredKeys: [] }),
    fc.record({
      type: fc.constantFrom("object", "array", ["object", "array"]),
      properties: dictionary(tie("schema"), 3),
      required: fc.uniqueArray(NAME, { maxLength: 2 }),
      additionalProperties: tie("schema"),
      items: fc.oneof(tie("schema"), fc.array(tie("schema"), { minLength: 1, maxLength: 2 })),
      additionalItems: tie("schema"),
      minItems: SMALL,
      maxItems: SMALL,
      minProperties: SMALL,
      maxProperties: SMALL,
      nullable: fc.boolean(),
    }, { requiredKeys: [] }),
    fc.record({
      $ref: fc.constantFrom("#", "#/properties/a", "#/$defs/a"),
      $defs: fc.record({ a: tie("schema") }),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
    }, { requiredKeys: [] }),
  ) as fc.Arbitrary<JsonValue>,
}));

function typeName() {
  return fc.constantFrom("string", "number", "integer", "boolean", "null", "object", "array");
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
        const isFitting = fits(simple.value, value);
        assert.equal(isFitting, fits(compiled.value, value), JSON.stringify(value));
        if (isFitting) fitting++;
        else failing++;
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(fitting > 200 && failing > 200, `${fitting} fit, ${failing} do not`);
});

function fits(validator: SchemaValidator, value: JsonValue): boolean {
  return validator.validate(value) === undefined;
}

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
