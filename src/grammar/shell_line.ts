/**
 * The commands of a shell line that begins somewhere inside a text.
 *
 * Not a shell: it serves to see what a fragment would run that somebody put into a larger command
 * line, where the quotes around it are not known. Commands that are declared as such have a real parser.
 * @module
 */

/** One word of a command, without its quotes. */
export interface ShellWord {
  /** What the program would see, save that expansions stand as they are written. */
  readonly text: string;
  /** Whether quotes or a backslash stood in it. */
  readonly quoted: boolean;
}

/** One command of a line. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** What stands behind it: `;`, `&`, `|`, `&&`, `||`, `|&`, a line end, or nothing. */
  readonly separator: string;
}

/** What a line holds. */
export interface ShellLine {
  readonly commands: readonly ShellCommand[];
  /** Where the reading ended: at the closing mark, or behind the text. */
  readonly end: number;
  /** Whether the closing mark was there. */
  readonly closed: boolean;
}

/** More than this is no fragment that somebody slipped into a value. */
const MAX_COMMANDS = 16;
const MAX_WORDS = 64;
const MAX_LENGTH = 4096;

const SEPARATOR = /&&|\|\||\|&|[;&|\n]/y;
const SPACE = /\s|\$\{IFS\}|\$IFS(?:\$9)?/y;

/** Reads commands from `start` up to `closer`: `)`, a back-tick, or "" for the end of the text. */
export function readShellLine(
  text: string,
  { start, closer }: { readonly start: number; readonly closer: ")" | "`" | "" },
): ShellLine {
  const line = new LineReader();
  const limit = Math.min(text.length, start + MAX_LENGTH);
  let depth = 0;
  let at = start;
  while (at < limit && !line.isFull()) {
    const char = text[at];
    if (char === closer && depth === 0) return { ...line.finish(), end: at, closed: true };
    if (char === "(") depth++;
    if (char === ")") depth--;
    const separator = firstOf(SEPARATOR, { text, at });
    const space = firstOf(SPACE, { text, at });
    if (separator !== undefined) line.endCommand(separator);
    else if (space !== undefined) line.endWord();
    else if (char === "#" && !line.isInWord()) break;
    else if (char === "<" || char === ">") line.addOperator(char);
    else {
      const piece = readPiece(text, at);
      line.add(piece.text, piece.quoted);
      at += piece.length;
      continue;
    }
    at += (separator ?? space ?? char).length;
  }
  return { ...line.finish(), end: Math.min(at, text.length), closed: closer === "" };
}

function firstOf(
  pattern: RegExp,
  { text, at }: { readonly text: string; readonly at: number },
): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** In UTF-16 units of the source. */
  readonly length: number;
}

/** Characters that mean nothing to a shell, as many as follow each other. */
const PLAIN = /[\w./:@%+=,-]{1,4096}/y;

/** Ordinary characters, an escaped one, or all between two quotes. A quote that nothing closes closes one outside the text. */
function readPiece(text: string, at: number): Piece {
  const plain = firstOf(PLAIN, { text, at });
  if (plain !== undefined) return { text: plain, quoted: false, length: plain.length };
  const char = text[at];
  if (char === "\\" && at + 1 < text.length) return { text: text[at + 1], quoted: true, length: 2 };
  if (char !== "'" && char !== '"') return { text: char, quoted: false, length: 1 };
  const end = text.indexOf(char, at + 1);
  return end < 0
    ? { text: "", quoted: false, length: 1 }
    : { text: text.slice(at + 1, end), quoted: true, length: end + 1 - at };
}

/** Gathers characters to words and words to commands. */
class LineReader {
  readonly #commands: ShellCommand[] = [];
  #words: ShellWord[] = [];
  #text: string | undefined;
  #quoted = false;

  isFull(): boolean {
    return this.#commands.length >= MAX_COMMANDS || this.#words.length >= MAX_WORDS;
  }

  isInWord(): boolean {
    return this.#text !== undefined;
  }

  add(text: string, quoted: boolean): void {
    if (text === "" && !quoted) return;
    this.#text = (this.#text ?? "") + text;
    this.#quoted ||= quoted;
  }

  addOperator(operator: string): void {
    this.endWord();
    this.#words.push({ text: operator, quoted: false });
  }

  endWord(): void {
    if (this.#text === undefined) return;
    const words = this.#quoted ? [this.#text] : bracedWords(this.#text);
    this.#words.push(...words.map((text) => ({ text, quoted: this.#quoted })));
    this.#text = undefined;
    this.#quoted = false;
  }

  endCommand(separator: string): void {
    this.endWord();
    if (this.#words.length > 0) this.#commands.push({ words: this.#words, separator });
    this.#words = [];
  }

  finish(): { readonly commands: readonly ShellCommand[] } {
    this.endCommand("");
    return { commands: this.#commands };
  }
}

/** `{rm,-r,x}` becomes three words. */
function bracedWords(text: string): readonly string[] {
  const isList = text.startsWith("{") && text.endsWith("}") && text.includes(",");
  return isList ? text.slice(1, -1).split(",") : [text];
}
