/**
 * JSON values as this program holds them, and safe access to their members.
 * @module
 */

/**
 * A number kept as its source text, because a double would not print the same digits again.
 * Made by `JSON.rawJSON`, printed verbatim by `JSON.stringify`.
 */
export interface RawNumber {
  /** The digits as they came. */
  readonly rawJSON: string;
}

/** Any JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | RawNumber
  | readonly JsonValue[]
  | JsonObject;

/** A JSON object. Read members with {@linkcode member}, never by plain indexing of untrusted names. */
export interface JsonObject {
  /** A member. */
  readonly [name: string]: JsonValue;
}

const isRawJSON = (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON;

/** Tells whether a value is a number kept as text. */
export function isRawNumber(value: unknown): value is RawNumber {
  return typeof value === "object" && value !== null && isRawJSON(value);
}

/** Tells whether a value is a JSON object (not null, an array or a raw number). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

/** Reads an own member of an object; inherited names such as `constructor` are absent. */
export function member(object: JsonObject | undefined, name: string): JsonValue | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Reads an own member that must be an object; anything else is `undefined`. */
export function objectMember(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = member(object, name);
  return isObject(value) ? value : undefined;
}

/** Reads an own member that must be a string; anything else is `undefined`. */
export function stringMember(object: JsonObject | undefined, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === "string" ? value : undefined;
}

/**
 * Whether some member of a JSON text may have a name that ends with a backslash. Such a text must not
 * be parsed when it comes from others: once it was, V8 (15.0) misreads the names of every later
 * object that begins alike. After `{"b":0,"\\\\":1}`, `JSON.parse('{"b":0,"\\u0061":1}')` gives
 * `{"b":0,"\\\\":1}`.
 */
export function endsNameInBackslash(text: string): boolean {
  return text.includes("\\") && /(?:\\\\|\\u005c)"\s*:/i.test(text);
}
