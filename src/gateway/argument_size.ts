/**
 * The size of a call's arguments, measured as they are sent.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";

/**
 * Finds the limit that the arguments are over, if any.
 *
 * @param argumentsBytes the arguments as serialised; they are measured one by one only when all
 * together are larger than one may be.
 */
export function oversizedArguments(
  argumentsBytes: Uint8Array,
  { args, limits }: { readonly args: JsonObject; readonly limits: Limits },
): DenyReason | undefined {
  const { maxArgumentBytes, maxArgumentsTotalBytes } = limits;
  if (argumentsBytes.length > maxArgumentsTotalBytes) {
    return {
      code: "too_large",
      limit: "maxArgumentsTotalBytes",
      max: maxArgumentsTotalBytes,
      pointer: "/arguments",
    };
  }
  if (argumentsBytes.length <= maxArgumentBytes) return undefined;
  for (const [name, value] of Object.entries(args)) {
    if (byteLength(JSON.stringify(value)) > maxArgumentBytes) {
      const pointer = `/arguments/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      return { code: "too_large", limit: "maxArgumentBytes", max: maxArgumentBytes, pointer };
    }
  }
  return undefined;
}

/** UTF-8 length without a copy of the text. */
function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return bytes;
}
