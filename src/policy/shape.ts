/**
 * What a file may hold, as data: one description serves the reader, which reports what does not
 * fit, and the JSON Schema for editors.
 * @module
 */

import { nearest } from "../base/diagnostic.ts";
import type { MapNode, PolicyNode, ScalarNode } from "./node.ts";
import { pointerOf, pointerToken } from "./node.ts";
import type { Fault, Problems } from "./problems.ts";

/** What may stand in one place. `what` finishes the sentence "must be …". */
export type Shape =
  | TextShape
  | ChoiceShape
  | CountShape
  | ListShape
  | NamesShape
  | RecordShape
  | EitherShape
  | WrittenShape
  | LaterShape;

/** Any text that `fault` does not object to. */
export interface TextShape {
  readonly type: "text";
  readonly what: string;
  readonly fault?: (text: string) => Fault | undefined;
}

/** One of a few words. */
export interface ChoiceShape {
  readonly type: "choice";
  readonly what: string;
  readonly choices: readonly string[];
  readonly code: string;
  /** Hints for words that people write instead. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** A whole number. */
export interface CountShape {
  readonly type: "count";
  readonly what: string;
  readonly min: number;
  readonly max: number;
}

/** Any number of values of one shape. */
export interface ListShape {
  readonly type: "list";
  readonly what: string;
  readonly of: Shape;
  /** True when a value that stands twice is a slip. */
  readonly unique?: boolean;
}

/** A mapping whose keys the operator invents. */
export interface NamesShape {
  readonly type: "names";
  readonly what: string;
  readonly of: Shape;
  readonly fault?: (name: string) => Fault | undefined;
}

/** A mapping with known keys. */
export interface RecordShape {
  readonly type: "record";
  readonly what: string;
  readonly keys: Readonly<Record<string, Field>>;
}

/** A key of a record. */
export interface Field {
  readonly shape: Shape;
  /** One line for editors. */
  readonly brief: string;
  readonly required?: boolean;
}

/** The first of several shapes that is of the value's sort. */
export interface EitherShape {
  readonly type: "either";
  readonly what: string;
  readonly of: readonly Shape[];
}

/** A scalar judged as it is written. */
export interface WrittenShape {
  readonly type: "written";
  readonly what: string;
  readonly fault: (node: ScalarNode) => Fault | undefined;
  /** The only value, for editors. */
  readonly value: string;
}

/** Something that a later version brings; refused, never ignored. */
export interface LaterShape {
  readonly type: "later";
  readonly what: string;
}

/** Reports everything in a value that does not fit its shape. */
export function checkShape(node: PolicyNode, shape: Shape, problems: Problems): void {
  if (node.kind === "broken") return;
  if (shape.type === "later") {
    problems.at(node, {
      code: "comes-later",
      message: `${shape.what} is not in this version`,
      hint: "Remove it; it comes with a later version and is never silently ignored",
    });
    return;
  }
  if (shape.type === "either") {
    const fitting = shape.of.find((candidate) => isOfSort(node, candidate));
    if (fitting === undefined) problems.at(node, wrongType(node, shape));
    else checkShape(node, fitting, problems);
    return;
  }
  if (!isOfSort(node, shape)) {
    problems.at(node, wrongType(node, shape));
    return;
  }
  switch (shape.type) {
    case "text":
      report(node, shape.fault?.(asText(node)), problems);
      break;
    case "choice":
      report(node, choiceFault(asText(node), shape, problems), problems);
      break;
    case "count":
      report(node, countFault(node, shape), problems);
      break;
    case "written":
      report(node, node.kind === "scalar" ? shape.fault(node) : undefined, problems);
      break;
    case "list":
      checkList(node, shape, problems);
      break;
    case "names":
      checkNames(node, shape, problems);
      break;
    case "record":
      checkRecord(node, shape, problems);
      break;
  }
}

function report(node: PolicyNode, fault: Fault | undefined, problems: Problems): void {
  if (fault !== undefined) problems.at(node, fault);
}

function isOfSort(node: PolicyNode, shape: Shape): boolean {
  switch (shape.type) {
    case "text":
    case "choice":
      return node.kind === "scalar" && typeof node.value === "string";
    case "count":
      return node.kind === "scalar" && typeof node.value === "number";
    case "written":
      return node.kind === "scalar" && node.value !== null;
    case "list":
      return node.kind === "list";
    case "names":
    case "record":
      return node.kind === "map";
    case "either":
      return shape.of.some((candidate) => isOfSort(node, candidate));
    case "later":
      return node.kind === "map" || node.kind === "list";
  }
}

function wrongType(node: PolicyNode, shape: Shape & { readonly what: string }): Fault {
  const name = typeof node.key === "string" ? `"${node.key}"` : "This";
  const wanted = shape.type === "record" ? `${shape.what} (a mapping)` : shape.what;
  const fault = { code: "wrong-type", message: `${name} must be ${wanted}: found ${sortOf(node)}` };
  const hint = wrongTypeHint(node, shape);
  return hint === undefined ? fault : { ...fault, hint };
}

function wrongTypeHint(node: PolicyNode, shape: Shape): string | undefined {
  if (node.kind !== "scalar") return undefined;
  if (node.value === null) return "Write a value, or remove the key";
  const shapes = shape.type === "either" ? shape.of : [shape];
  if (
    typeof node.value !== "string" &&
    shapes.some(({ type }) => type === "text" || type === "choice")
  ) {
    return `Quote it: "${node.text}"`;
  }
  return shapes.some(({ type }) => type === "list") ? `Write [${inList(node)}]` : undefined;
}

function inList({ value, text }: ScalarNode): string {
  return typeof value === "string" ? JSON.stringify(short(value)) : short(text);
}

function sortOf(node: PolicyNode): string {
  switch (node.kind) {
    case "scalar":
      return node.value === null
        ? "nothing"
        : `${typeof node.value === "string" ? "the text" : `the ${typeof node.value}`} ${
          JSON.stringify(short(node.text))
        }`;
    case "list":
      return "a list";
    case "map":
      return "a mapping";
    case "broken":
      return "something unreadable";
  }
}

function choiceFault(
  word: string,
  { what, choices, code, instead }: ChoiceShape,
  problems: Problems,
): Fault | undefined {
  if (choices.includes(word)) return undefined;
  const near = problems.full ? undefined : nearest(word, choices);
  const hint = instead !== undefined && Object.hasOwn(instead, word)
    ? instead[word]
    : near === undefined
    ? `Write one of ${choices.join(", ")}`
    : `Did you mean "${near}"?`;
  const message = `${JSON.stringify(short(word))} is not ${what}`;
  return hint === undefined ? { code, message } : { code, message, hint };
}

function countFault(node: PolicyNode, { what, min, max }: CountShape): Fault | undefined {
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) {
    return undefined;
  }
  return {
    code: "bad-number",
    message: `"${node.key}" must be ${what} from ${min} to ${max}: found ${String(value)}`,
  };
}

