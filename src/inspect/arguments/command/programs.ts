/**
 * Judges one program and its words: by the role that each word has.
 * @module
 */

import {
  type BashInput,
  type BashWord,
  frontText,
  staticText,
  textWord,
} from "../../../grammar/bash_facts.ts";
import { readAwk } from "../../../grammar/awk_code.ts";
import { readClientSql } from "../../../grammar/client_sql.ts";
import type { CodeEffects } from "../../../grammar/code_effects.ts";
import { readSed } from "../../../grammar/sed_code.ts";
import type { LineItem, ProgramLine } from "../../../grammar/program_line.ts";
import { lineOf } from "../../../grammar/programs.ts";
import { printedWords } from "../../../grammar/bash_output.ts";
import type { Objection } from "../../objection.ts";
import { judgeContainer } from "./containers.ts";
import { type Context, judgeChange, judgeRead, judgeWhole } from "./context.ts";
import { judgeGit, onlyTells } from "./git.ts";
import { INTERPRETERS, judgeInterpreterInput, judgeScriptFile, SHELLS } from "./interpreters.ts";
import { refusal } from "./refusals.ts";
import { isEvaluated, judgeSetting, plainText } from "./assignments.ts";
import { isPackageFile, setsRegistry } from "./settings.ts";
import { isViewer } from "./viewers.ts";
import { isOutside, places, render, within } from "./words.ts";

/** Programs that `pandoc` is commonly told to run for PDF. */
const PDF_ENGINES = new Set([
  ...["pdflatex", "xelatex", "lualatex", "tectonic", "wkhtmltopdf", "weasyprint", "prince"],
  ...["context", "groff", "pdfroff", "typst", "latexmk"],
]);
/** Programs that compress, which archivers and `sort` may be told to run. */
const COMPRESSORS = new Set([
  ...["gzip", "pigz", "bzip2", "pbzip2", "lbzip2", "xz", "pixz", "zstd", "lz4", "lzop", "lzma"],
]);
/** Programs whose removal of a whole root counts; git only forgets what it can bring back. */
const REMOVES = new Set(["rm", "mv", "rmdir", "shred", "unlink"]);

/** Judges the words of a program that may run. */
export function judgeProgram(
  name: string,
  words: readonly BashWord[],
  context: Context,
): Objection | undefined {
  const line = lineOf(name, words);
  if (line === undefined) return firstOf(words, (word) => judgeRead(word, context));
  const inner = inFolder(name, line, context);
  return firstOf(line.items, (item) =>
    // The archive of `tar -C folder -f archive` is named from outside the folder.
    judgeItem({ name, line, item }, name === "tar" && item.option === "-f" ? context : inner)) ??
    judgeFolder(name, line, inner) ??
    judgeInput(name, line, context) ??
    judgeOddities({ name, words, line }, inner);
}

