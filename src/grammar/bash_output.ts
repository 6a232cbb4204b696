/**
 * What commands print, as far as the script says: `find /etc -name x` prints names below `/etc`.
 * @module
 */

import type { BashCommand, BashStage, BashWord } from "./bash_facts.ts";
import { frontText, staticText, textWord } from "./bash_facts.ts";
import { readFind } from "./programs/find.ts";
import { lineOf } from "./programs.ts";

/** Stages that are looked back through, and words that are kept. */
const MAX_STAGES = 64;
const MAX_WORDS = 256;

/** The words that a stage may print, with what is unknown of each left open. None: nothing known. */
export function printedWords(stage: BashStage): readonly BashWord[] {
  const words: BashWord[] = [];
  collect(stage, words, 0);
  return words;
}

function collect(stage: BashStage, words: BashWord[], depth: number): void {
  const through = new Set<BashStage>();
  for (const command of stage.commands) {
    if (words.length > MAX_WORDS) return;
    const own = ownWords(command, depth === 0);
    if (own !== undefined) words.push(...own);
    else if (command.input.kind === "pipe") through.add(command.input.stage);
    else if (command.input.kind === "text") words.push(command.input.text);
  }
  // A filter passes on what it reads.
  if (depth < MAX_STAGES) { for (const each of through) collect(each, words, depth + 1); }
}

/**
 * What a command prints of its own words; nothing when it passes on what it reads. `whole`: as it is,
 * and not what a filter leaves of it.
 */
function ownWords(command: BashCommand, whole: boolean): readonly BashWord[] | undefined {
  const [first, ...words] = command.words;
  const name = staticText(first ?? []);
  switch (name) {
    case "find": {
      const { roots, selective } = readFind(words);
      return [...(whole && !selective ? roots : []), ...roots.map(below)];
    }
    case "pwd":
      return [[{ kind: "variable", name: "PWD", quoted: true, fallback: undefined }]];
    case "echo": {
      const from = words.findIndex((word) => !/^-[neE]+$/.test(staticText(word) ?? ""));
      return from < 0 ? [] : words.slice(from).map(decoded);
    }
    case "printf":
      return formatted(words);
    case "realpath":
    case "readlink":
    case "dirname":
      return words.filter((word) => !frontText(word).startsWith("-"));
    case "ls":
      return (lineOf("ls", words)?.operands ?? []).filter(isPath);
    case "grep":
    case "egrep":
    case "fgrep":
    case "rg": {
      const line = lineOf(name, words);
      const files = line?.items.filter((item) => item.role === "file" && item.option === undefined);
      return files === undefined || files.length === 0
        ? undefined
        : files.map((item) => below(item.value));
    }
    case "git":
    case "basename":
      return [];
    case undefined:
    default:
      return undefined;
  }
}

/** `printf '/etc/%s' x`, as far as the format is plain text and `%s`. */
function formatted(words: readonly BashWord[]): readonly BashWord[] {
  const [format = [], ...values] = words;
  const text = staticText(format);
  if (text === undefined || !text.includes("%s") || values.length === 0) return words.map(decoded);
  const pieces = text.split("%s");
  const word = pieces.flatMap((piece, index): BashWord => [
    ...decoded(textWord(piece)),
    ...(index < pieces.length - 1 ? values[index] ?? [] : []),
  ]);
  return [word, ...values];
}

/** The escapes of `printf` and `echo -e` for characters. */
function decoded(word: BashWord): BashWord {
  const text = staticText(word);
  if (text === undefined || !text.includes("\\")) return word;
  return textWord(
    text.replace(/\\x([0-9A-Fa-f]{1,2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      .replace(/\\0?([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8) & 255))
      .replace(/\\n$/, ""),
  );
}

function isPath(word: BashWord): boolean {
  const front = frontText(word);
  return word.some((part) => part.kind === "home" || part.kind === "glob") || front.includes("/");
}

function below(word: BashWord): BashWord {
  return [
    ...word,
    { kind: "text", text: "/" },
    { kind: "glob", text: "*" },
    { kind: "computed", quoted: true },
  ];
}
