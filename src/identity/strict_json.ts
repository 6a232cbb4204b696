/**
 * JSON of others, read so that no two readers could differ about it: RFC 8725 §2.4, RFC 7515 §4.
 *
 * Tokens and key sets are small, so the platform's parser does the work and a count finds what it
 * hides: text in which more members are written than the value holds has a member twice.
 * @module
 */

import {
  endsNameInBackslash,
  isObject,
  isRawNumber,
  type JsonObject,
  type JsonValue,
} from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";

/** Why bytes are no JSON object that is safe to read. */
export type JsonFault =
  | "not-utf8"
  | "not-json"
  | "not-object"
  | "too-deep"
  | "duplicate-member"
  | "unsafe-text";

const MAX_DEPTH = 32;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads one object; a number that a double would not print again is kept as its digits. */
export function readStrictJson(bytes: Uint8Array): Result<JsonObject, JsonFault> {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return err("not-utf8"); // the decoder is fatal: any byte out of place throws
  }
  if (endsNameInBackslash(text)) return err("unsafe-text");
  const written = membersWritten(text);
  if (written === undefined) return err("too-deep");
  let value: unknown;
  try {
    value = JSON.parse(text, keepDigits);
  } catch {
    return err("not-json"); // a SyntaxError: whatever else it is, it is no JSON
  }
  if (!isObject(value)) return err("not-object");
  const held = membersHeld(value);
  if (held === undefined) return err("unsafe-text");
  // INVARIANT: Ambiguous JSON (duplicate keys) from a client is refused, never repaired.
  return held === written ? ok(value) : err("duplicate-member");
}

/** Colons outside of strings, which is members when the text is JSON; `undefined` when it nests too deep. */
function membersWritten(text: string): number | undefined {
  let members = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (inString) {
      if (c === "\\") at++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === ":") members++;
    else if (c === "{" || c === "[") {
      if (++depth > MAX_DEPTH) return undefined;
    } else if (c === "}" || c === "]") depth--;
  }
  return members;
}

/** Members in a value; `undefined` when a text holds a lone surrogate, or a name cannot be trusted. */
function membersHeld(value: JsonValue): number | undefined {
  if (typeof value === "string") return value.isWellFormed() ? 0 : undefined;
  if (typeof value !== "object" || value === null || isRawNumber(value)) return 0;
  let members = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (name === "__proto__" || !name.isWellFormed()) return undefined;
    const held = membersHeld(inner);
    if (held === undefined) return undefined;
    members += held + (Array.isArray(value) ? 0 : 1);
  }
  return members;
}

const rawJSON = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

function keepDigits(
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  return String(value) === context.source ? value : rawJSON(context.source);
}
