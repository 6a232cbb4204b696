/**
 * The arguments of one call, as flags give them.
 * @module
 */

import { isObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { argumentPointer, hasWildcard } from "../policy/argument_key.ts";
import { usageError } from "./exit.ts";

/** What was given. */
export interface ArgumentFlags {
  /** `--argument POINTER=VALUE`, each. */
  readonly argument: readonly string[];
  /** `--arguments JSON`. */
  readonly arguments: string | undefined;
}

/**
 * Reads arguments; `undefined` when none are given. What `--argument` names is set in what
 * `--arguments` holds; its value is a text.
 *
 * @throws {CliError} for what cannot be read.
 */
export function readArguments(flags: ArgumentFlags): JsonObject | undefined {
  const { argument, arguments: json } = flags;
  if (json === undefined && argument.length === 0) return undefined;
  const whole = json === undefined ? {} : fromJson(json);
  return argument.reduce<JsonObject>((held, each) => {
    const at = each.indexOf("=");
    if (at <= 0) throw notWritten(each, "it has no = between the pointer and the value");
    const pointer = argumentPointer(each.slice(0, at));
    if (!pointer.ok) throw notWritten(each, pointer.error.message);
    if (hasWildcard(pointer.value)) throw notWritten(each, "* names no one argument");
    const steps = pointer.value.slice(1).split("/").map((token) =>
      token.replaceAll("~1", "/").replaceAll("~0", "~")
    );
    const set = withValue(held, steps, each.slice(at + 1));
    if (!isObject(set)) throw notWritten(each, "what holds it is no object");
    return set;
  }, whole);
}

function fromJson(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw usageError(`Cannot read --arguments: ${why}`, EXAMPLE);
  }
  if (isObject(value)) return value;
  throw usageError("Cannot use --arguments: they must be a JSON object", EXAMPLE);
}

const EXAMPLE = `For example: --arguments '{"path": "/srv/project/notes.md"}'`;

function notWritten(text: string, why: string) {
  return usageError(
    `Cannot use --argument ${JSON.stringify(text)}: ${why}`,
    "Write --argument path=/srv/project/notes.md, or a pointer such as /edits/0/newText=…",
  );
}

/** A copy in which a text stands at the end of the steps; the next index makes a list longer. */
function withValue(
  held: JsonValue | undefined,
  [step, ...rest]: readonly string[],
  text: string,
): JsonValue {
  if (step === undefined) return text;
  if (Array.isArray(held) || (held === undefined && step === "0")) {
    const items: readonly JsonValue[] = Array.isArray(held) ? held : [];
    const index = /^(?:0|[1-9]\d{0,5})$/.test(step) ? Number(step) : Infinity;
    if (index > items.length) {
      throw usageError(`Cannot set item ${step} of a list of ${items.length}`);
    }
    const value = withValue(items[index], rest, text);
    return index === items.length ? [...items, value] : items.with(index, value);
  }
  const object = isObject(held) ? held : {};
  const before = Object.hasOwn(object, step) ? object[step] : undefined;
  return Object.fromEntries([
    ...Object.entries(object).filter(([name]) => name !== step),
    [step, withValue(before, rest, text)],
  ]);
}
