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
import { firstInStrings, type TextPlace, valuesAt } from "./pointers.ts";
import type { PlannedArgument, ToolPlan } from "./tool_plan.ts";

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
  const unseen = firstInStrings(args, (text, place) => {
    const objection = examineUniversal(text);
    return objection === undefined ? undefined : { denied: unsafe(place.pointer, objection) };
  });
  return unseen ?? (plan === undefined ? CLEAN : byKind(args, plan));
}

/** Why the arguments do not fit what the server itself says of them. */
function misfitOf(args: JsonObject, { schema, twinOf }: ToolPlan): DenyReason | undefined {
  switch (schema.state) {
    case "none":
      return firstInStrings(args, (text, place) => {
        const name = place.isKey ? twinOf(text) : undefined;
        if (name === undefined) return undefined;
        const detail = `is a look-alike of ${JSON.stringify(name)}`;
        return { code: "invalid_arguments", pointer: place.pointer, detail };
      });
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
  const vectors = byVector(args, plan);
  if (vectors.denied !== undefined) return vectors;
  let would = vectors.would;
  const around = surroundingsOf(args, plan);
  const denied = firstInStrings(args, (text, place): DenyReason | undefined => {
    // No kind speaks of names, and yet maps from files to texts have paths for them.
    const planned = place.isKey ? undefined : plan.arguments.covering(place.steps)?.declared;
    const detector = planned?.enforced === true ? planned.detector : plan.unknown;
    const read = { text, around: heardBy(planned, { around, place }) };
    const objection = examine(detector, read);
    if (objection !== undefined) return unsafe(place.pointer, objection);
    if (planned === undefined || planned.enforced || would !== undefined) return undefined;
    const guessed = examine(planned.detector, read);
    if (guessed !== undefined) would = unsafe(place.pointer, guessed);
    return undefined;
  });
  if (denied !== undefined) return { denied };
  return would === undefined ? CLEAN : { would };
}

function byVector(args: JsonObject, { vectors }: ToolPlan): Judged {
  let would: DenyReason | undefined;
  for (const argument of vectors) {
    for (const { pointer, value } of valuesAt(args, argument.pointer)) {
      const objection = examineVector(argument.detector, value);
      if (objection === undefined) continue;
      if (argument.enforced) return { denied: unsafe(pointer, objection) };
      would ??= unsafe(pointer, objection);
    }
  }
  return would === undefined ? CLEAN : { would };
}

/** Of several commands each would read a long input again: only the one declared does. */
function heardBy(
  planned: PlannedArgument | undefined,
  { around, place }: { readonly around: CommandSurroundings; readonly place: TextPlace },
): CommandSurroundings {
  if (around.input === undefined || planned?.pointer.text === place.pointer) return around;
  return { ...around, input: UNTOLD };
}

const ALONE: CommandSurroundings = { input: undefined, folder: undefined };

/** What the call says of how its commands are run. */
function surroundingsOf(args: JsonObject, { inputs, folders }: ToolPlan): CommandSurroundings {
  if (inputs.length === 0 && folders.length === 0) return ALONE;
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
