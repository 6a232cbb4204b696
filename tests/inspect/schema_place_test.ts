import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonValue } from "../../src/base/json.ts";
import { stepsOf } from "../../src/inspect/pointers.ts";
import { placeInSchema } from "../../src/inspect/schema_place.ts";

function at(schema: JsonValue, pointer: string) {
  const place = placeInSchema(schema, { steps: stepsOf(pointer) });
  switch (place.found) {
    case "declared":
      return place.types === undefined ? "anything" : [...place.types].join();
    case "open":
      return "open";
    case "nothing":
      return `nothing, but ${place.known.join()}`;
  }
}

const EDITS: JsonValue = {
  type: "object",
  properties: {
    path: { type: "string" },
    count: { type: "integer" },
    edits: {
      type: "array",
      items: { type: "object", properties: { oldText: { type: "string" } } },
    },
    either: { anyOf: [{ type: "string" }, { type: "array", items: { type: "number" } }] },
    free: { type: "object" },
    closed: { type: "object", additionalProperties: false },
    pair: { type: "array", prefixItems: [{ type: "string" }, { type: "boolean" }] },
    any: {},
    tree: { $ref: "#/$defs/node" },
  },
  $defs: {
    node: {
      type: "object",
      properties: { label: { type: "string" }, child: { $ref: "#/$defs/node" } },
    },
  },
};

Deno.test("placeInSchema() finds what stands where a pointer leads", () => {
  assert.equal(at(EDITS, "/path"), "string");
  assert.equal(at(EDITS, "/count"), "integer");
  assert.equal(at(EDITS, "/edits/*/oldText"), "string");
  assert.equal(at(EDITS, "/edits/7/oldText"), "string");
  assert.equal(at(EDITS, "/either"), "string,array");
  assert.equal(at(EDITS, "/either/*"), "number");
  assert.equal(at(EDITS, "/pair/1"), "boolean");
  assert.equal(at(EDITS, "/pair/*"), "string,boolean");
  assert.equal(at(EDITS, "/any"), "anything");
  assert.equal(at(EDITS, "/tree/child/child/label"), "string");
  assert.equal(at({ additionalProperties: { type: "string" } }, "/whatever"), "string");
});

Deno.test("placeInSchema() calls open what the schema leaves to the caller", () => {
  assert.equal(at(EDITS, "/free/name"), "open");
  assert.equal(at(EDITS, "/any/name/*"), "open");
  assert.equal(at({ type: "object" }, "/name"), "open");
  assert.equal(at(true, "/name"), "open");
});

Deno.test("placeInSchema() names what stands beside a pointer that leads nowhere", () => {
  assert.match(at(EDITS, "/pth"), /^nothing, but \/path,\/count,/);
  assert.equal(at(EDITS, "/edits/*/newText"), "nothing, but /edits/*/oldText");
  assert.equal(at(EDITS, "/path/inner"), "nothing, but ");
  assert.equal(at(EDITS, "/closed/name"), "nothing, but ");
});

Deno.test("placeInSchema() ends on schemas that refer to themselves", () => {
  assert.equal(at({ $ref: "#" }, "/a"), "nothing, but ");
  const both: JsonValue = { allOf: [{ $ref: "#" }], properties: { a: { $ref: "#" } } };
  assert.equal(at(both, "/a/a/a/a"), "anything");
});

Deno.test("placeInSchema() never throws, whatever the server lists", () => {
  const keyword = fc.constantFrom(
    ...["type", "properties", "items", "prefixItems", "anyOf", "allOf", "$ref", "enum"],
    ...["additionalProperties", "patternProperties", "a", "b"],
  );
  const schema = fc.letrec<{ any: JsonValue }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("string", "object", "#", "#/properties/a", true, false, null, 3),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(keyword, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  const steps = fc.array(fc.constantFrom("a", "b", "*", "0", "1"), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(schema, steps, (schema, steps) => {
    placeInSchema(schema, { steps });
  }));
});
