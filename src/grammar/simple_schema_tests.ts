/**
 * The keywords of a JSON Schema that need nothing but the value and the keyword.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import type { ValidatorError } from "./schema_violation.ts";

/** Gives the first thing that does not fit, its path relative to the value. */
export type Test = (value: JsonValue) => ValidatorError | undefined;

/** Tests of `type`. */
export function typeTests(schema: JsonObject): readonly Test[] {
  const types = textsOf(member(schema, "type"));
  if (types.length === 0) return [];
  const type = types.length === 1 ? types[0] : types;
  return [(value) => {
    return types.some((one) => isOfType(value, one)) ? undefined : failure("type", { type });
  }];
}

function isOfType(value: JsonValue, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    default: // the reader knows one more type
      return typeof value === "string";
  }
}

/** What a bound is held against; undefined for a value that it is not about. */
const MEASURES: Readonly<Record<string, (value: JsonValue) => number | undefined>> = {
  imum: (value) => typeof value === "number" && Number.isFinite(value) ? value : undefined,
  Length: (value) => typeof value === "string" ? codePoints(value) : undefined,
  Items: (value) => Array.isArray(value) ? value.length : undefined,
  Properties: (value) => isObject(value) ? Object.keys(value).length : undefined,
};

const BOUNDS: readonly (readonly [string, (size: number, bound: number) => boolean, string])[] = [
  ["maximum", (size, bound) => size <= bound, "must be <= #"],
  ["minimum", (size, bound) => size >= bound, "must be >= #"],
  ["exclusiveMaximum", (size, bound) => size < bound, "must be < #"],
  ["exclusiveMinimum", (size, bound) => size > bound, "must be > #"],
  ["maxLength", (size, bound) => size <= bound, "must NOT have more than # characters"],
  ["minLength", (size, bound) => size >= bound, "must NOT have fewer than # characters"],
  ["maxItems", (size, bound) => size <= bound, "must NOT have more than # items"],
  ["minItems", (size, bound) => size >= bound, "must NOT have fewer than # items"],
  ["maxProperties", (size, bound) => size <= bound, "must NOT have more than # properties"],
  ["minProperties", (size, bound) => size >= bound, "must NOT have fewer than # properties"],
];

/** Tests of the bounds of numbers, lengths and counts. */
export function limitTests(schema: JsonObject): readonly Test[] {
  const tests = BOUNDS.flatMap(([keyword, holds, words]): readonly Test[] => {
    const bound = member(schema, keyword);
    const [, measure] = Object.entries(MEASURES).find(([end]) => keyword.endsWith(end)) ?? [];
    if (typeof bound !== "number" || measure === undefined) return [];
    const message = words.replace("#", String(bound));
    return [(value) => {
      const size = measure(value);
      return size === undefined || holds(size, bound)
        ? undefined
        : { ...failure(keyword, {}), message };
    }];
  });
  if (member(schema, "x-safe-integer") !== true) return tests;
  const isSafe = (value: JsonValue) => !Number.isFinite(value) || Number.isSafeInteger(value);
  return [...tests, fits("x-safe-integer", isSafe)];
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The strings of a list in a schema that was read. */
export function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** A test that holds or not. */
export function fits(keyword: string, holds: (value: JsonValue) => boolean): Test {
  return (value) => holds(value) ? undefined : failure(keyword, {});
}

/** What does not fit at the value itself. */
export function failure(keyword: string, params: ValidatorError["params"]): ValidatorError {
  return { keyword, params, instancePath: "" };
}