function checkList(node: PolicyNode, shape: ListShape, problems: Problems): void {
  if (node.kind !== "list") return;
  const seen = new Set<string>();
  for (const item of node.items) {
    checkShape(item, shape.of, problems);
    if (shape.unique !== true || item.kind !== "scalar") continue;
    if (seen.has(item.text)) {
      problems.at(item, {
        code: "listed-twice",
        severity: "warning",
        message: `${JSON.stringify(short(item.text))} is listed twice`,
        hint: "Remove one of them",
      });
    }
    seen.add(item.text);
  }
}

function checkNames(node: PolicyNode, shape: NamesShape, problems: Problems): void {
  if (node.kind !== "map") return;
  for (const [name, { keyOffset, value }] of node.entries) {
    const fault = shape.fault?.(name);
    if (fault !== undefined) problems.atOffset(keyOffset, { ...fault, path: pathOf(node, name) });
    checkShape(value, shape.of, problems);
  }
}

function checkRecord(node: PolicyNode, { what, keys }: RecordShape, problems: Problems): void {
  if (node.kind !== "map") return;
  for (const [key, { keyOffset, value }] of node.entries) {
    const field = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (field !== undefined) checkShape(value, field.shape, problems);
    else {problems.atOffset(keyOffset, {
        ...unknownKey(key, keys, problems),
        path: pathOf(node, key),
      });}
  }
  for (const [key, { required }] of Object.entries(keys)) {
    if (required !== true || node.entries.has(key)) continue;
    problems.at(node, {
      code: "missing-key",
      message: `The key "${key}" is missing in ${what}`,
      hint: `Add "${key}:"`,
    });
  }
}

function pathOf(node: MapNode, key: string): string {
  return `${pointerOf(node)}/${pointerToken(key)}`;
}

function unknownKey(
  key: string,
  keys: Readonly<Record<string, Field>>,
  problems: Problems,
): Fault {
  const known = Object.keys(keys);
  const near = problems.full ? undefined : nearest(key, known);
  const hint = key === "<<"
    ? "Merge keys are not read; write the keys out"
    : near === undefined
    ? `Known here: ${known.join(", ")}`
    : `Did you mean "${near}"?`;
  return { code: "unknown-key", message: `Unknown key ${JSON.stringify(short(key))}`, hint };
}

function asText(node: PolicyNode): string {
  return node.kind === "scalar" ? node.text : "";
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
