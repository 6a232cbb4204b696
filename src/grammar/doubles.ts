/**
 * Numbers kept as text, read as the doubles that most programs will see.
 * @module
 */

import { isObject, isRawNumber, type JsonObject, type JsonValue } from "../base/json.ts";

/** The value with a double for every number kept as text; the same value where there is none. */
export function withDoubles(value: JsonValue): JsonValue {
  return holdsRawNumber(value) ? read(value) : value;
}

function holdsRawNumber(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsRawNumber);
  if (isRawNumber(value)) return true;
  const object = value as JsonObject;
  for (const name of Object.keys(object)) if (holdsRawNumber(object[name] ?? null)) return true;
  return false;
}

function read(value: JsonValue): JsonValue {
  if (isRawNumber(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(read);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, read(held)]));
}
