/**
 * How large a result is.
 * @module
 */

import { isObject, isRawNumber, type JsonValue } from "../../base/json.ts";

/** Whether a value takes more than so many bytes as JSON in UTF-8. Stops as soon as it knows. */
export function exceedsBytes(value: JsonValue, maxBytes: number): boolean {
  return rest(value, maxBytes) < 0;
}

/** How many bytes are left, or less than 0. Escapes count as what they stand for. */
function rest(value: JsonValue, left: number): number {
  if (left < 0) return left;
  if (typeof value === "string") return left - bytesOf(value) - 2;
  if (isRawNumber(value)) return left - value.rawJSON.length;
  if (Array.isArray(value)) {
    return value.reduce<number>((after, item) => rest(item, after - 1), left - 1);
  }
  if (isObject(value)) {
    let after = left - 1;
    for (const [name, inner] of Object.entries(value)) {
      after = rest(inner, after - bytesOf(name) - 4);
    }
    return after;
  }
  return left - String(value).length;
}

/** The length in UTF-8. */
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a pair is two of the four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
