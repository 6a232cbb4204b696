/**
 * Interpreters and shells: which file they run, and whether code reaches them on standard input.
 * @module
 */

import { type BashWord, frontText, staticText } from "../../../grammar/bash_facts.ts";
import type { ProgramLine } from "../../../grammar/program_line.ts";
import type { Objection } from "../../objection.ts";
import { type Context, judgeRead } from "./context.ts";
import { refusal } from "./refusals.ts";
import { absolute, places, render, within } from "./words.ts";

/** Interpreters whose inline code the operator may allow, by leaving them out of `noInlineCode`. */
export const INTERPRETERS = new Set([
  ...["python", "python2", "python3", "pypy3", "node", "nodejs", "bun", "deno", "ruby", "perl"],
  ...["php"],
]);
/** Shells: what they are given is judged as a script of its own. */
export const SHELLS = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"]);
/** Options after which an interpreter reads no code from its input. */
const NO_STDIN_CODE: { readonly [name: string]: readonly string[] } = {
  python: ["-m", "-V", "--version", "-h", "--help"],
  node: ["-v", "--version", "-h", "--help"],
  php: ["-v", "--version", "-h", "--help", "-i", "-m", "-l", "-S", "--server"],
  ruby: ["-v", "--version", "-h", "--help"],
  perl: ["-v", "-V", "-h"],
  deno: ["-V", "--version", "-h", "--help"],
};
/** Judges the file that an interpreter runs. */
export function judgeScriptFile(
  name: string,
  word: BashWord,
  context: Context,
): Objection | undefined {
  const text = render(word, context.at);
  if (isStdin(text) || word.some((part) => part.kind === "computed" && part.pipe === true)) {
    return INTERPRETERS.has(name) && !context.profile.noInlineCode.has(name)
      ? undefined
      : refusal("command-code-on-stdin", name);
  }
  if (/^(?:https?|data|ftp):/i.test(text)) return refusal("command-runs-code", text);
  const named = judgeRead(word, context);
  if (named !== undefined) return named;
  if (!/[/~]/.test(frontText(word)) && word[0]?.kind !== "home") return undefined;
  const folder = context.profile.cwd;
  const outside = folder !== undefined && staticText(word) !== undefined &&
    places(text, context.at).some((place) => !within(place, folder));
  return outside ? refusal("command-script-outside", text) : undefined;
}

function isStdin(path: string): boolean {
  if (path === "-") return true;
  return path.startsWith("/") &&
    /^\/(?:dev\/stdin|dev\/fd\/[0-9]+|proc\/[^/]+\/fd\/[0-9]+)$/.test(absolute(path, "/"));
}

/** Code that reaches an interpreter on its standard input. */
export function judgeInterpreterInput(
  name: string,
  line: ProgramLine,
  context: Context,
): Objection | undefined {
  const { input } = context;
  if (input.kind === "inherited") return undefined;
  const interpreter = INTERPRETERS.has(name) && context.profile.noInlineCode.has(name);
  if (!interpreter && !SHELLS.has(name)) return undefined;
  if (line.path.length > 0 && !["run", "repl", "serve"].includes(line.path[0] ?? "")) {
    return undefined;
  }
  const busy = line.items.some((item) =>
    item.role === "code" || item.role === "shell" ||
    (item.role === "script" && item.option === undefined)
  );
  const quiet = NO_STDIN_CODE[name.replace(/[0-9.]+$/, "")] ?? [];
  if (busy || quiet.some((option) => line.options.has(option))) return undefined;
  if (SHELLS.has(name) && input.kind === "text" && staticText(input.text) !== undefined) {
    return context.referee.text(input.text, { ...context, input: { kind: "inherited" } }, []);
  }
  return refusal("command-code-on-stdin", name);
}
