/**
 * What git is told to run: by a setting, by a transport, by an option.
 * @module
 */

import { type BashWord, frontText, staticText, textWord } from "../../../grammar/bash_facts.ts";
import type { ProgramLine } from "../../../grammar/program_line.ts";
import type { Objection } from "../../objection.ts";
import { type Context, judgeChange } from "./context.ts";
import { refusal } from "./refusals.ts";
import { gitSetting } from "./settings.ts";

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
    if (/^(?:ext|fd)::/.test(front)) return refusal("command-runs-code", "git ext::");
    const option = front.split("=", 1)[0] ?? "";
    if (front.includes("=") && RUN_OPTIONS.includes(option) && line.path[0] !== "rebase") {
      return refusal("command-runs-code", `git ${option}`);
    }
  }
  return line.path[0] === "config" ? judgeConfig(line, context) : judgeTree(line, context);
}

/** Subcommands that write or remove files of the work tree, also when none is named. */
const TREE_CHANGES = new Set([
  ...["am", "apply", "checkout", "checkout-index", "cherry-pick", "clean", "merge", "pull"],
  ...["read-tree", "rebase", "reset", "restore", "revert", "stash", "switch"],
]);
/** Options and words with which they only tell. */
const TREE_READS = ["--check", "--stat", "--numstat", "--summary", "-n", "--dry-run"];
const STASH_READS = new Set(["list", "show"]);

/** Judges where the work tree stands that git changes; `context` is in the folder of `-C`. */
function judgeTree(line: ProgramLine, context: Context): Objection | undefined {
  const [command = ""] = line.path;
  const word = staticText(line.operands[0] ?? []) ?? "";
  const only = command === "stash" ? STASH_READS.has(line.path[1] ?? word) : (command === "apply" ||
    command === "clean") && TREE_READS.some((option) => line.options.has(option));
  if (!TREE_CHANGES.has(command) || only) return undefined;
  const trees = line.items.filter(({ option }) => option === "--work-tree");
  return [HERE, ...trees.map(({ value }) => value)]
    .map((tree) => judgeChange(tree, context))
    .find((objection) => objection !== undefined);
}

const HERE = textWord(".");

function judgeConfig(line: ProgramLine, context: Context): Objection | undefined {
  if ([...line.options].some((option) => CONFIG_READS.has(option))) return undefined;
  let operands = line.operands;
  const first = staticText(operands[0] ?? []) ?? "";
  if (CONFIG_READ_WORDS.has(first)) return undefined;
  if (first === "set") operands = operands.slice(1);
  const [key, value] = operands;
  if (key === undefined || value === undefined) return undefined;
  return judgeGitSetting(key, value, context);
}

/** Judges `key=value` of git, wherever it stands. */
export function judgeGitSetting(
  key: BashWord,
  value: BashWord,
  context: Context,
): Objection | undefined {
  const name = staticText(key);
  if (name === undefined) return refusal("command-runs-code", "git config");
  const text = staticText(value) ?? "!";
  switch (gitSetting(name, text)) {
    case "none":
      return undefined;
    case "command":
      return context.referee.text(textWord(text.replace(/^!/, "")), context, []) === undefined &&
          staticText(value) !== undefined
        ? undefined
        : refusal("command-runs-code", `git config ${name}`);
    case "runs":
    case "registry":
      return refusal("command-runs-code", `git config ${name}`);
  }
}
