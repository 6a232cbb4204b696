/**
 * Numbers kept as text, read as the doubles that most programs will see.
 * @module
 */

import { isObject, isRawNumber, type JsonValue } from "../base/json.ts";

/** The value with a double for every number kept as text; the same value where there is none. */
export function withDoubles(value: JsonValue): JsonValue {
  if (isRawNumber(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    const read = items.map(withDoubles);
    return read.every((item, index) => item === items[index]) ? value : read;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const members: [string, JsonValue][] = [];
  for (const [name, held] of Object.entries(value)) {
    const read = withDoubles(held);
    changed ||= read !== held;
    members.push([name, read]);
  }
  return changed ? Object.fromEntries(members) : value;
}
