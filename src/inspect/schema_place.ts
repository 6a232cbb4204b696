/**
 * What a tool's schema says of the place that a declared pointer names: for the operator, whose
 * pointer may be misspelt or of a kind that cannot stand there.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member, stringMember } from "../base/json.ts";
import { resolveReference } from "../grammar/schema_reference.ts";
import { type ArgumentPointer, pointerTo } from "./pointers.ts";

/** What stands at a place. */
export type SchemaPlace =
  /** Undefined types: whatever is sent. */
  | { readonly found: "declared"; readonly types: ReadonlySet<string> | undefined }
  /** The schema leaves it to the caller what stands there. */
  | { readonly found: "open" }
  /** Nothing; `known` are the pointers that lead somewhere from where the trail is lost. */
  | { readonly found: "nothing"; readonly known: readonly string[] };

const MAX_SCHEMAS = 2_000;

/** Follows a pointer, with `*` for every item and value, into a schema. */
export function placeInSchema(
  inputSchema: JsonValue,
  { steps }: Pick<ArgumentPointer, "steps">,
): SchemaPlace {
  let here = alternatives([inputSchema], inputSchema);
  let trail = "";
  for (const step of steps) {
    const below = here.flatMap((schema) => childrenAt(schema, step));
    if (below.length === 0) {
      if (here.some(isOpen)) return { found: "open" };
      const names = new Set(here.flatMap(namesIn));
      return { found: "nothing", known: [...names].map((name) => pointerTo(trail, name)) };
    }
    here = alternatives(below, inputSchema);
    trail = pointerTo(trail, step);
  }
  return { found: "declared", types: typesOf(here) };
}

const BRANCHES = ["allOf", "anyOf", "oneOf"];

/** The schemas, what they refer to and what they are made of; each once. */
function alternatives(schemas: readonly JsonValue[], root: JsonValue): readonly JsonValue[] {
  const found = new Set(schemas);
  for (const schema of found) {
    if (found.size > MAX_SCHEMAS) break;
    if (!isObject(schema)) continue;
    const reference = stringMember(schema, "$ref");
    const target = reference === undefined ? undefined : resolveReference(root, reference)?.target;
    if (target !== undefined) found.add(target);
    for (const keyword of BRANCHES) {
      for (const branch of listAt(schema, keyword)) found.add(branch);
    }
  }
  return [...found];
}

function childrenAt(schema: JsonValue, step: string): readonly JsonValue[] {
  if (!isObject(schema)) return [];
  const properties = member(schema, "properties");
  const own = isObject(properties) ? properties : {};
  const values = [
    ...Object.values(objectAt(schema, "patternProperties")),
    ...[member(schema, "additionalProperties")].filter(isObject),
  ];
  const items = [member(schema, "items")].filter(isObject);
  const firsts = listAt(schema, "prefixItems");
  if (step === "*") return [...Object.values(own), ...values, ...firsts, ...items];
  const named = member(own, step);
  if (named !== undefined) return [named];
  const index = /^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : undefined;
  const item = index === undefined ? [] : [firsts[index]].filter((first) => first !== undefined);
  return item.length > 0 ? item : index === undefined ? values : [...items, ...values];
}

/** True where the schema says nothing of what it holds: a misspelt name beside declared ones is none of that. */
function isOpen(schema: JsonValue): boolean {
  if (!isObject(schema)) return schema === true;
  const types = typesIn(schema);
  const holds = types === undefined || types.includes("object") || types.includes("array");
  const isMade = MADE.some((keyword) => member(schema, keyword) !== undefined);
  const more = member(schema, "additionalProperties");
  return holds && !isMade && (more === true || (more !== false && namesIn(schema).length === 0));
}

/** What is made of other schemas, or of values, is no more open than those are. */
const MADE = ["$ref", "const", "enum", ...BRANCHES];

function namesIn(schema: JsonValue): readonly string[] {
  return isObject(schema) ? Object.keys(objectAt(schema, "properties")) : [];
}

/** Undefined when one of them says nothing of types, and is not made of others. */
function typesOf(schemas: readonly JsonValue[]): ReadonlySet<string> | undefined {
  const types = new Set<string>();
  for (const schema of schemas) {
    if (!isObject(schema)) {
      if (schema === true) return undefined;
      continue;
    }
    const own = typesIn(schema);
    if (own !== undefined) { for (const type of own) types.add(type); }
    else if (!MADE.some((keyword) => member(schema, keyword) !== undefined)) return undefined;
  }
  return types.size === 0 ? undefined : types;
}

function typesIn(schema: JsonObject): readonly string[] | undefined {
  const type = member(schema, "type");
  if (type === undefined) return undefined;
  return [type].flat().filter((name) => typeof name === "string");
}

function objectAt(schema: JsonObject, keyword: string): JsonObject {
  const value = member(schema, keyword);
  return isObject(value) ? value : {};
}

function listAt(schema: JsonObject, keyword: string): readonly JsonValue[] {
  const value = member(schema, keyword);
  return Array.isArray(value) ? value : [];
}
