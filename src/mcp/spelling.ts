/**
 * Member names that some JSON readers take for another.
 * @module
 */

import type { JsonObject } from "../base/json.ts";

/**
 * Finds an own member that is not `name` but that a reader which ignores case (Go's encoding/json
 * folds `ſ` to `s` and `K` to `k` as well) or a trailing NUL takes for it.
 */
export function lookalike(object: JsonObject, name: string): string | undefined {
  const wanted = fold(name);
  for (const key of Object.keys(object)) {
    if (key !== name && couldEqual(key, name) && fold(key) === wanted) return key;
  }
  return undefined;
}

/** Cheap: no fold of a protocol name changes its length, so only that or a NUL at the end can matter. */
function couldEqual(key: string, name: string): boolean {
  return key.length === name.length || key.endsWith("\0");
}

function fold(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end).toLowerCase().toUpperCase();
}
