/**
 * What is wrong with a value, in words that name the remedy.
 * @module
 */

import { nearest } from "../base/diagnostic.ts";
import type { ScalarNode, YamlNode } from "./node.ts";
import type { Fault } from "./problems.ts";
import type { ChoiceShape, CountShape, RecordShape, Shape } from "./shape.ts";

/** A value of the wrong sort. */
export function wrongType(node: YamlNode, shape: Shape & { readonly what: string }): Fault {
  const name = typeof node.key === "string" ? `"${node.key}"` : "This";
  const wanted = shape.type === "record" ? `${shape.what} (a mapping)` : shape.what;
  const fault = { code: "wrong-type", message: `${name} must be ${wanted}: found ${sortOf(node)}` };
  const hint = wrongTypeHint(node, shape);
  return hint === undefined ? fault : { ...fault, hint };
}

function wrongTypeHint(node: YamlNode, shape: Shape): string | undefined {
  if (node.kind !== "scalar") return undefined;
  if (node.value === null) return "Write a value, or remove the key";
  const shapes = shape.type === "either" ? shape.of : [shape];
  if (
    typeof node.value !== "string" &&
    shapes.some(({ type }) => type === "text" || type === "choice")
  ) {
    return `Quote it: "${short(node.text)}"`;
  }
  return shapes.some(({ type }) => type === "list") ? `Write [${inList(node)}]` : undefined;
}

function inList({ value, text }: ScalarNode): string {
  return typeof value === "string" ? quoted(value) : short(text);
}

function sortOf(node: YamlNode): string {
  switch (node.kind) {
    case "scalar":
      return node.value === null
        ? "nothing"
        : `${typeof node.value === "string" ? "the text" : `the ${typeof node.value}`} ${
          quoted(node.text)
        }`;
    case "list":
      return "a list";
    case "map":
      return "a mapping";
    case "broken":
      return "something unreadable";
  }
}

/** What is wrong with a word of a closed set, if anything. */
export function choiceFault(
  word: string,
  { shape: { what, choices, code, instead }, hurried }: {
    readonly shape: ChoiceShape;
    readonly hurried: boolean;
  },
): Fault | undefined {
  if (choices.includes(word)) return undefined;
  const near = hurried ? undefined : nearest(word, choices);
  const hint = instead !== undefined && Object.hasOwn(instead, word)
    ? instead[word]
    : near === undefined
    ? `Write one of ${choices.join(", ")}`
    : `Did you mean "${near}"?`;
  const message = `${quoted(word)} is not ${what}`;
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** What is wrong with a number, if anything. */
export function countFault(node: YamlNode, { what, min, max }: CountShape): Fault | undefined {
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) {
    return undefined;
  }
  return {
    code: "bad-number",
    message: `"${node.key}" must be ${what} from ${min} to ${max}: found ${String(value)}`,
  };
}

/** A key that a record does not have. With `hurried` no near word is sought. */
export function unknownKey(
  key: string,
  { keys, hurried }: { readonly keys: RecordShape["keys"]; readonly hurried: boolean },
): Fault {
  const known = Object.keys(keys);
  const near = hurried ? undefined : nearest(key, known);
  const hint = key === "<<"
    ? "Merge keys are not read; write the keys out"
    : near === undefined
    ? `Known here: ${known.join(", ")}`
    : `Did you mean "${near}"?`;
  return { code: "unknown-key", message: `Unknown key ${quoted(key)}`, hint };
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A text in quotes, cut to what fits a line. */
export function quoted(text: string): string {
  return JSON.stringify(short(text));
}
