/**
 * How an argument is named: by a JSON pointer with `*` for every item or value, or by the bare name
 * of a top-level argument.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import { pointerToken } from "../yaml/node.ts";
import { isPlainText } from "./pattern.ts";
import type { Fault } from "../yaml/problems.ts";
import { quoted } from "../yaml/shape_faults.ts";

/** No schema nests deeper, and no pointer needs more. */
const MAX_KEY_LENGTH = 1024;

/** The JSON pointer of a key as written (RFC 6901); `sql` is `/sql`. */
export function argumentPointer(key: string): Result<string, Fault> {
  const bad = (message: string, hint: string) => err({ code: "bad-argument", message, hint });
  if (key === "" || key === "/") {
    return bad("An argument has a name", 'Write its name, or a pointer such as "/edits/*/newText"');
  }
  if (key.length > MAX_KEY_LENGTH || !isPlainText(key)) {
    return bad(
      `The name of an argument has at most ${MAX_KEY_LENGTH} characters and holds no control characters`,
      "Check the name in the tool's input schema",
    );
  }
  if (key === "*") return bad("A * alone names no argument", 'Write "/*" for every argument');
  if (!key.startsWith("/")) return ok(`/${pointerToken(key)}`);
  if (/~(?![01])/.test(key)) {
    return bad(
      `${quoted(key)} is no JSON pointer`,
      "In a pointer ~ is written ~0, and / inside a name ~1",
    );
  }
  return ok(key);
}

/** True for a pointer that can stand for several values. */
export function hasWildcard(pointer: string): boolean {
  return pointer.split("/").includes("*");
}

/** The value that a pointer without `*` leads to; own members only. */
export function valueAt(args: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = args;
  for (const name of stepsOf(pointer)) {
    if (Array.isArray(value)) {
      value = /^(?:0|[1-9]\d{0,9})$/.test(name) ? value[Number(name)] : undefined;
    } else value = isObject(value) ? member(value, name) : undefined;
  }
  return value;
}

/** The names and indices of a pointer, without escapes. */
export function stepsOf(pointer: string): readonly string[] {
  const tokens = pointer.split("/").slice(1);
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
