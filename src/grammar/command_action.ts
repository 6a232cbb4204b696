/**
 * What a parsed command does at its gravest: reads, writes, deletes, or runs something that cannot
 * be told. Says the graver thing wherever it is in doubt.
 * @module
 */

import { parseBash } from "./bash.ts";
import { type BashCommand, type BashScript, type BashWord, staticText } from "./bash_facts.ts";
import { readAwk } from "./awk_code.ts";
import type { LineItem, ProgramLine } from "./program_line.ts";
import type { ProgramEffect } from "./program_syntax.ts";
import { lineOf, syntaxOf } from "./programs.ts";
import { readSed } from "./sed_code.ts";
import { readFind } from "./programs/find.ts";

/** How deep programs and shells are followed. */
const MAX_LEVEL = 8;
/** Characters of shell text inside shell text. */
const MAX_NESTED_CHARS = 64 * 1024;

/** Writing to them changes no file. */
const HARMLESS_DEVICES = new Set(["/dev/null", "/dev/stdout", "/dev/stderr"]);
const GRAVITY: readonly ProgramEffect[] = ["read", "write", "delete", "execute"];

/** The action of a script: that of its gravest command. */
export function actionOfCommand(script: BashScript): "read" | "write" | "delete" | "execute" {
  return new ActionReader().script(script, 0);
}

class ActionReader {
  #nestedChars = 0;

  script(script: BashScript, level: number): ProgramEffect {
    if (script.faults.length > 0 || level > MAX_LEVEL) return "execute";
    return gravest(script.commands, (command) => this.#command(command, script, level));
  }

  #command(command: BashCommand, script: BashScript, level: number): ProgramEffect {
    const variables = command.assignments.length > 0 && command.words.length > 0;
    if (variables || command.declared.length > 0) return "execute";
    const written = gravest(command.redirections, ({ access, target }) => {
      const text = staticText(target) ?? "";
      if (text.startsWith("/dev/tcp/") || text.startsWith("/dev/udp/")) return "execute";
      return access === "read" || HARMLESS_DEVICES.has(text) ? "read" : "write";
    });
    if (command.words.length === 0) return written;
    const name = staticText(command.words[0] ?? []) ?? "";
    const own = script.functions.has(name) ? "read" : this.#argv(command.words, level);
    return graver(written, own);
  }

  #argv(words: readonly BashWord[], level: number): ProgramEffect {
    const [first, ...rest] = words;
    const name = staticText(first ?? []);
    if (name === undefined || level > MAX_LEVEL) return "execute";
    if (name === "find") return this.#find(rest, level);
    if (name === "env" && rest.length > 0) return "execute";
    const line = lineOf(name, rest);
    if (line === undefined) return name === "env" ? "read" : "execute";
    if (line.effect === "execute") return "execute";
    const hidden = hidesOptions(rest) ? gravestOption(name) : "read";
    return graver(
      graver(line.effect, hidden),
      gravest(line.items, (item) => this.#item(item, line, level)),
    );
  }

  #item(item: LineItem, line: ProgramLine, level: number): ProgramEffect {
    switch (item.role) {
      case "text":
      case "file":
      case "folder":
        return "read";
      case "write":
        return HARMLESS_DEVICES.has(staticText(item.value) ?? "") ? "read" : "write";
      case "delete":
        return "delete";
      case "argv":
        return this.#argv([item.value, ...item.rest], level + 1);
      case "shell":
        // `trap - INT`: nothing is run.
        if (item.option === undefined && /^-?$/.test(staticText(item.value) ?? "?")) return "read";
        if (line.operands.length < 2 && item.option === undefined) return "read";
        return this.#text(item.value, level);
      case "shellwords":
        return gravest([item.value, ...item.rest], (word) => this.#text(word, level)) === "read"
          ? this.#text(joined([item.value, ...item.rest]), level)
          : "execute";
      case "awk":
      case "sed":
      case "sql":
        return codeAction(item);
      case "program":
        return item.value.length === 0 ? "read" : "execute";
      case "code":
      case "script":
      case "registry":
      case "denied":
      case "setting":
        return "execute";
    }
  }

  #text(word: BashWord, level: number): ProgramEffect {
    const text = staticText(word);
    if (text === undefined) return "execute";
    this.#nestedChars += text.length;
    if (this.#nestedChars > MAX_NESTED_CHARS) return "execute";
    return this.script(parseBash(text), level + 1);
  }

  #find(words: readonly BashWord[], level: number): ProgramEffect {
    if (hidesOptions(words)) return "execute";
    return gravest(readFind(words).actions, (action) => {
      switch (action.kind) {
        case "delete":
          return "delete";
        case "write":
          return "write";
        case "run":
          return this.#argv(action.words, level + 1);
      }
    });
  }
}

function gravest<T>(values: Iterable<T>, effect: (value: T) => ProgramEffect): ProgramEffect {
  let worst: ProgramEffect = "read";
  for (const value of values) {
    worst = graver(worst, effect(value));
    if (worst === "execute") break;
  }
  return worst;
}

function graver(left: ProgramEffect, right: ProgramEffect): ProgramEffect {
  return GRAVITY.indexOf(left) >= GRAVITY.indexOf(right) ? left : right;
}

/** Whether a word may turn out to be an option, or to hold one: its front, or more, is not known. */
function hidesOptions(words: readonly BashWord[]): boolean {
  return words.some((word) =>
    word.some((part, index) => {
      if (part.kind === "glob") return index === 0;
      if (part.kind !== "variable" && part.kind !== "computed") return false;
      return !part.quoted || (index === 0 && !(part.kind === "computed" && part.pipe === true));
    })
  );
}

/** The gravest that an option could make of a program. */
function gravestOption(name: string): ProgramEffect {
  const syntax = syntaxOf(name);
  if (syntax === undefined || syntax.denied !== undefined || syntax.subcommands !== undefined) {
    return "execute";
  }
  const roles = Object.keys(syntax.values ?? {});
  const modes = gravest(
    syntax.modes ?? [],
    (mode) => graver(mode.effect ?? "read", gravest(mode.operands, effectOfRole)),
  );
  return graver(modes, gravest(roles, effectOfRole));
}

function effectOfRole(role: string): ProgramEffect {
  switch (role) {
    case "text":
    case "file":
    case "folder":
      return "read";
    case "write":
      return "write";
    case "delete":
      return "delete";
    default:
      return "execute";
  }
}

function joined(words: readonly BashWord[]): BashWord {
  return words.flatMap((word, index) =>
    index === 0 ? word : [{ kind: "text" as const, text: " " }, ...word]
  );
}

/** Code in a small language, as far as it can be read before the run. */
function codeAction({ role, value }: LineItem): ProgramEffect {
  const text = staticText(value);
  if (text === undefined || role === "sql") return "execute";
  const { runs, writes } = role === "awk" ? readAwk(text) : readSed(text);
  return runs ? "execute" : writes.length > 0 ? "write" : "read";
}
