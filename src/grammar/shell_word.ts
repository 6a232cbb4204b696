/**
 * What a text does in a command line that it was pasted into, unquoted or behind quotes that it can
 * close.
 * @module
 */

/** Something that a shell makes of a text, other than part of a word. */
export interface ShellEffect {
  readonly kind:
    /** The command ends, in the background or not, and another may begin. */
    | "separator"
    /** A command is run, or a variable spelled out, in the word's place. */
    | "substitution"
    /** A file outside the working folder is opened. */
    | "redirection"
    /** A word begins like an option. */
    | "option"
    /** The word ends for every program written in C. */
    | "nul";
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
}

/**
 * The first effect of a text. Quotes are looked through, since the text may stand inside or outside
 * of them: at the beginning of a word they vanish before the program sees it. Linear.
 */
export function findShellEffect(text: string): ShellEffect | undefined {
  let inWord = false;
  let redirection = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const kind = effectOf(character, text.charAt(at + 1));
    if (kind !== undefined) return { kind, at };
    if (character === "-" && !inWord && OPTION.test(text.slice(at, at + 4))) {
      return { kind: "option", at };
    }
    if (character === "<" || character === ">") {
      redirection = at;
    } else if (redirection >= 0 && !BLANK_OR_QUOTE.test(character)) {
      if (ELSEWHERE.test(text.slice(at, at + 3))) return { kind: "redirection", at: redirection };
      redirection = -1;
    } else if (redirection >= 0 && character === "\\") {
      // A backslash in front of a file's name quotes it, or is a Windows root.
      return { kind: "redirection", at: redirection };
    }
    inWord = inWord ? !BLANK.test(character) : !BLANK_OR_QUOTE.test(character);
  }
  return undefined;
}

function effectOf(character: string, next: string): ShellEffect["kind"] | undefined {
  switch (character) {
    case ";":
    case "&":
    case "|":
    case "\r":
    case "\n":
      return "separator";
    case "`":
      return "substitution";
    case "$":
      return next === "(" || next === "{" ? "substitution" : undefined;
    case "<":
    case ">":
      return next === "(" ? "substitution" : undefined;
    case "\0":
      return "nul";
    default:
      return undefined;
  }
}

const BLANK = /\s/;
const BLANK_OR_QUOTE = /[\s"'\\]/;

/** `-x`, `--x`; `-`, `--`, `->` and a dash between words are none. */
const OPTION = /^--?[\p{L}\p{N}_?#@]/u;

/** An absolute path, a home, a parent folder, or a Windows drive. */
const ELSEWHERE = /^(?:[/~]|\.\.(?:[/\\]|$|\s)|[a-z]:[/\\])/i;
