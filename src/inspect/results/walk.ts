/**
 * Every text of a result, wherever it stands.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../../base/json.ts";

/** Where a text stands. */
export type TextPlace =
  /** A string. */
  | "value"
  /** The name of a member of free data. */
  | "key"
  /** The URI of a resource, a link or an icon. */
  | "uri";

/** Looks at a text and gives what shall stand there. */
export type TextVisitor = (text: string, place: TextPlace) => string;

/** Members of the protocol that are no text: words of a fixed set, bytes in Base64, handles of the server's own. */
const NO_TEXT: ReadonlySet<string> = new Set([
  ...["type", "role", "mimeType", "blob", "nextCursor", "requestState", "resultType", "taskId"],
  ...["progressToken", "lastModified", "$schema"],
]);
/** Members whose value is free data, in which no name means anything to the protocol. */
const FREE: ReadonlySet<string> = new Set([
  ...["structuredContent", "inputSchema", "outputSchema", "_meta", "arguments", "input"],
]);
const URIS: ReadonlySet<string> = new Set(["uri", "uriTemplate", "src", "websiteUrl"]);
/** Content whose `data` is bytes in Base64. */
const BINARY: ReadonlySet<JsonValue | undefined> = new Set(["image", "audio"]);

/**
 * Visits every text of a `tools/call`, `resources/read`, `prompts/get` or list result.
 *
 * Gives the same object when the visitor changed nothing, else a copy with the changes; the result
 * itself is never changed. Numbers, booleans and Base64 pass by. Recursive: the depth is the frame's,
 * which the reader of frames bounds.
 */
export function mapTexts(result: JsonObject, visit: TextVisitor): JsonObject {
  return mapProtocol(result, visit);
}

function mapProtocol(object: JsonObject, visit: TextVisitor): JsonObject {
  let copy: Record<string, JsonValue> | undefined; // most results need none
  for (const name of Object.keys(object)) {
    const value = object[name] ?? null; // its own: the name is one of its keys
    const mapped = mapMember({ object, name, value }, visit);
    if (mapped === value) continue;
    copy ??= { ...object };
    copy[name] = mapped;
  }
  return copy ?? object;
}

interface Member {
  readonly object: JsonObject;
  readonly name: string;
  readonly value: JsonValue;
}

function mapMember({ object, name, value }: Member, visit: TextVisitor): JsonValue {
  if (FREE.has(name)) return mapFree(value, visit);
  if (typeof value === "string") {
    if (NO_TEXT.has(name) || name === "data" && BINARY.has(member(object, "type"))) return value;
    return visit(value, URIS.has(name) ? "uri" : "value");
  }
  if (Array.isArray(value)) {
    return mapItems(value, (item) => mapMember({ object, name, value: item }, visit));
  }
  return isObject(value) ? mapProtocol(value, visit) : value;
}

/** Free data: names are texts too. */
function mapFree(value: JsonValue, visit: TextVisitor): JsonValue {
  if (typeof value === "string") return visit(value, "value");
  if (Array.isArray(value)) return mapItems(value, (item) => mapFree(item, visit));
  if (!isObject(value)) return value;
  let members: (readonly [string, JsonValue])[] | undefined; // only where something changes
  const names = Object.keys(value);
  for (const [place, name] of names.entries()) {
    const inner = value[name] ?? null;
    const [mappedName, mapped] = [visit(name, "key"), mapFree(inner, visit)];
    if (mappedName === name && mapped === inner && members === undefined) continue;
    members ??= names.slice(0, place).map((before) => [before, value[before] ?? null] as const);
    members.push([mappedName, mapped]);
  }
  return members === undefined ? value : withFreeNames(members);
}

/** Two names that became one would lose a value. */
function withFreeNames(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  const taken = new Set<string>();
  return Object.fromEntries(members.map(([name, value]) => {
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name} (${count})`;
    taken.add(free);
    return [free, value];
  }));
}

function mapItems(
  items: readonly JsonValue[],
  map: (item: JsonValue) => JsonValue,
): readonly JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (let place = 0; place < items.length; place++) {
    const item = items[place] ?? null;
    const mapped = map(item);
    if (mapped === item) continue;
    copy ??= [...items];
    copy[place] = mapped;
  }
  return copy ?? items;
}