/** The first objection that any of the values meets. */
export function firstOf<T>(
  values: Iterable<T>,
  judge: (value: T) => Objection | undefined,
): Objection | undefined {
  for (const value of values) {
    const objection = judge(value);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** The surroundings after `-C folder` and its like. */
function inFolder(name: string, line: ProgramLine, context: Context): Context {
  let at = context.at;
  for (const { role, option, value } of line.items) {
    const moves = role === "folder" || (role === "write" &&
      (option === "-C" || option === "--directory" || (name === "patch" && option === "-d")));
    if (!moves) continue;
    const folders = places(render(value, at), at);
    at = { ...at, folders: folders.length > 0 ? folders : [undefined] };
  }
  return at === context.at ? context : { ...context, at };
}

/** What is written into the folder that the program is in, without being named. */
function judgeFolder(name: string, line: ProgramLine, context: Context): Objection | undefined {
  const writes =
    (name === "git" && line.effect !== "read" && line.path[0] !== "config" && !onlyTells(line)) ||
    (name === "tar" && (line.options.has("-x") || line.options.has("--extract"))) ||
    (["unzip", "patch", "split"].includes(name) && line.effect === "write" &&
      !line.items.some((item) => item.role === "write")) ||
    (["npm", "pnpm", "yarn"].includes(name) && line.items.some((item) => item.role === "folder"));
  if (
    !writes || (name === "git" && ["clone", "init", "worktree"].includes(line.path[0] ?? "") &&
      line.items.some((item) => item.role === "write"))
  ) return undefined;
  const folder = context.at.folders.find((each) =>
    each !== undefined && isOutside(each, context.profile.writeRoots)
  );
  return folder === undefined ? undefined : refusal("command-write-outside", folder);
}

interface Given {
  readonly name: string;
  readonly line: ProgramLine;
  readonly item: LineItem;
}

function judgeItem(given: Given, context: Context): Objection | undefined {
  const { name, line, item } = given;
  const { role, value, rest, option } = item;
  switch (role) {
    case "text":
      return undefined;
    case "file":
    case "folder":
      return isLeftOut(option) ? undefined : judgeRead(value, context);
    case "write":
      return isPackageFile(`/${render(value, context.at)}`) && saysRegistry(line, context.input)
        ? refusal("command-registry", render(value, context.at))
        : judgeChange(value, context);
    case "delete": {
      const recursive = name !== "rm" ||
        ["-r", "-R", "--recursive"].some((each) => line.options.has(each));
      // What `mv *` takes may well stay inside.
      const whole =
        recursive && REMOVES.has(name) && !(name === "mv" && staticText(value) === undefined)
          ? judgeWhole(value, context)
          : undefined;
      return whole ?? judgeChange(value, context, "command-delete-outside");
    }
    case "argv":
      if (option === "-m" && INTERPRETERS.has(name)) return judgeModule(given, context);
      if (name === "cmake") return judgeCmakeTool(item, context);
      if (name === "npx" || name === "bunx" || ["exec", "x", "dlx"].includes(line.path[0] ?? "")) {
        return judgePackage(given, context);
      }
      return context.referee.argv([value, ...rest], context);
    case "shell":
      return judgeShellText(given, context);
    case "shellwords":
      return context.referee.text(joined([value, ...rest]), context, []);
    case "program":
      return judgeRunner(given);
    case "code":
      return INTERPRETERS.has(name) && !context.profile.noInlineCode.has(name)
        ? undefined
        : refusal(INTERPRETERS.has(name) ? "command-inline-code" : "command-runs-code", name);
    case "script":
      return judgeScriptFile(name, value, context);
    case "awk":
      return judgeCode(name, readAwk(sourceOf(value)), context);
    case "sed":
      return judgeCode(name, readSed(sourceOf(value)), context);
    case "sql":
      return judgeCode(name, readClientSql(sourceOf(value)), context);
    case "registry":
      return isLocalFolder(value, context) ? undefined : refusal("command-registry", name);
    case "denied":
      return line.path.includes("run") || line.path.includes("create") ||
          line.path.includes("exec")
        ? refusal("command-container", option)
        : refusal("command-runs-code", `${name} ${option ?? ""}`);
    case "setting":
      return judgeSetting(given, context);
  }
}

/** `python -m module`: a program of that name, as far as one is known. */
function judgeModule({ name, item }: Given, context: Context): Objection | undefined {
  const module = staticText(item.value);
  if (module === undefined) return refusal("command-computed");
  if (module === "pip") return context.referee.argv([textWord("pip"), ...item.rest], context);
  if (module === "timeit" || module === "code") {
    return context.profile.noInlineCode.has(name)
      ? refusal("command-inline-code", `${name} -m ${module}`)
      : undefined;
  }
  const input = { kind: "inherited" } as const;
  return judgeProgram(module, item.rest, { ...context, input, level: context.level + 1 });
}

/** A package by its name, with or without a version; or a program of the project. */
function judgePackage({ name, line, item }: Given, context: Context): Objection | undefined {
  const text = staticText(item.value);
  const packages = NODE_RUNNERS.has(name) && text !== undefined && !/^[./]/.test(text);
  if (!packages) return context.referee.argv([item.value, ...item.rest], context);
  if (/[/:]/.test(text)) return refusal("command-program", `${name} ${line.path[0] ?? ""} ${text}`);
  const at = text.indexOf("@", 1);
  const bare = at < 0 ? text : text.slice(0, at);
  return context.referee.argv([textWord(bare), ...item.rest], context);
}

const NODE_RUNNERS = new Set(["npx", "bunx", "npm", "pnpm", "yarn"]);

/** Whether what is written to a file says where packages come from, as far as it can be seen. */
function saysRegistry(line: ProgramLine, input: BashInput): boolean {
  const seen = [
    ...line.items.filter((item) => item.role !== "write").map((item) => item.value),
    ...(input.kind === "text"
      ? [input.text]
      : input.kind === "pipe"
      ? printedWords(input.stage)
      : []),
  ];
  return seen.some((word) => setsRegistry(sourceOf(word)));
}

/** What `cmake -E` does itself, by the program that does the same. */
const CMAKE_TOOLS: ReadonlyMap<string, string> = new Map([
  ...["copy", "copy_directory", "copy_if_different"].map((name) => [name, "cp"] as const),
  ...["rm", "remove", "remove_directory"].map((name) => [name, "rm"] as const),
  ...["make_directory"].map((name) => [name, "mkdir"] as const),
  ...["touch", "touch_nocreate"].map((name) => [name, "touch"] as const),
  ...["cat", "echo", "sleep", "tar"].map((name) => [name, name] as const),
  ...[["rename", "mv"], ["create_symlink", "ln"], ["compare_files", "cmp"]] as const,
  ...[["md5sum", "md5sum"], ["sha256sum", "sha256sum"], ["true", "true"]] as const,
]);

function judgeCmakeTool(item: LineItem, context: Context): Objection | undefined {
  const tool = CMAKE_TOOLS.get(staticText(item.value) ?? "");
  return tool === undefined
    ? context.referee.argv([item.value, ...item.rest], context)
    : judgeProgram(tool, item.rest, context);
}

function isLeftOut(option: string | undefined): boolean {
  return option !== undefined && /^--?(?:exclude|ignore|not|skip|no-)/.test(option);
}

function joined(words: readonly BashWord[]): BashWord {
  return words.flatMap((word, index) => index === 0 ? word : [...textWord(" "), ...word]);
}

/** Code as text; what is only known at run time stands as a name in it. */
function sourceOf(word: BashWord): string {
  return word.map((part) => part.kind === "text" || part.kind === "glob" ? part.text : "_").join(
    "",
  );
}

function judgeShellText({ name, line, item }: Given, context: Context): Objection | undefined {
  const text = staticText(item.value);
  // `trap - INT` and `trap '' INT` run nothing.
  if (name === "trap" && (text === "" || text === "-" || line.operands.length < 2)) {
    return undefined;
  }
  if (text === undefined && name !== "trap" && name !== "watch") {
    return refusal("command-runs-code", `${name} ${item.option ?? ""}`);
  }
  const args = SHELLS.has(name) ? line.operands.slice(1) : [];
  return firstOf(args, (word) => judgeRead(word, context)) ??
    context.referee.text(item.value, context, args);
}

/** An option whose value is a program, perhaps with its own words. */
function judgeRunner({ name, item }: Given): Objection | undefined {
  const text = staticText(item.value);
  if (text === "" || (item.value.length === 0 && text !== undefined)) return undefined;
  if (text !== undefined) {
    const first = text.split(" ")[0] ?? "";
    if (name === "pandoc" && (PDF_ENGINES.has(first) || /^pandoc-[a-z-]+$/.test(first))) {
      return undefined;
    }
    if (COMPRESSORS.has(first) && !/[;&|<>$`\n]/.test(text)) return undefined;
    if (name === "git" && isViewer(text)) return undefined;
  }
  return refusal("command-runs-code", `${name} ${item.option ?? ""}`);
}

function judgeCode(name: string, effects: CodeEffects, context: Context): Objection | undefined {
  if (effects.runs) return refusal("command-runs-code", name);
  return firstOf(effects.writes, (path) => judgeChange(textWord(path), context)) ??
    firstOf(effects.reads, (path) => judgeRead(textWord(path), context));
}

function isLocalFolder(word: BashWord, context: Context): boolean {
  const text = staticText(word);
  if (text === undefined || text === "" || /:|^\/\//.test(text) || !/^[./]/.test(text)) {
    return false;
  }
  return places(text, context.at).every((place) =>
    context.profile.writeRoots.some((root) => within(place, root))
  );
}

/** SQL that reaches its client on standard input. */
function judgeInput(name: string, line: ProgramLine, context: Context): Objection | undefined {
  const { input } = context;
  if (name === "sqlite3" || name === "psql") {
    const known = input.kind === "text"
      ? [input.text]
      : input.kind === "pipe"
      ? printedWords(input.stage)
      : [];
    return firstOf(
      known,
      (word) => judgeCode(name, readClientSql(sourceOf(word).replaceAll("\\n", "\n")), context),
    );
  }
  return judgeInterpreterInput(name, line, context);
}

/** Whether a word is a name with a subscript that the shell expands when it looks the name up. */
function namesSubscript(word: BashWord): boolean {
  return isEvaluated(plainText(word));
}

/** What only one program does. */
function judgeOddities(
  given: {
    readonly name: string;
    readonly words: readonly BashWord[];
    readonly line: ProgramLine;
  },
  context: Context,
): Objection | undefined {
  const { name, words, line } = given;
  switch (name) {
    case "git":
      return judgeGit(words, line, context);
    case "docker":
    case "podman":
    case "docker-compose":
    case "kubectl":
      return judgeContainer(line, context.input);
    case "test":
    case "[":
    case "[[":
      return words.some(namesSubscript) ? refusal("command-computed") : undefined;
    case "printf":
      return words.some((word, at) =>
          staticText(words[at - 1] ?? []) === "-v" && namesSubscript(word)
        )
        ? refusal("command-computed")
        : undefined;
    case "zip": // the command may stand in the same word
      return words.some((word) => /^-[A-Za-z]*TT./.test(frontText(word)))
        ? refusal("command-runs-code", "zip -TT")
        : undefined;
    case "java":
      return words.some((word) => /^-(?:XX:On|javaagent|agent)/.test(frontText(word)))
        ? refusal("command-runs-code", name)
        : undefined;
    case "convert":
      return words.some((word) => /^(?:\||ephemeral:|msl:)/.test(frontText(word)))
        ? refusal("command-runs-code", name)
        : undefined;
    case "mvn":
      return line.operands.some((word) => /(?:^|:)exec(?:-maven-plugin)?:/.test(frontText(word)))
        ? refusal("command-runs-code", name)
        : undefined;
    default:
      return undefined;
  }
}
