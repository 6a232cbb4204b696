import assert from "node:assert/strict";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { compileSchema } from "../../../src/grammar/json_schema.ts";
import { examineSchema } from "../../../src/inspect/arguments/schema.ts";

function ruleOf(schema: JsonValue, args: string): string | undefined {
  const validator = compileSchema(schema);
  assert.ok(validator.ok);
  const found = examineSchema(JSON.parse(args) as JsonObject, validator.value);
  return found === undefined ? undefined : `${found.rule} ${found.pointer}`;
}

const OPEN = { type: "object", properties: { name: { type: "string" } } };

Deno.test("examineSchema() refuses what does not fit and lets pass what does", () => {
  assert.equal(ruleOf(OPEN, `{"name": "constructor", "more": "__proto__"}`), undefined);
  assert.equal(ruleOf(OPEN, `{"name": {"$ne": null}}`), "schema-violation /name");
  assert.equal(ruleOf(OPEN, `{"name": "a", "Name": "b"}`), "schema-violation /Name");
});

Deno.test("examineSchema() refuses keys of prototypes at any depth unless the schema declares them", () => {
  const rule = "schema-prototype-key";
  assert.equal(ruleOf(OPEN, `{"__proto__": {"name": 1}}`), `${rule} /__proto__`);
  assert.equal(ruleOf(OPEN, `{"more": [{"constructor": 1}]}`), `${rule} /more/0/constructor`);
  assert.equal(ruleOf(OPEN, `{"prototype": 1}`), `${rule} /prototype`);
  const racing = { properties: { constructor: { type: "string" } } };
  assert.equal(ruleOf(racing, `{"constructor": "Lotus"}`), undefined);
  assert.equal(ruleOf(racing, `{"constructor": 1}`), "schema-violation /constructor");
  const odd = JSON.parse(`{"properties": {"__proto__": {}}}`) as JsonValue;
  assert.equal(ruleOf(odd, `{"__proto__": 1}`), `${rule} /__proto__`);
});
