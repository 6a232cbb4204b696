/**
 * Whether a text that stands for one value goes on as a shell command.
 *
 * The text has to be unmistakable: one plain value, or nothing, then a separator or a substitution
 * of the shell, then complete commands to the end. Prose and code around a command, as documents have
 * it, are no break-out.
 * @module
 */
import {
  type CommandEffect,
  commandEffect,
  type CommandInput,
  programName,
} from "./command_effect.ts";
import { isOneValue } from "./one_value.ts";
import { readShellLine, type ShellCommand } from "./shell_line.ts";

/** A command that a value goes on with. */
export interface ShellBreakout {
  /** How it is reached. */
  readonly by: "chain" | "substitution";
  readonly effect: CommandEffect;
}

/** A text of two lines may be a value and a command; one of three is a document. */
const MAX_LINES = 2;

/** Words of a command that a value may hold in front of the one that harms. */
const MAX_WORDS_BETWEEN = 4;

/** Programs and words of the language that begin an ordinary command line. What follows a command is a command, and no break-out. */
const COMMON_PROGRAMS: ReadonlySet<string> = new Set(
  ("apt apt-get brew bundle cargo cat cd chmod chown composer cp curl docker echo export find git go grep " +
    "gradle helm kubectl ln ls make mkdir mv mvn node npm npx pip pip3 pnpm printf python python3 rm run " +
    "ruby sed set source sudo tar test touch true unzip wget yarn yum " +
    "case do elif else for if then until while [ [[ !").split(" "),
);

/** Without a separator or a substitution there is nothing to read. */
const ANY_OPENER = /[;&|\n`]|\$\(/;

/** Finds what a value goes on with, if it goes on as a shell command. */
export function findShellBreakout(text: string): ShellBreakout | undefined {
  const value = text.trim();
  if (!isShort(value) || !ANY_OPENER.test(value)) return undefined;
  return findDownloadAndRun(value) ?? findChain(value) ?? findSubstitution(value, "$(") ??
    findSubstitution(value, "`");
}

function isShort(value: string): boolean {
  let lines = 1;
  for (let at = value.indexOf("\n"); at >= 0; at = value.indexOf("\n", at + 1)) {
    if (++lines > MAX_LINES) return false;
  }
  return true;
}

/** A whole command line that fetches or decodes something and hands it to an interpreter. */
function findDownloadAndRun(value: string): ShellBreakout | undefined {
  const { commands } = readShellLine(value, { start: 0, closer: "" });
  return fetchesAndRuns(commands) ? { by: "chain", effect: "run" } : undefined;
}

function fetchesAndRuns(commands: readonly ShellCommand[]): boolean {
  if (commands.length < 2) return false;
  const last = commands.length - 1;
  const isScriptPiped = isPiped(commands, last);
  const obtains = effectAt(commands, 0) === "download" ||
    (isScriptPiped && decodes(commands[last - 1]));
  const input = isScriptPiped ? "pipe" : "download";
  return obtains && commandEffect(commands[last].words, input) === "run";
}

function decodes({ words }: ShellCommand): boolean {
  const [program, ...args] = words.map(({ text }) => text);
  return /^(?:base64|base32|xxd|openssl)$/.test(programName(program)) &&
    args.some((arg) => /^-(?:[dDr]|-decode|-revert)$/.test(arg));
}

function effectAt(commands: readonly ShellCommand[], at: number): CommandEffect | undefined {
  const input: CommandInput = isPiped(commands, at) ? "pipe" : "nothing";
  return commandEffect(commands[at].words, input);
}

/** Whether a command reads what the one before it writes, and nothing reads what it writes itself: in a table every cell has a bar on both sides. */
function isPiped(commands: readonly ShellCommand[], at: number): boolean {
  return at > 0 && isPipe(commands[at - 1]) && commands[at - 1].words.length > 1 &&
    !isPipe(commands[at]);
}

function isPipe({ separator }: ShellCommand): boolean {
  return separator === "|" || separator === "|&";
}

/** A value, a separator, and commands to the end. */
function findChain(value: string): ShellBreakout | undefined {
  const at = value.search(/[;&|\n]/);
  if (at < 0) return undefined;
  const head = value.slice(0, at).replace(/\(\)\s?\{\s?:$/, ""); // `x() { :;};`, an old bug of Bash
  if (!isOneValue(head) || isCommand(head)) return undefined;
  if (value[at] === "\n" && /\s/.test(head.trim())) return undefined; // two lines of a text
  const effect = harmOf(readShellLine(value, { start: at, closer: "" }).commands);
  return effect === undefined ? undefined : { by: "chain", effect };
}

function isCommand(head: string): boolean {
  return COMMON_PROGRAMS.has(programName(head.trim().split(/\s/, 1)[0]));
}

/** A value that ends in a substitution, or has one inside and nothing else than a value around it. */
function findSubstitution(value: string, opener: "$(" | "`"): ShellBreakout | undefined {
  const at = value.indexOf(opener);
  if (at < 0) return undefined;
  const head = value.slice(0, at);
  if (!isOneValue(head)) return undefined;
  const isLine = isCommand(head);
  const closer = opener === "`" ? "`" : ")";
  const { commands, end, closed } = readShellLine(value, { start: at + opener.length, closer });
  const tail = value.slice(end + 1);
  if (!closed || !isOneValue(tail)) return undefined;
  // Markdown puts code between back-ticks, but not against a word.
  if (opener === "`" && !isGlued(head, tail)) return undefined;
  const effect = fetchesAndRuns(commands) ? "run" : isLine ? undefined : harmOf(commands);
  return effect === undefined ? undefined : { by: "substitution", effect };
}

function isGlued(head: string, tail: string): boolean {
  return (head === "" && tail === "") || /^[\p{L}\p{N}._/-]+$/u.test(head);
}

/** What the first command does that harms, when nothing but short commands stand in front of it. */
function harmOf(commands: readonly ShellCommand[]): CommandEffect | undefined {
  for (const [at, { words }] of commands.entries()) {
    const effect = effectAt(commands, at);
    if (effect !== undefined) return effect;
    if (words.length > MAX_WORDS_BETWEEN) return undefined;
  }
  return undefined;
}
