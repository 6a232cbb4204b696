import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
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

Deno.test("aegis.schema.json takes the example, and no secret in it", async () => {
  const schema = JSON.parse(await Deno.readTextFile(new URL("aegis.schema.json", FOLDER)));
  const fits = new Ajv2020({ strict: false }).compile(schema);
  const example = load(await Deno.readTextFile(new URL("aegis.yaml", FOLDER)));
  assert.ok(fits(example), JSON.stringify(fits.errors));
  const upstream = { name: "a", url: "https://a.example/mcp", policy: "p.yaml" };
  for (
    const [more, isFit] of [
      [{ headers: { "X-Key": { env: "KEY" } }, token: { file: "token" } }, true],
      [{ headers: { "X-Key": "s3cret" } }, false],
      [{ token: 5 }, false],
      [{ polcy: "p.yaml" }, false],
    ] as const
  ) {
    const file = { upstreams: [{ ...upstream, ...more }] };
    assert.equal(fits(file), isFit, JSON.stringify(file));
  }
});
