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

/** Where a text of the arguments stands. */
export interface TextPlace {
  /** Whether it is the name of the member that is meant, not what the member holds. */
  readonly isKey: boolean;
  /** Concrete; of the member itself where the text is its name. */
  readonly pointer: string;
  /** The same, step by step. */
  readonly steps: readonly string[];
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

/**
 * Shows every string and every member name of the arguments, in their order, until `look` has
 * something to say of one. The place is that of the moment: it is not to be kept.
 *
 * Nothing is held of what was shown, and nothing but arrays and objects makes anything.
 */
export function firstInStrings<T>(
  args: JsonObject,
  look: (text: string, place: TextPlace) => T | undefined,
): T | undefined {
  const place = new Walk(args);
  for (let text = place.next(); text !== undefined; text = place.next()) {
    const said = look(text, place);
    if (said !== undefined) return said;
  }
  return undefined;
}

/** An array or object that is being gone through. */
interface Container {
  readonly value: JsonObject | readonly JsonValue[];
  /** The names of an object's members; undefined for an array. */
  readonly names: readonly string[] | undefined;
  /** The place of the member or item that comes next. */
  next: number;
}

/** Goes through arguments without recursion: they may be nested as deep as a frame is long. */
class Walk implements TextPlace {
  readonly #open: Container[];
  /** What the member holds whose name was shown last. */
  #held: JsonValue | undefined;
  isKey = false;

  constructor(args: JsonObject) {
    this.#open = [containerOf(args)];
  }

  next(): string | undefined {
    if (this.isKey) {
      this.isKey = false;
      const text = this.#entered(this.#held ?? null);
      if (text !== undefined) return text;
    }
    for (let inner = this.#open.at(-1); inner !== undefined; inner = this.#open.at(-1)) {
      const { names, value } = inner;
      const index = inner.next++;
      const name = names?.[index];
      if (name !== undefined) {
        this.isKey = true;
        this.#held = (value as JsonObject)[name]; // its own: the name is one of its keys
        return name;
      }
      const item = names === undefined ? (value as readonly JsonValue[])[index] : undefined;
      if (item === undefined) this.#open.pop();
      else {
        const text = this.#entered(item);
        if (text !== undefined) return text;
      }
    }
    return undefined;
  }

  /** A text, or nothing for now; what holds texts is gone through next. */
  #entered(value: JsonValue): string | undefined {
    if (typeof value === "string") return value;
    if (isHolder(value)) this.#open.push(containerOf(value));
    return undefined;
  }

  get steps(): readonly string[] {
    return this.#open.map(({ names, next }) => names?.[next - 1] ?? String(next - 1));
  }

  get pointer(): string {
    return this.steps.reduce(pointerTo, "");
  }
}

function isHolder(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return Array.isArray(value) || isObject(value);
}

function containerOf(value: JsonObject | readonly JsonValue[]): Container {
  return { value, names: Array.isArray(value) ? undefined : Object.keys(value), next: 0 };
}
