/**
 * One text for every JSON value, whatever the order of its members.
 * @module
 */

import { isObject, type JsonValue } from "./json.ts";

/**
 * Writes a value without white space and with the members of every object in the order of their
 * UTF-16 units (as RFC 8785 does). Numbers kept as text keep their digits.
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    return `[${items.map(canonicalJson).join(",")}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const held = value[name];
    if (held !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(held)}`);
  }
  return `{${members.join(",")}}`;
}
