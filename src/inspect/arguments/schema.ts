/**
 * Arguments that the tool's own schema does not take, and names that are keys to a prototype.
 * @module
 */

import type { JsonObject } from "../../base/json.ts";
import type { SchemaValidator } from "../../grammar/json_schema.ts";
import type { Objection } from "../objection.ts";
import { firstInStrings } from "../pointers.ts";

/** Says why the arguments of a call do not fit the schema that the server listed for the tool, and which one. */
export function examineSchema(
  args: JsonObject,
  validator: SchemaValidator,
): (Objection & { readonly pointer: string }) | undefined {
  return prototypeKey(args, validator) ?? violation(args, validator);
}

function violation(
  args: JsonObject,
  validator: SchemaValidator,
): (Objection & { readonly pointer: string }) | undefined {
  const found = validator.validate(args);
  return found === undefined ? undefined : { rule: "schema-violation", ...found };
}

/** `constructor` and `prototype` are words that a schema may use; `__proto__` is none. */
function prototypeKey(
  args: JsonObject,
  validator: SchemaValidator,
): (Objection & { readonly pointer: string }) | undefined {
  return firstInStrings(args, (text, place) => {
    if (!place.isKey || !PROTOTYPE_KEYS.has(text)) return undefined;
    if (text !== "__proto__" && validator.declares(text)) return undefined;
    const { pointer } = place;
    return { rule: "schema-prototype-key", pointer, detail: `has the reserved name "${text}"` };
  });
}

const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
