/**
 * Reads arguments by a table of flags: `--flag value` and `--flag=value`, then `--` and the rest.
 *
 * Own code instead of a library: @stricli/core costs a third of a bare start (ARCHITECTURE.md),
 * takes a misspelt command for an argument of the default one, and prints neither groups nor
 * variables in its help.
 * @module
 */

import { nearest } from "../base/diagnostic.ts";
import { parseWhole } from "../config/units.ts";
import { type CliError, usageError } from "./exit.ts";
import type { FlagSpec, FlagTable, FlagValues, SwitchFlag } from "./flag.ts";

/** What a command accepts. */
export interface Grammar<F extends FlagTable> {
  readonly flags: F;
  /** Placeholder of the words without dashes; without it there may be none. */
  readonly words?: string;
  /** Whether `-- COMMAND ARGS` may follow. */
  readonly rest?: boolean;
}

/** What was given. */
export interface Parsed<F extends FlagTable> {
  readonly flags: FlagValues<F>;
  readonly words: readonly string[];
  /** What stands after `--`; undefined without it. */
  readonly rest: readonly string[] | undefined;
}

/**
 * Reads arguments.
 *
 * @throws {CliError} for everything the grammar does not accept.
 */
export function parseArguments<F extends FlagTable>(
  args: readonly string[],
  grammar: Grammar<F>,
): Parsed<F> {
  const given = new Map<string, string[]>();
  const words: string[] = [];
  let at = 0;
  while (at < args.length && args[at] !== "--") {
    const word = args[at++] ?? "";
    if (!isFlag(word)) {
      if (grammar.words === undefined) throw unexpectedWord(word, grammar);
      words.push(word);
      continue;
    }
    const [, name = "", inline] = FLAG.exec(word) ?? [];
    const spec = Object.hasOwn(grammar.flags, name) ? grammar.flags[name] : undefined;
    if (spec === undefined) throw unknownFlag(word, grammar.flags);
    const value = inline ?? (spec.kind === "switch" ? "" : valueAfter(args[at++], { name, spec }));
    add(given, { name, spec, value, inline: inline !== undefined });
  }
  const rest = at < args.length ? args.slice(at + 1) : undefined;
  if (rest !== undefined && grammar.rest !== true) {
    throw usageError(`Cannot use "--": this command starts no other command`);
  }
  return { flags: valuesOf(grammar.flags, given), words, rest };
}

/** True when help is asked for, before any `--`. */
export function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

const FLAG = /^--([^=]+)(?:=([^]*))?$/;

/** A lone `-` is a word, as it is for other programs. */
function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

function valueAfter(
  next: string | undefined,
  { name, spec }: { readonly name: string; readonly spec: Exclude<FlagSpec, SwitchFlag> },
): string {
  if (next !== undefined && !isFlag(next)) return next;
  const example = `--${name} ${spec.value}`;
  throw usageError(
    `Cannot use --${name} without a value`,
    next === undefined || next === "--"
      ? `Write ${example}`
      : `Write ${example}, or --${name}=${next} if "${next}" is meant as its value`,
  );
}

interface Occurrence {
  readonly name: string;
  readonly spec: FlagSpec;
  readonly value: string;
  readonly inline: boolean;
}

function add(given: Map<string, string[]>, { name, spec, value, inline }: Occurrence): void {
  const values = given.get(name);
  if (spec.kind === "switch" && inline) {
    throw usageError(`Cannot use --${name}=${value}: it takes no value`, `Write --${name}`);
  }
  if (values === undefined) {
    given.set(name, [value]);
  } else if (spec.kind === "list" || spec.kind === "many") {
    values.push(value);
  } else {
    throw usageError(`Cannot use --${name} twice`);
  }
}

function valuesOf<F extends FlagTable>(table: F, given: Map<string, string[]>): FlagValues<F> {
  const values: Record<string, FlagValues<FlagTable>[string]> = {};
  for (const [name, spec] of Object.entries(table)) {
    values[name] = valueOf(name, { spec, texts: given.get(name) ?? [] });
  }
  return values as FlagValues<F>;
}

function valueOf(
  name: string,
  { spec, texts }: { readonly spec: FlagSpec; readonly texts: readonly string[] },
): FlagValues<FlagTable>[string] {
  const [text] = texts;
  switch (spec.kind) {
    case "switch":
      return text !== undefined;
    case "many":
      return texts;
    case "list":
      return texts.flatMap((t) => t.split(",")).map((t) => t.trim()).filter((t) => t !== "");
    case "text":
      return text;
    case "choice": {
      if (text === undefined) return undefined;
      const chosen = spec.choices.find((c) => c.toLowerCase() === text.toLowerCase());
      if (chosen === undefined) throw wrongChoice(name, { text, choices: spec.choices });
      return chosen;
    }
    case "number": {
      if (text === undefined) return undefined;
      const value = parseWhole(text);
      if (value === undefined || value < spec.min || value > spec.max) {
        throw usageError(
          `Cannot set --${name} as it must be a whole number from ${spec.min} to ${spec.max}: ` +
            `current value is ${JSON.stringify(text)}`,
        );
      }
      return value;
    }
  }
}

function wrongChoice(
  name: string,
  { text, choices }: { readonly text: string; readonly choices: readonly string[] },
): CliError {
  const given = text.toUpperCase();
  const near = nearest(given, choices.map((c) => c.toUpperCase()));
  const meant = choices.find((c) => c.toUpperCase() === near) ??
    choices.find((c) => text.length > 1 && c.toUpperCase().startsWith(given));
  return usageError(
    `Cannot set --${name} as it must be one of ${choices.join(", ")}: ` +
      `current value is ${JSON.stringify(text)}`,
    meant === undefined ? undefined : `Did you mean --${name} ${meant}?`,
  );
}

function unknownFlag(word: string, table: FlagTable): CliError {
  const [name = word] = word.split("=");
  const near = nearest(name, [...Object.keys(table), "help", "version"].map((n) => `--${n}`));
  return usageError(
    `Unknown flag ${JSON.stringify(name)}`,
    near === undefined ? "--help shows every flag" : `Did you mean ${near}?`,
  );
}

function unexpectedWord(word: string, { rest }: Grammar<FlagTable>): CliError {
  return usageError(
    `Unexpected word ${JSON.stringify(word)}`,
    rest === true ? `The server's command stands after "--": -- ${word} …` : undefined,
  );
}
