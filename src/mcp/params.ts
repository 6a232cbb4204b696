/**
 * Reads members whose type the judgement rests on.
 *
 * A member that is `null` counts as absent, as servers in languages without `undefined` read it.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import { asId } from "./correlation.ts";
import type { Misshapen } from "./misshapen.ts";

/** Reads an own member; absent or `null` is `undefined`. */
export function optional(object: JsonObject | undefined, name: string): JsonValue | undefined {
  return member(object, name) ?? undefined;
}

/** Says what the value at a pointer has to be. */
export function mustBe(pointer: string, what: string): Misshapen {
  return { pointer, detail: `must be ${what}` };
}

/** The fault of a value that has to be a string. */
export function needString(value: JsonValue | undefined, pointer: string): Misshapen | undefined {
  return typeof value === "string" ? undefined : mustBe(pointer, "a string");
}

/** The fault of a value that has to be an object. */
export function needObject(value: JsonValue | undefined, pointer: string): Misshapen | undefined {
  return isObject(value) ? undefined : mustBe(pointer, "an object");
}

/** The fault of a value that has to be a request id or a progress token. */
export function needId(value: JsonValue | undefined, pointer: string): Misshapen | undefined {
  return asId(value) !== undefined ? undefined : mustBe(pointer, "a string or an integer");
}

/** The fault of a value that has to be an array of strings. */
export function needStrings(value: JsonValue | undefined, pointer: string): Misshapen | undefined {
  const strings = Array.isArray(value) && value.every((item) => typeof item === "string");
  return strings ? undefined : mustBe(pointer, "an array of strings");
}

/** A check that only holds for a member that is there. */
export function ifPresent(
  need: (value: JsonValue | undefined, pointer: string) => Misshapen | undefined,
  { object, name, at }: { readonly object: JsonObject; readonly name: string; readonly at: string },
): Misshapen | undefined {
  const value = optional(object, name);
  return value === undefined ? undefined : need(value, at);
}
