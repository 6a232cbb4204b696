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
import type { Guess, InferredKind, ToolFacts } from "./inference/facts.ts";
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
  for (const [pointer, argument] of stringArguments(tool.inputSchema)) {
    if (kinds.has(pointer)) continue;
    for (const guess of GUESSES) {
      const inferred = guess(argument, facts);
      if (inferred === undefined) continue;
      kinds.set(pointer, inferred);
      break;
    }
  }
  return kinds;
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
