/**
 * What git is told to run: by a setting, by a transport, by an option.
 * @module
 */

import { type BashWord, frontText, staticText } from "../../../grammar/bash_facts.ts";
import type { ProgramLine } from "../../../grammar/program_line.ts";
import type { Objection } from "../../objection.ts";
import { type Context, judgeChange } from "./context.ts";
import { refusal } from "./refusals.ts";
import { gitSetting } from "./settings.ts";
import { isViewer } from "./viewers.ts";

/** Operations of `git config` that set nothing. */
const CONFIG_READS = new Set([
  ...["--get", "--get-all", "--get-regexp", "--get-urlmatch", "--list", "-l", "--unset"],
  ...["--unset-all", "--remove-section", "--rename-section", "--edit", "-e", "--get-color"],
]);
const CONFIG_READ_WORDS = new Set(["get", "list", "unset", "edit", "remove-section"]);
/** Options that name a program on either side, whatever the subcommand. */
const RUN_OPTIONS = ["--upload-pack", "--receive-pack", "--exec", "--exec-path", "--extcmd"];

/** Judges a git command beyond the roles of its words. */
export function judgeGit(
  words: readonly BashWord[],
  line: ProgramLine,
  context: Context,
): Objection | undefined {
  for (const word of words) {
    const front = frontText(word);
    // A host that begins with a dash is an option for ssh.
    if (/^(?:ext|fd)::|^(?:git\+)?ssh:\/\/-/.test(front)) {
      return refusal("command-runs-code", "git ext::");
    }
    const option = front.split("=", 1)[0] ?? "";
    if (front.includes("=") && RUN_OPTIONS.includes(option) && line.path[0] !== "rebase") {
      return refusal("command-runs-code", `git ${option}`);
    }
  }
  return line.path[0] === "config" ? judgeConfig(line) : judgeTree(line, context);
}

/** Options with which these commands only tell what they would do. */
const TELLS = ["--check", "--stat", "--numstat", "--summary", "-n", "--dry-run"];
const STASH_READS = new Set(["list", "show"]);

/** Whether a command that usually changes the work tree only tells of it. */
export function onlyTells({ path, operands, options }: ProgramLine): boolean {
  const [command = "", word = staticText(operands[0] ?? [])] = path;
  if (command === "stash") return STASH_READS.has(word ?? "");
  return (command === "apply" || command === "clean") &&
    TELLS.some((option) => options.has(option));
}

/** Judges the work trees that are named; the folder of `-C` is judged as one that is worked in. */
function judgeTree(line: ProgramLine, context: Context): Objection | undefined {
  if (onlyTells(line)) return undefined;
  return line.items.filter(({ option }) => option === "--work-tree")
    .map(({ value }) => judgeChange(value, context))
    .find((objection) => objection !== undefined);
}

function judgeConfig(line: ProgramLine): Objection | undefined {
  if ([...line.options].some((option) => CONFIG_READS.has(option))) return undefined;
  let operands = line.operands;
  const first = staticText(operands[0] ?? []) ?? "";
  if (CONFIG_READ_WORDS.has(first)) return undefined;
  if (first === "set") operands = operands.slice(1);
  const [key, value] = operands;
  if (key === undefined || value === undefined) return undefined;
  return judgeGitSetting(key, value);
}

/** Judges `key=value` of git, wherever it stands. */
export function judgeGitSetting(key: BashWord, value: BashWord): Objection | undefined {
  const name = staticText(key);
  if (name === undefined) return refusal("command-runs-code", "git config");
  const text = staticText(value) ?? "!";
  switch (gitSetting(name, text)) {
    case "none":
      return undefined;
    case "command":
      return isViewer(text) ? undefined : refusal("command-runs-code", `git config ${name}`);
    case "runs":
    case "registry":
      return refusal("command-runs-code", `git config ${name}`);
  }
}
