/**
 * Reads the command line of `find`, which is an expression and no list of options.
 * @module
 */

import { type BashWord, staticText } from "../bash_facts.ts";

/** What it does with what it finds. */
export type FindAction =
  | { readonly kind: "delete" }
  /** Runs a program, with what it found where `{}` stands. */
  | { readonly kind: "run"; readonly words: readonly BashWord[] }
  /** Writes its own output to a file. */
  | { readonly kind: "write"; readonly target: BashWord };

/** A `find` command that has been read. */
export interface FindLine {
  /** Where it starts; `.` when nothing is named. */
  readonly roots: readonly BashWord[];
  /** Patterns of names that it asks for; those it leaves out are not among them. */
  readonly names: readonly BashWord[];
  /** Files it reads for comparison or as lists. */
  readonly files: readonly BashWord[];
  /** Whether any test keeps it from taking everything. */
  readonly selective: boolean;
  readonly actions: readonly FindAction[];
}

const NAME_TESTS = new Set([
  ...["-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename", "-lname", "-ilname"],
]);
const FILE_TESTS = new Set(["-newer", "-anewer", "-cnewer", "-samefile", "-files0-from"]);
const OTHER_TESTS = new Set([
  ...["-regex", "-iregex", "-type", "-xtype", "-size", "-user", "-group", "-uid", "-gid", "-perm"],
  ...["-mtime", "-atime", "-ctime", "-mmin", "-amin", "-cmin", "-newermt", "-newerat", "-newerct"],
  ...["-inum", "-links", "-fstype", "-used", "-context"],
]);
const VALUES = new Set(["-maxdepth", "-mindepth", "-regextype", "-printf", "-D"]);
const BARE_TESTS = new Set([
  "-empty",
  "-executable",
  "-readable",
  "-writable",
  "-nouser",
  "-nogroup",
]);
const RUNS = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/** Reads what follows the word `find`. */
export function readFind(words: readonly BashWord[]): FindLine {
  const roots: BashWord[] = [];
  const names: BashWord[] = [];
  const files: BashWord[] = [];
  const actions: FindAction[] = [];
  let selective = false;
  let negated = false;
  let at = 0;
  for (; at < words.length; at++) {
    const text = staticText(words[at] ?? []);
    if (text === "-H" || text === "-L" || text === "-P" || text?.startsWith("-O") === true) {
      continue;
    }
    if (text !== undefined && /^(?:-.|[(!,]|\)$)/.test(text)) break;
    roots.push(words[at] ?? []);
  }
  for (; at < words.length; at++) {
    const text = staticText(words[at] ?? []) ?? "";
    const value = words[at + 1] ?? [];
    if (text === "!" || text === "-not") {
      negated = !negated;
      continue;
    }
    if (RUNS.has(text)) {
      const end = endOfRun(words, at + 1);
      actions.push({ kind: "run", words: words.slice(at + 1, end) });
      at = end;
    } else if (text === "-delete") actions.push({ kind: "delete" });
    else if (text === "-fprint" || text === "-fprint0" || text === "-fls" || text === "-fprintf") {
      actions.push({ kind: "write", target: value });
      at += text === "-fprintf" ? 2 : 1;
    } else if (NAME_TESTS.has(text)) {
      selective = true;
      if (!negated && !followedByPrune(words, at + 2)) names.push(value);
      at++;
    } else if (FILE_TESTS.has(text)) {
      selective = true;
      files.push(value);
      at++;
    } else if (OTHER_TESTS.has(text) || /^-newer[aBcm][aBcmt]$/.test(text)) {
      selective = true;
      at++;
    } else if (VALUES.has(text)) at++;
    else if (BARE_TESTS.has(text)) selective = true;
    negated = false;
  }
  return {
    roots: roots.length > 0 ? roots : [[{ kind: "text", text: "." }]],
    ...{ names, files, selective, actions },
  };
}

/** Up to `;`, or to `+` after `{}`. */
function endOfRun(words: readonly BashWord[], from: number): number {
  for (let at = from; at < words.length; at++) {
    const text = staticText(words[at] ?? []);
    if (text === ";") return at;
    if (text === "+" && staticText(words[at - 1] ?? []) === "{}") return at;
  }
  return words.length;
}

/** `-name x -prune`, also `-path x -type d -prune`: a name that is left out. */
function followedByPrune(words: readonly BashWord[], from: number): boolean {
  for (let at = from; at < Math.min(from + 8, words.length); at++) {
    const text = staticText(words[at] ?? []);
    if (text === "-prune") return true;
    if (text === "-o" || text === "-or" || text === "-exec" || text === "-print") return false;
  }
  return false;
}
