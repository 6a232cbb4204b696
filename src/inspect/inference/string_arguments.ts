/**
 * The places of a tool's arguments that may hold strings, as its schema declares them.
 * @module
 */

import {
  isObject,
  type JsonObject,
  type JsonValue,
  member,
  stringMember,
} from "../../base/json.ts";
import { resolveReference } from "../../grammar/schema_reference.ts";
import { pointerTo } from "../pointers.ts";
import type { ArgumentFacts } from "./facts.ts";
import { wordsOf, wordsOfName } from "./words.ts";

const MAX_DEPTH = 12; // levels of properties, items and branches
const MAX_SCHEMAS = 2_000;

/** A schema on the way, its references followed, and where it stands. */
export interface SchemaAt {
  readonly schema: JsonObject;
  readonly at: Place;
}

/** Where the walk stands. */
interface Place {
  readonly pointer: string;
  readonly depth: number;
  /** The name and description that hold where a schema has none of its own. */
  readonly name: string;
  readonly description: string;
  readonly within: string;
  readonly item: boolean;
}

/** Gives the pointer, with `*` for items and values, and the facts of every place that may hold a string. */
export function* stringArguments(
  inputSchema: JsonValue,
): Iterable<readonly [string, ArgumentFacts]> {
  for (const { schema, at } of schemasOf(inputSchema)) {
    if (at.pointer !== "" && mayBeString(schema)) yield [at.pointer, factsOf(schema, at)];
  }
}

/** Gives every schema of an argument, or of a part of one. */
export function* schemasOf(inputSchema: JsonValue): Iterable<SchemaAt> {
  const start = { pointer: "", depth: 0, name: "", description: "", within: "", item: false };
  const open = [{ schema: inputSchema, at: start }];
  for (const [index, next] of open.entries()) { // level by level, so that no loop starves the rest
    if (index >= MAX_SCHEMAS) return;
    const schema = followed(next.schema, inputSchema);
    if (!isObject(schema) || next.at.depth > MAX_DEPTH) continue;
    const description = stringMember(schema, "description") ?? next.at.description;
    const at = { ...next.at, description, depth: next.at.depth + 1 };
    yield { schema, at };
    open.push(...below(schema, at));
  }
}

function followed(schema: JsonValue, root: JsonValue): JsonValue {
  const reference = isObject(schema) ? stringMember(schema, "$ref") : undefined;
  return reference === undefined ? schema : resolveReference(root, reference)?.target ?? schema;
}

/** A schema without a type of its own may be a string unless it is made of other schemas. */
function mayBeString(schema: JsonObject): boolean {
  const type = member(schema, "type");
  if (type !== undefined) return Array.isArray(type) ? type.includes("string") : type === "string";
  const values = member(schema, "enum");
  if (Array.isArray(values)) return values.some((value) => typeof value === "string");
  return !PARTS.some((keyword) => member(schema, keyword) !== undefined);
}

const BRANCHES = ["allOf", "anyOf", "oneOf"];
const PARTS = [...BRANCHES, "const", "properties", "items", "additionalProperties"];

function factsOf(schema: JsonObject, at: Place): ArgumentFacts {
  return {
    name: wordsOfName(at.name),
    description: wordsOf(at.description),
    within: wordsOfName(at.within),
    format: stringMember(schema, "format") ?? "",
    listed: member(schema, "enum") !== undefined || member(schema, "const") !== undefined,
    item: at.item,
  };
}

function below(
  schema: JsonObject,
  at: Place,
): { readonly schema: JsonValue; readonly at: Place }[] {
  const found: { readonly schema: JsonValue; readonly at: Place }[] = [];
  const properties = member(schema, "properties");
  for (const [name, inner] of isObject(properties) ? Object.entries(properties) : []) {
    const pointer = pointerTo(at.pointer, name);
    const place = { pointer, depth: at.depth, name, description: "", within: at.name, item: false };
    found.push({ schema: inner, at: place });
  }
  const every = pointerTo(at.pointer, "*");
  const items = member(schema, "items");
  if (isObject(items)) found.push({ schema: items, at: { ...at, pointer: every, item: true } });
  const values = member(schema, "additionalProperties");
  if (isObject(values)) found.push({ schema: values, at: { ...at, pointer: every, item: false } });
  for (const keyword of BRANCHES) {
    const branches = member(schema, keyword);
    for (const branch of Array.isArray(branches) ? branches : []) {
      found.push({ schema: branch, at });
    }
  }
  return found;
}
