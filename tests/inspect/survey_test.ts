import assert from "node:assert/strict";
import fc from "fast-check";
import type { ArgumentKind } from "../../src/access/inspection.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { Detectors } from "../../src/inspect/detectors.ts";
import { stepsOf } from "../../src/inspect/pointers.ts";
import { placeInSchema } from "../../src/inspect/schema_place.ts";
import { type KnownKind, surveyArgument, surveyTool } from "../../src/inspect/survey.ts";
import { makeToolPlan } from "../../src/inspect/tool_plan.ts";
import { DEFAULT_URLS } from "../../src/policy/inspection.ts";

const TEXT: ArgumentKind = { kind: "text" };

function tool(properties: JsonObject) {
  const inputSchema: JsonValue = { type: "object", properties };
  return { name: "keep_note", description: "Keeps a note", inputSchema };
}

async function survey(properties: JsonObject, declared: Record<string, ArgumentKind> = {}) {
  const { arguments: found } = await surveyTool({
    listing: tool(properties),
    declared: new Map(Object.entries(declared)),
    dialect: "sqlite",
  });
  return Object.fromEntries(found.map(({ pointer, known }) => [pointer, inWords(known)]));
}

function inWords(known: KnownKind): string {
  switch (known.by) {
    case "declaration":
      return `${known.kind.kind} by ${known.pointer}`;
    case "inference":
      return `${known.kind.kind} guessed`;
    case "nobody":
      return "open";
  }
}

const string = { type: "string" };

Deno.test("surveyTool() tells declared, guessed and open arguments apart", async () => {
  const found = await survey(
    { body: string, path: string, zone: string, count: { type: "integer" } },
    { "/body": TEXT },
  );
  assert.deepEqual(found, { "/body": "text by /body", "/path": "path guessed", "/zone": "open" });
});

Deno.test("surveyTool() goes by the closest declaration, as calls are judged", async () => {
  const list = { type: "array", items: { type: "object", properties: { a: string, b: string } } };
  assert.deepEqual(
    await survey({ list }, { "/list": { kind: "opaque" }, "/list/*/b": TEXT }),
    { "/list/*/a": "opaque by /list", "/list/*/b": "text by /list/*/b" },
  );
});

Deno.test("surveyTool() shows what a schema leaves open, and who has declared it", async () => {
  const free = { data: { type: "object" }, bag: { type: "array" }, none: NOTHING };
  assert.deepEqual(await survey(free), { "/data/*": "open", "/bag/*": "open" });
  assert.deepEqual(await survey(free, { "/data/title": TEXT, "/bag": TEXT }), {
    "/data/*": "open",
    "/bag/*": "text by /bag",
    "/data/title": "text by /data/title",
  });
});

const NOTHING = { type: "object", additionalProperties: false };

Deno.test("surveyTool() leaves out what is declared and cannot be sent", async () => {
  assert.deepEqual(await survey({ a: string }, { "/b": TEXT }), { "/a": "open" });
});

Deno.test("surveyTool() says where a schema cannot be used", async () => {
  const state = async (inputSchema: JsonValue | undefined) => {
    const listing = { name: "t", description: undefined, inputSchema };
    const { schema } = await surveyTool({ listing, declared: undefined, dialect: "sqlite" });
    return schema.state === "unusable" ? schema.fault.pointer : schema.state;
  };
  assert.equal(await state(undefined), "none");
  assert.equal(await state({ type: "object" }), "sound");
  assert.equal(
    await state({ type: "object", properties: { x: { $ref: "https://a.example/" } } }),
    "/properties/x/$ref",
  );
});

Deno.test("surveyTool() guesses SQL in the dialect of the policy", async () => {
  const listing = { ...tool({ sql: string }), name: "run_sql" };
  const { arguments: [only] } = await surveyTool({
    listing,
    declared: undefined,
    dialect: "mysql",
  });
  assert.ok(only?.known.by === "inference" && only.known.kind.kind === "sql");
  assert.equal(only.known.kind.dialect, "mysql");
});

const schemas = fc.letrec<{ any: JsonValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<JsonValue[]>({ type: "string" }, { type: "integer" }, {}, { type: "object" }),
    fc.record({ type: fc.constant("array"), items: tie("any") }),
    fc.record({ anyOf: fc.array(tie("any"), { minLength: 1, maxLength: 2 }) }),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(fc.constantFrom("path", "a", "b/c", "~"), tie("any")),
    }),
  ),
}));
const properties = fc.dictionary(fc.constantFrom("path", "url", "x", "data"), schemas.any);
const declarations = fc.array(fc.constantFrom("/path", "/x", "/x/*", "/x/a", "/data/*/path"));

Deno.test("surveyTool() lists places that the schema has, and knows of each what the plan knows", async () => {
  const detectors = new Detectors({
    level: "standard",
    paths: undefined,
    commands: new Map(),
    urls: DEFAULT_URLS,
    dialect: "sqlite",
    results: { hidden: "off", secrets: "off", injection: "off" },
    maxScan: 1000,
  });
  await fc.assert(
    fc.asyncProperty(properties, declarations, async (properties, pointers) => {
      const listing = tool(properties);
      const declared = new Map(pointers.map((pointer) => [pointer, TEXT]));
      const sources = { listing, declared, dialect: "sqlite" } as const;
      const plan = await makeToolPlan({ listing, declared, detectors });
      for (const { pointer, known } of (await surveyTool(sources)).arguments) {
        const steps = stepsOf(pointer);
        assert.notEqual(placeInSchema(listing.inputSchema, { steps }).found, "nothing", pointer);
        const planned = plan.arguments.covering(steps)?.declared;
        assert.deepEqual(known.by === "nobody" ? undefined : known.kind, planned?.kind);
        assert.deepEqual(await surveyArgument(sources, pointer), known);
      }
    }),
    { numRuns: 50 },
  );
});
