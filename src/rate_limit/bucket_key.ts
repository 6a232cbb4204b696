/**
 * The names of buckets.
 * @module
 */

import type { Principal } from "../access/principal.ts";

/**
 * Names the bucket of a principal. Made from what was proved, and written as JSON, so that no
 * principal's name can be spelt into another's bucket.
 */
export function bucketKey(
  purpose: "attempts" | "tool-calls" | "rule",
  { kind, id }: Principal,
  bucket = "",
): string {
  return JSON.stringify([purpose, kind, id, bucket]);
}
