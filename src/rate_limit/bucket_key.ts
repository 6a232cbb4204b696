/**
 * The names of buckets.
 * @module
 */

import type { Principal } from "../access/principal.ts";

/** Keys made before, by principal: every call needs two, and writing JSON costs more than drawing. */
const made = new WeakMap<Principal, Map<string, string>>();

/**
 * Names the bucket of a principal. Made from what was proved, and written as JSON, so that no
 * principal's name can be spelt into another's bucket.
 */
export function bucketKey(
  purpose: "attempts" | "tool-calls" | "rule",
  principal: Principal,
  bucket = "",
): string {
  let keys = made.get(principal);
  if (keys === undefined) made.set(principal, keys = new Map());
  const name = bucket === "" ? purpose : `${purpose} ${bucket}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = JSON.stringify([purpose, principal.kind, principal.id, bucket]);
    keys.set(name, key);
  }
  return key;
}
