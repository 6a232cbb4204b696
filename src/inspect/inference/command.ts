/**
 * Arguments that reach a shell: as a command, or as a word of one.
 * @module
 */

import type { ArgumentFacts, InferredKind, ToolFacts } from "./facts.ts";
import { vocabulary } from "./words.ts";

/** Guesses `command` and `argv` from the name; enforced when the tool, too, says that it runs commands. */
export function guessCommand(argument: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  const { name, description, item } = argument;
  if (!COMMANDS.includes(name.last) || tool.name.has(...EDITORS)) return undefined;
  const says = (words: readonly string[]) => tool.name.has(...words) || tool.start.has(...words);
  const foreign = says(OTHER_COMMANDS) || description.has(...OTHER_COMMANDS) ||
    tool.name.has(...PROGRAMS);
  const agrees = says(RUNS) && says(SHELLS) && !foreign;
  const because = `its name says "${name.list.join(" ")}"${
    agrees ? ", and the tool runs them" : ""
  }`;
  const kind = item ? "argv" : "command";
  return { kind: { kind, profile: "default" }, enforced: agrees, because };
}

/** Guesses `shellarg` where the tool says that it puts its arguments into a command line. */
export function guessShellArgument(
  { name, description }: ArgumentFacts,
  tool: ToolFacts,
): InferredKind | undefined {
  if (PROSE.includes(name.last) || description.has("message", "regular", "regex", "json")) {
    return undefined;
  }
  const wraps = tool.description.has("run", "runs", "execute", "executes", "wraps", "calls") &&
    saysCommandLine(tool.description.list);
  const program = tool.name.list.find((word) => PROGRAMS.includes(word));
  const thing = name.last === "name" ? name.list.at(-2) ?? "" : name.last;
  if (!wraps && (program === undefined || !THINGS.includes(thing))) return undefined;
  const because = wraps
    ? "the tool runs a command line with it"
    : `the tool runs ${program}, and it names a thing of it`;
  return { kind: { kind: "shellarg" }, enforced: true, because };
}

function saysCommandLine(words: readonly string[]): boolean {
  return words.includes("cli") || words.includes("subprocess") ||
    words.some((word, index) => word === "command" && words[index + 1] === "line");
}

const COMMANDS = vocabulary("command commands cmd cmdline commandline argv");
const RUNS = vocabulary(
  "run runs exec execute executes start starts spawn launch invoke shell bash terminal",
);
const SHELLS = vocabulary("shell bash terminal command commands cmd process console sh");
/** Tools whose command is one of their own few words. */
const EDITORS = vocabulary("editor edit replace");
/** Commands of something else than a shell. */
const OTHER_COMMANDS = vocabulary(
  "redis sql vim slash git docker kubectl adb gdb mongodb rcon subcommand powershell " +
    "cmdlet without container pod",
);
/** Programs whose names are no English words. */
const PROGRAMS = vocabulary(
  "git docker podman kubectl helm npm npx pnpm yarn pip cargo ffmpeg imagemagick ssh " +
    "scp rsync curl wget tar unzip ping traceroute whois nslookup nmap terraform " +
    "systemctl adb gh grep rg",
);
/** What such programs take as one word. */
const THINGS = vocabulary(
  "branch tag ref revision commit commitish commits target remote image container " +
    "package packages pod namespace host hostname domain archive upstream onto " +
    "service object include exclude",
);
/** Arguments that are texts, whoever runs with them. */
const PROSE = vocabulary(
  "message text content body description title comment stdin input prompt code script " +
    "url query date since until",
);
