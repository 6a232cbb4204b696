/**
 * JSON pointers to arguments; in `/paths/*` the star stands for every item of `paths`.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";

/** A pointer as the operator writes it, or a concrete one. */
export interface ArgumentPointer {
  /** Beginning with `/`. */
  readonly text: string;
  /** Names and indices without escapes; `*` stands for every item and value. */
  readonly steps: readonly string[];
}

/** A value and where it stands. */
export interface ValueAt {
  /** Concrete: with indices, escaped. */
  readonly pointer: string;
  readonly value: JsonValue;
}

/** A text of the arguments and where it stands. */
export interface TextAt {
  /** Concrete; of the member itself where the text is its name. */
  readonly pointer: string;
  readonly text: string;
  readonly isKey: boolean;
}

const MAX_STEPS = 64;

/**
 * Reads a pointer as RFC 6901 has it, with `*` for every item of an array and every value of an
 * object. Without a leading `/` the whole text names one argument.
 */
export function parsePointer(text: string): Result<ArgumentPointer, string> {
  if (text === "") return err("is empty: name an argument, such as /path");
  if (!text.startsWith("/")) return ok({ text: pointerTo("", text), steps: [text] });
  const tokens = text.slice(1).split("/");
  if (tokens.length > MAX_STEPS) return err(`has more than ${MAX_STEPS} steps`);
  if (tokens.some((token) => /~(?![01])/.test(token))) {
    return err("holds a ~ that is neither ~0 (for ~) nor ~1 (for /)");
  }
  return ok({ text, steps: stepsOf(text) });
}

/** The names and indices of a sound pointer. */
export function stepsOf(pointer: string): readonly string[] {
  const tokens = pointer.slice(1).split("/");
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer of a member or item. */
export function pointerTo(parent: string, name: string): string {
  return `${parent}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Gives every value that a pointer names, in the order of the arguments; absent ones are left out. */
export function* valuesAt(args: JsonObject, { steps }: ArgumentPointer): Iterable<ValueAt> {
  yield* valuesBelow({ pointer: "", value: args }, steps);
}

function* valuesBelow(from: ValueAt, steps: readonly string[]): Iterable<ValueAt> {
  const [step, ...rest] = steps;
  if (step === undefined) {
    yield from;
    return;
  }
  for (const [name, value] of childrenOf(from.value, step)) {
    yield* valuesBelow({ pointer: pointerTo(from.pointer, name), value }, rest);
  }
}

function childrenOf(value: JsonValue, step: string): readonly (readonly [string, JsonValue])[] {
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    if (step === "*") return items.map((item, index) => [String(index), item]);
    const item = /^(?:0|[1-9]\d{0,8})$/.test(step) ? items[Number(step)] : undefined;
    return item === undefined ? [] : [[step, item]];
  }
  if (!isObject(value)) return [];
  if (step === "*") return Object.entries(value);
  const held = member(value, step);
  return held === undefined ? [] : [[step, held]];
}

/** An array or object that is being gone through. */
interface Container {
  readonly pointer: string;
  readonly value: JsonObject | readonly JsonValue[];
  /** The names of an object's members; undefined for an array. */
  readonly names: readonly string[] | undefined;
  next: number;
}

/** Gives every string and every member name of the arguments, in their order. */
export function* stringsOf(args: JsonObject): Iterable<TextAt> {
  const open: Container[] = [containerAt("", args)];
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    const { names, value } = inner;
    const index = inner.next++;
    const name = names === undefined ? String(index) : names[index];
    const held = Array.isArray(value) ? value[index] : member(value as JsonObject, name ?? "");
    if (name === undefined || held === undefined) {
      open.pop();
      continue;
    }
    if (names === undefined && !isHolder(held) && typeof held !== "string") continue;
    const pointer = pointerTo(inner.pointer, name);
    if (names !== undefined) yield { pointer, text: name, isKey: true };
    if (typeof held === "string") yield { pointer, text: held, isKey: false };
    else if (isHolder(held)) open.push(containerAt(pointer, held));
  }
}

function isHolder(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return Array.isArray(value) || isObject(value);
}

function containerAt(pointer: string, value: JsonObject | readonly JsonValue[]): Container {
  return { pointer, value, names: Array.isArray(value) ? undefined : Object.keys(value), next: 0 };
}
