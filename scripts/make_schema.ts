/**
 * Writes `policies/schema.json`, `policies/cases.schema.json` and `policies/aegis.schema.json`, so that editors complete and check
 * what the reader reads, from the tables that the reader itself uses. What only the reader can see
 * (patterns, durations, rules as a whole) stays with it. With `--check` nothing is written.
 * @module
 */

import type { JsonObject, JsonValue } from "../src/base/json.ts";
import { AEGIS } from "../src/config/aegis_keys.ts";
import { CASES } from "../src/policy/case_keys.ts";
import { POLICY } from "../src/policy/keys.ts";
import type { Field, RecordShape, Shape } from "../src/yaml/shape.ts";

const FOLDER = new URL("../policies/", import.meta.url);

/** File names and what stands in them. */
export function schemas(): ReadonlyMap<string, string> {
  const policy = jsonSchema(POLICY, { id: "mcp-aegis/policy.json", title: "MCP-Aegis policy" });
  const cases = jsonSchema(CASES, {
    id: "mcp-aegis/cases.json",
    title: "MCP-Aegis decision table",
  });
  const aegis = jsonSchema(AEGIS, { id: "mcp-aegis/aegis.json", title: "MCP-Aegis configuration" });
  return new Map([
    ["schema.json", JSON.stringify(policy, null, 2) + "\n"],
    ["aegis.schema.json", JSON.stringify(aegis, null, 2) + "\n"],
    ["cases.schema.json", JSON.stringify(cases, null, 2) + "\n"],
  ]);
}

/** Options of {@linkcode jsonSchema}. */
export interface JsonSchemaOptions {
  readonly id: string;
  readonly title: string;
}

/** A JSON Schema (2020-12) for a file of this shape. */
export function jsonSchema(shape: RecordShape, { id, title }: JsonSchemaOptions): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: id,
    title,
    ...schemaOf(shape),
  };
}

function schemaOf(shape: Shape): JsonObject {
  switch (shape.type) {
    case "text":
      return { type: "string" };
    case "choice":
      return { enum: shape.choices };
    case "count":
      return { type: "integer", minimum: shape.min, maximum: shape.max };
    case "written":
      return { const: shape.value };
    case "list": {
      const list: JsonObject = { type: "array", items: schemaOf(shape.of) };
      return shape.unique === true ? { ...list, uniqueItems: true } : list;
    }
    case "names":
      return { type: "object", additionalProperties: schemaOf(shape.of) };
    case "record":
      return recordSchema(shape);
    case "either":
      return eitherSchema(shape.of.filter(({ type }) => type !== "refused"));
    case "scalar":
      return { type: shape.sorts };
    case "refused":
      return { not: {} };
    case "flag":
      return { type: "boolean" };
    case "any":
      return {};
  }
}

function eitherSchema(shapes: readonly Shape[]): JsonObject {
  const [only, ...more] = shapes;
  return only !== undefined && more.length === 0 ? schemaOf(only) : { anyOf: shapes.map(schemaOf) };
}

function recordSchema({ keys }: RecordShape): JsonObject {
  const fields = Object.entries(keys);
  const required = fields.flatMap(([key, field]) => field.required === true ? [key] : []);
  const properties: Record<string, JsonValue> = {};
  for (const [key, field] of fields) properties[key] = fieldSchema(field);
  const record: JsonObject = { type: "object", additionalProperties: false, properties };
  return required.length === 0 ? record : { ...record, required };
}

function fieldSchema({ brief, shape }: Field): JsonObject {
  return { description: brief, ...schemaOf(shape) };
}

if (import.meta.main) {
  for (const [name, text] of schemas()) {
    const file = new URL(name, FOLDER);
    const before = await Deno.readTextFile(file).catch(() => "");
    if (before === text) continue;
    if (Deno.args.includes("--check")) {
      console.error(`policies/${name} is out of date: run deno run -A scripts/make_schema.ts`);
      Deno.exitCode = 1;
    } else {
      await Deno.writeTextFile(file, text);
      console.log(`policies/${name} written`);
    }
  }
}
