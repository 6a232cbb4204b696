/**
 * A labelled set of calls on disk, laid out as the README of the shared corpus says.
 * @module
 */

import { isObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";

/** One labelled call, or one labelled text of a server. */
export interface LabelledRecord {
  readonly id: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly kind: string;
  readonly label: "attack" | "benign";
  /** JSON pointer of what the label is about. */
  readonly arg: string;
}

/** Frames that are sent in order; the expectation is about the last. */
export interface FrameRecord {
  readonly id: string;
  readonly note: string;
  readonly expect: "forward" | "reject" | "drop";
  readonly frames: readonly {
    readonly dir: "c2s" | "s2c";
    readonly raw?: string;
    readonly hex?: string;
  }[];
}

/** Everything in one directory. */
export interface Corpus {
  readonly records: readonly LabelledRecord[];
  readonly frames: readonly FrameRecord[];
  /** `context.json`: the operator's policy that the labels assume. */
  readonly context: JsonObject;
  /** `tools.json`: tools as a server lists them. */
  readonly tools: readonly JsonObject[];
  /** `kinds.json`: the true kind by tool and JSON pointer. */
  readonly kinds: JsonObject;
}

/**
 * Reads a directory.
 *
 * @throws {Deno.errors.NotFound} when there is none, or it has no `context.json`.
 * @throws {SyntaxError} when a file is no JSON.
 */
export async function readCorpus(folder: string): Promise<Corpus> {
  const context = parse(await Deno.readTextFile(`${folder}/context.json`));
  const tools = await optional(`${folder}/tools.json`);
  const kinds = await optional(`${folder}/kinds.json`);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  const records: LabelledRecord[] = [];
  for (const name of names.filter((name) => /^(attack|benign)-.*\.jsonl$/.test(name)).sort()) {
    for (const line of linesOf(await Deno.readTextFile(`${folder}/${name}`))) {
      records.push(parse(line) as unknown as LabelledRecord);
    }
  }
  const frames = names.includes("frames.jsonl")
    ? linesOf(await Deno.readTextFile(`${folder}/frames.jsonl`)).map((line) => JSON.parse(line))
    : [];
  return {
    records,
    frames,
    context: isObject(context) ? context : {},
    tools: Array.isArray(tools) ? tools.filter(isObject) : [],
    kinds: isObject(kinds) ? kinds : {},
  };
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

async function optional(path: string): Promise<JsonValue> {
  try {
    return parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const { rawJSON } = JSON as unknown as { rawJSON(text: string): JsonValue };

/** Keeps the digits of numbers that a double would print otherwise. */
function parse(text: string): JsonValue {
  return JSON.parse(text, (_, value, context?: { readonly source?: string }) => {
    const source = context?.source;
    const differs = typeof value === "number" && source !== undefined && String(value) !== source;
    return differs ? rawJSON(source) : value;
  });
}
