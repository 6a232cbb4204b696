/**
 * Splits a command line into words by the usual quoting rules, without expanding anything.
 * @module
 */

import { err, ok, type Result } from "../../base/result.ts";

/** Where and why a text cannot be split. */
export interface WordsFault {
  /** Sentence case, no final period. */
  readonly message: string;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** Options of {@linkcode splitWords}. */
export interface WordsOptions {
  /** True where `\` separates folders and therefore is an ordinary character. */
  readonly windows: boolean;
}

/** In double quotes a backslash escapes these alone (POSIX.1-2024, Shell Command Language, 2.2.3). */
const ESCAPED_IN_DOUBLE = '$`"\\';

/**
 * Gives the words of a text. Single quotes keep everything; double quotes keep everything but `\`
 * before `$`, a back-tick, `"`, `\` or a line end; elsewhere `\` keeps the next character.
 * Variables, globs, comments and operators mean nothing: `;` is a character of a word.
 */
export function splitWords(text: string, { windows }: WordsOptions): Result<string[], WordsFault> {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "\0") return fault("the text holds a NUL character", at);
    if (isSpace(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
    } else if (char === "'" || char === '"') {
      const quoted = char === "'" ? readSingle(text, at) : readDouble(text, { at, windows });
      if (!quoted.ok) return quoted;
      word = (word ?? "") + quoted.value.text;
      at = quoted.value.end;
    } else if (char === "\\" && !windows) {
      if (at + 1 === text.length) return fault("a backslash stands at the end", at);
      if (text[at + 1] !== "\n") word = (word ?? "") + text.charAt(at + 1);
      at += 2;
    } else {
      word = (word ?? "") + char;
      at++;
    }
  }
  if (word !== undefined) words.push(word);
  return ok(words);
}

interface Quoted {
  readonly text: string;
  /** Index after the closing quote. */
  readonly end: number;
}

function readSingle(text: string, at: number): Result<Quoted, WordsFault> {
  const close = text.indexOf("'", at + 1);
  if (close < 0) return fault("the single quote that opens here is never closed", at);
  return ok({ text: text.slice(at + 1, close), end: close + 1 });
}

function readDouble(
  text: string,
  { at, windows }: { readonly at: number; readonly windows: boolean },
): Result<Quoted, WordsFault> {
  let inside = "";
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '"') return ok({ text: inside, end: i + 1 });
    const next = text.charAt(i + 1);
    if (char === "\\" && !windows && next === "\n") i++;
    else if (char === "\\" && !windows && next !== "" && ESCAPED_IN_DOUBLE.includes(next)) {
      inside += next;
      i++;
    } else inside += char;
  }
  return fault("the double quote that opens here is never closed", at);
}

function isSpace(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}

function fault(why: string, index: number): Result<never, WordsFault> {
  const column = index + 1;
  return err({ message: `Cannot split the command at column ${column}: ${why}`, column });
}
