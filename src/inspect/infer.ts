/**
 * What each argument of a tool probably is, from what the server says of it.
 *
 * A guess by general words, for arguments that nobody declared. It may refuse where a mistake is
 * unlikely and harmless, and only report elsewhere.
 * @module
 */

import type { SqlDialect } from "../access/inspection.ts";
import { isObject, type JsonValue, member } from "../base/json.ts";
import { guessCommand, guessShellArgument } from "./inference/command.ts";
import type { ArgumentFacts, Guess, InferredKind, ToolFacts } from "./inference/facts.ts";
import { guessNamedPath, guessPath } from "./inference/path.ts";
import { guessCode, guessHost, guessId, guessListed, guessRegex } from "./inference/plain.ts";
import { guessText } from "./inference/plain.ts";
import { guessSql, guessSqlValue } from "./inference/sql.ts";
import { stringArguments } from "./inference/string_arguments.ts";
import { guessUrl } from "./inference/url.ts";
import { wordsOf, wordsOfName } from "./inference/words.ts";

export type { InferredKind } from "./inference/facts.ts";

/** What a server says of a tool that kinds are inferred from. */
export interface DescribedTool {
  /** As listed. */
  readonly name: string;
  /** As listed. */
  readonly description?: string;
  /** As listed; one that is no schema has no arguments. */
  readonly inputSchema: JsonValue;
}

/** In this order; the first that has something to say is heard. */
const GUESSES: readonly Guess[] = [
  guessListed,
  guessUrl,
  guessCommand,
  guessSql,
  guessRegex,
  guessNamedPath,
  guessShellArgument,
  guessPath,
  guessSqlValue,
  guessCode,
  guessText,
  guessHost,
  guessId,
];

/**
 * Infers the kinds of a tool's arguments, by JSON pointer with `*` for items and values. An argument
 * of which nothing can be said is not in the map.
 *
 * `dialect` is the grammar of SQL where the tool names none; PostgreSQL unless given.
 */
export function inferKinds(
  tool: DescribedTool,
  { dialect = "postgres" }: { readonly dialect?: SqlDialect } = {},
): ReadonlyMap<string, InferredKind> {
  const facts = factsOf(tool, dialect);
  const kinds = new Map<string, InferredKind>();
  const places = [...stringArguments(tool.inputSchema)];
  // Where one branch of a schema lists values and another does not, any text may stand.
  const free = new Set(places.flatMap(([pointer, { listed }]) => listed ? [] : [pointer]));
  for (const [pointer, argument] of places) {
    if (argument.listed && free.has(pointer)) continue;
    const inferred = guessed(argument, facts);
    if (inferred === undefined) continue;
    const place = placeOf(pointer, inferred);
    if (!kinds.has(place)) kinds.set(place, inferred);
  }
  return kinds;
}

function guessed(argument: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  for (const guess of GUESSES) {
    const inferred = guess(argument, tool);
    if (inferred !== undefined) return inferred;
  }
  return undefined;
}

/** A vector is the whole array, not each of its words. */
function placeOf(pointer: string, { kind }: InferredKind): string {
  return kind.kind === "argv" && pointer.endsWith("/*") ? pointer.slice(0, -2) : pointer;
}

function factsOf(tool: DescribedTool, dialect: SqlDialect): ToolFacts {
  const name = wordsOfName(tool.name);
  const description = wordsOf(tool.description ?? "");
  const properties = isObject(tool.inputSchema)
    ? member(tool.inputSchema, "properties")
    : undefined;
  const arguments_ = isObject(properties) ? Object.keys(properties) : [];
  return {
    name,
    description,
    start: wordsOf(description.list.slice(0, 15).join(" ")),
    siblings: new Set(arguments_.map((argument) => wordsOfName(argument).list.join(""))),
    dialect,
    says: (...words) => name.has(...words) || description.has(...words),
  };
}
