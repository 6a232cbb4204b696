/**
 * References inside a JSON Schema.
 * @module
 */

import { isObject, type JsonValue, member } from "../base/json.ts";

/**
 * Finds what a `$ref` points to: `#`, `#/…`, or either behind the schema's own `$id`. Gives the
 * pointer without escapes of URIs; undefined for anything else, remote references and anchors
 * included, and for what is not there.
 */
export function resolveReference(
  root: JsonValue,
  reference: string,
): { readonly pointer: string; readonly target: JsonValue } | undefined {
  const hash = reference.indexOf("#");
  const base = hash < 0 ? reference : reference.slice(0, hash);
  const id = isObject(root) ? member(root, "$id") : undefined;
  if (base !== "" && (typeof id !== "string" || id.replace(/#$/, "") !== base)) return undefined;
  const pointer = decoded(hash < 0 ? "" : reference.slice(hash + 1));
  if (pointer === undefined || (pointer !== "" && !pointer.startsWith("/"))) return undefined;
  let target: JsonValue | undefined = root;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(target)) {
      target = /^(?:0|[1-9]\d{0,8})$/.test(name) ? target[Number(name)] : undefined;
    } else target = isObject(target) ? member(target, name) : undefined;
    if (target === undefined) return undefined;
  }
  return target === undefined ? undefined : { pointer, target };
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined; // a stray percent sign: no reference that anything resolves
  }
}
