import assert from "node:assert/strict";
import { jsonSchema, schemas } from "../../scripts/make_schema.ts";
import { CASES } from "../../src/policy/case_keys.ts";
import { POLICY } from "../../src/policy/keys.ts";

const FOLDER = new URL("../../policies/", import.meta.url);

Deno.test("policies/*.json for editors are what scripts/make_schema.ts writes", async () => {
  for (const [name, text] of schemas()) {
    assert.equal(
      await Deno.readTextFile(new URL(name, FOLDER)),
      text,
      `run scripts/make_schema.ts`,
    );
  }
});

Deno.test("jsonSchema() describes every key", () => {
  const schema = jsonSchema(POLICY, { id: "x", title: "y" });
  const text = JSON.stringify(schema);
  assert.deepEqual(Object.keys(schema.properties ?? {}), Object.keys(POLICY.keys));
  assert.deepEqual(schema.required, ["version"]);
  for (const key of ["when", "redact", "arguments", "inspect", "from"]) {
    assert.ok(text.includes(`"${key}":{`), key);
  }
  assert.ok(text.includes('"enum":["read","write","delete","execute"]'));
  assert.deepEqual(jsonSchema(CASES, { id: "x", title: "y" }).required, ["policy", "cases"]);
});
