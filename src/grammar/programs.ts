/**
 * The programs whose command lines can be read.
 * @module
 */

import { type BashWord, frontText, staticText, textWord } from "./bash_facts.ts";
import { type ProgramLine, readLine } from "./program_line.ts";
import type { ProgramSyntax } from "./program_syntax.ts";
import { CONTAINER_PROGRAMS } from "./programs/containers.ts";
import { FILE_PROGRAMS } from "./programs/files.ts";
import { GIT } from "./programs/git.ts";
import { PACKAGE_PROGRAMS } from "./programs/packages.ts";
import { RUNTIMES } from "./programs/runtimes.ts";
import { TEXT_PROGRAMS } from "./programs/text.ts";
import { WRAPPERS } from "./programs/wrappers.ts";

const TABLES = [
  ...[FILE_PROGRAMS, TEXT_PROGRAMS, WRAPPERS, RUNTIMES, PACKAGE_PROGRAMS, CONTAINER_PROGRAMS],
  { git: GIT },
];

/** How a program reads its words; nothing when it is not known. */
export function syntaxOf(name: string): ProgramSyntax | undefined {
  for (const table of TABLES) if (Object.hasOwn(table, name)) return table[name];
  return undefined;
}

/** Reads the words that follow the name of a program; nothing when it is not known. */
export function lineOf(name: string, words: readonly BashWord[]): ProgramLine | undefined {
  const syntax = syntaxOf(name);
  if (syntax === undefined) return undefined;
  if (name === "tar" || name === "bsdtar") return readTar(syntax, words);
  const line = readLine(syntax, words);
  return PAGERS.has(name) ? withCommands(line) : line;
}

const PAGERS = new Set(["less", "more", "zless"]);

/** `less +!ls`: keys that are pressed first, among them those that run a program. */
function withCommands(line: ProgramLine): ProgramLine {
  return {
    ...line,
    items: line.items.map((item) => {
      const front = item.option === undefined ? frontText(item.value) : "";
      const runs = front.startsWith("+") && (front.includes("!") || front.includes("|"));
      return runs ? { ...item, role: "denied" } : item;
    }),
  };
}

/** `tar czf x y` is `tar -c -z -f x y`; and `-f` names what is written or read by the mode. */
function readTar(syntax: ProgramSyntax, words: readonly BashWord[]): ProgramLine {
  const [first = [], ...rest] = words;
  const letters = staticText(first);
  let spelt = words;
  if (letters !== undefined && /^[A-Za-z]+$/.test(letters)) {
    const queue = [...rest];
    spelt = [...letters].flatMap((letter) => {
      const option = textWord(`-${letter}`);
      return "fbCTXgHKLNVIF".includes(letter) ? [option, queue.shift() ?? []] : [option];
    });
    spelt = [...spelt, ...queue];
  }
  const line = readLine(syntax, spelt);
  const has = (...names: string[]) => names.some((name) => line.options.has(name));
  const packs = has("-c", "--create", "-r", "--append", "-u", "--update", "-A", "--delete");
  const unpacks = has("-x", "--extract", "--get") && !has("-O", "--to-stdout");
  return {
    ...line,
    effect: has("--remove-files") ? "delete" : packs || unpacks ? "write" : "read",
    items: line.items.map((item) => {
      const archive = item.option === "-f" || item.option === "--file";
      if (archive && (!packs || frontText(item.value) === "-")) return { ...item, role: "file" };
      if (item.role === "folder" && unpacks) return { ...item, role: "write" };
      if (item.option === undefined && has("--remove-files")) return { ...item, role: "delete" };
      return item;
    }),
  };
}
