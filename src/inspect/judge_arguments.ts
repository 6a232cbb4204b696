/**
 * One call's arguments, judged by the plan of its tool.
 * @module
 */

import type { Resource } from "../access/request.ts";
import type { DenyReason } from "../access/verdict.ts";
import { isObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { examineSchema } from "./arguments/schema.ts";
import { examineUniversal } from "./arguments/universal.ts";
import type { CommandInput, CommandSurroundings } from "./arguments/command.ts";
import type { Detector } from "./detectors.ts";
import type { Objection } from "./objection.ts";
import { stepsOf, stringsOf, valuesAt } from "./pointers.ts";
import type { ToolPlan } from "./tool_plan.ts";

/** What is to be said of some arguments. */
export interface Judged {
  readonly denied?: DenyReason;
  /** What would be refused if a guessed kind were sure. */
  readonly would?: DenyReason;
}

const CLEAN: Judged = {};
const UNTOLD: CommandInput = { text: undefined };

/** Judges the arguments of a thing, and its name; without a plan only by what no string may hold. */
export function judgeArguments(
  args: JsonObject,
  plan: ToolPlan | undefined,
  { of: { kind, name } }: { readonly of: Pick<Resource, "kind" | "name"> },
): Judged {
  const hidden = examineUniversal(name);
  if (hidden !== undefined) {
    return { denied: unsafe(kind === "resource" ? "/uri" : "/name", hidden) };
  }
  const misfit = plan === undefined ? undefined : misfitOf(args, plan);
  if (misfit !== undefined) return { denied: misfit };
  for (const { pointer, text } of stringsOf(args)) {
    const objection = examineUniversal(text);
    if (objection !== undefined) return { denied: unsafe(pointer, objection) };
  }
  return plan === undefined ? CLEAN : byKind(args, plan);
}

/** Why the arguments do not fit what the server itself says of them. */
function misfitOf(args: JsonObject, { schema, twinOf }: ToolPlan): DenyReason | undefined {
  switch (schema.state) {
    case "none": {
      for (const { pointer, text, isKey } of stringsOf(args)) {
        const name = isKey ? twinOf(text) : undefined;
        if (name === undefined) continue;
        const detail = `is a look-alike of ${JSON.stringify(name)}`;
        return { code: "invalid_arguments", pointer, detail };
      }
      return undefined;
    }
    case "unreadable":
      return {
        code: "invalid_arguments",
        pointer: "",
        detail: `the tool's own schema cannot be used: ${schema.detail}`,
      };
    case "known": {
      const objection = examineSchema(args, schema.validator);
      if (objection === undefined) return undefined;
      const { pointer, detail } = objection;
      return { code: "invalid_arguments", pointer, detail };
    }
  }
}

function byKind(args: JsonObject, plan: ToolPlan): Judged {
  let would: DenyReason | undefined;
  for (const argument of plan.vectors) {
    for (const { pointer, value } of valuesAt(args, argument.pointer)) {
      const objection = examineVector(argument.detector, value);
      if (objection === undefined) continue;
      if (argument.enforced) return { denied: unsafe(pointer, objection) };
      would ??= unsafe(pointer, objection);
    }
  }
  const around = surroundingsOf(args, plan);
  for (const { pointer, text, isKey } of stringsOf(args)) {
    if (isKey) {
      // No kind speaks of names, and yet maps from files to texts have paths for them.
      const objection = examine(plan.unknown, { text, around });
      if (objection !== undefined) return { denied: unsafe(pointer, objection) };
      continue;
    }
    const argument = plan.arguments.covering(stepsOf(pointer))?.declared;
    const isSure = argument === undefined || argument.enforced;
    const detector = isSure && argument !== undefined ? argument.detector : plan.unknown;
    // Of several commands each would read a long input again: only the one declared does.
    const isTheOne = argument?.pointer.text === pointer || around.input === undefined;
    const read = { text, around: isTheOne ? around : { ...around, input: UNTOLD } };
    const objection = examine(detector, read);
    if (objection !== undefined) return { denied: unsafe(pointer, objection) };
    if (isSure) continue;
    const guessed = examine(argument.detector, read);
    if (guessed !== undefined) would ??= unsafe(pointer, guessed);
  }
  return would === undefined ? CLEAN : { would };
}

/** What the call says of how its commands are run. */
function surroundingsOf(args: JsonObject, { inputs, folders }: ToolPlan): CommandSurroundings {
  const [input, ...others] = inputs.flatMap(({ pointer }) => [...valuesAt(args, pointer)]);
  const isText = others.length === 0 && typeof input?.value === "string";
  const [folder] = folders.flatMap(({ pointer }) => [...valuesAt(args, pointer)]);
  return {
    input: input === undefined ? undefined : isText ? { text: input.value } : UNTOLD,
    folder: typeof folder?.value === "string" ? folder.value : undefined,
  };
}

function examine(
  detector: Detector,
  { text, around }: { readonly text: string; readonly around: CommandSurroundings },
): Objection | undefined {
  switch (detector.on) {
    case "text":
      return detector.examine(text);
    case "command":
      return detector.examine(text, around);
    case "words":
      return undefined; // all strings of the array were judged together
  }
}

/** A vector holds words alone; what is neither text nor holder of anything is written as JSON. */
function examineVector(detector: Detector, value: JsonValue): Objection | undefined {
  if (detector.on !== "words" || value === null) return undefined;
  if (typeof value === "string") return detector.examineText(value);
  const items: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  if (items.some((item) => Array.isArray(item) || isObject(item))) return NO_WORDS;
  return detector.examine(
    items.map((item) => typeof item === "string" ? item : JSON.stringify(item)),
  );
}

const NO_WORDS: Objection = {
  rule: "argv-no-words",
  detail: "holds something else than the words of a command",
};

function unsafe(pointer: string, { rule, detail }: Objection): DenyReason {
  return { code: "unsafe_argument", pointer, detail, rule };
}
