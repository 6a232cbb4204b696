/**
 * The text of a preset into what it says; strict, as every word of it is reviewed knowledge.
 * @module
 */

import { AegisError } from "../base/error.ts";
import { argumentPointer, hasWildcard } from "./argument_key.ts";
import { type DeclaredKind, kindFromText } from "./argument_kind.ts";
import { ACTIONS, type GrantableAction, type Statement } from "./document.ts";

/** A tool of a preset, or a prompt that does more than to give text. */
export interface PresetTool {
  /** Where a statement decides, the most that a call can do. */
  readonly action: GrantableAction;
  /** Why, where it is not plain to see. */
  readonly note?: string;
  /** Set when an argument of the call decides. */
  readonly statement?: Statement;
  /** What each argument is, by JSON pointer. */
  readonly arguments: ReadonlyMap<string, DeclaredKind>;
}

/** What a preset's file says. */
export interface PresetKnowledge {
  /** Versions whose tools were read one by one. */
  readonly versions: readonly string[];
  /** What each tool does. A tool that is not here counts as `execute`. */
  readonly tools: ReadonlyMap<string, PresetTool>;
  /** Prompts that do something when they are got. A prompt that is not here counts as `read`. */
  readonly prompts: ReadonlyMap<string, PresetTool>;
}

/**
 * Reads the parsed JSON of `policies/presets/*.json`.
 *
 * @throws {AegisError} `bad-preset` when it is not sound.
 */
export function readPreset(file: unknown, name: string): PresetKnowledge {
  const record = recordAt(file, { name, at: "the file" });
  onlyKeys(record, { name, at: "the file", keys: FILE_KEYS });
  const versions = Array.isArray(record.versions) ? record.versions : [];
  if (record.name !== name || versions.length === 0 || !versions.every(isText)) {
    throw bad(name, "it needs its name and the versions that were read");
  }
  return {
    versions,
    tools: readTools(record.tools, { name, at: "tools" }),
    prompts: readTools(record.prompts ?? {}, { name, at: "prompts" }),
  };
}

function readTools(written: unknown, place: Place): ReadonlyMap<string, PresetTool> {
  const tools = new Map<string, PresetTool>();
  for (const [tool, entry] of Object.entries(recordAt(written, place))) {
    tools.set(tool, readTool(entry, { name: place.name, at: `"${tool}"` }));
  }
  return tools;
}

const FILE_KEYS = ["name", "shortName", "packages", "versions", "about", "tools", "prompts"];
const TOOL_KEYS = ["action", "note", "from", "arguments"];

/** Which preset, and where in it. */
interface Place {
  readonly name: string;
  readonly at: string;
}

function readTool(entry: unknown, { name, at }: Place): PresetTool {
  const record = recordAt(entry, { name, at });
  onlyKeys(record, { name, at, keys: TOOL_KEYS });
  const { action, note } = record;
  if (!isGrantable(action)) throw bad(name, `${at} has no known action`);
  if (note !== undefined && !isText(note)) throw bad(name, `the note of ${at} is no text`);
  const kinds = readKinds(record.arguments ?? {}, { name, at });
  const statement = record.from === undefined
    ? undefined
    : readStatement(record.from, { name, at, action, kinds });
  return {
    action,
    ...(note === undefined ? {} : { note }),
    ...(statement === undefined ? {} : { statement }),
    arguments: kinds,
  };
}

function readKinds(written: unknown, { name, at }: Place): ReadonlyMap<string, DeclaredKind> {
  const kinds = new Map<string, DeclaredKind>();
  for (const [key, text] of Object.entries(recordAt(written, { name, at }))) {
    const pointer = argumentPointer(key);
    const kind = kindFromText(isText(text) ? text : "");
    if (!pointer.ok || !kind.ok || kinds.has(pointer.value)) {
      throw bad(name, `"${key}" of ${at} is no argument with a kind`);
    }
    kinds.set(pointer.value, kind.value);
  }
  return kinds;
}

function readStatement(
  written: unknown,
  { name, at, action, kinds }: Place & Pick<PresetTool, "action"> & {
    readonly kinds: ReadonlyMap<string, DeclaredKind>;
  },
): Statement {
  const { from, argument } = recordAt(written, { name, at });
  const isKnown = from === "sql" || from === "command";
  const pointer = argumentPointer(isText(argument) ? argument : "");
  const isSound = isKnown && pointer.ok && action === "execute" &&
    !hasWildcard(pointer.value) && kinds.get(pointer.value)?.kind === from;
  if (!isSound) throw bad(name, `${at} names no statement of its arguments`);
  return { from, argument: pointer.value };
}

function recordAt(value: unknown, { name, at }: Place): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw bad(name, `${at} is no object`);
  }
  return Object.fromEntries(Object.entries(value));
}

function onlyKeys(
  record: Readonly<Record<string, unknown>>,
  { name, at, keys }: Place & { readonly keys: readonly string[] },
): void {
  const odd = Object.keys(record).find((key) => !keys.includes(key));
  if (odd !== undefined) throw bad(name, `${at} has the unknown key "${odd}"`);
}

function bad(name: string, why: string): AegisError {
  return new AegisError("bad-preset", `Cannot load preset "${name}": ${why}`);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isGrantable(word: unknown): word is GrantableAction {
  return ACTIONS.some((action) => action === word);
}
