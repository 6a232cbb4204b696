/**
 * All words of a text, read one by one: what `readWords()` is held against.
 * @module
 */

/** One word. */
export interface NaiveWord {
  /** In small letters, compatibility forms folded, the apostrophe straight. */
  readonly word: string;
  /** In UTF-16 units. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Which sentence it belongs to, counted from 0. */
  readonly sentence: number;
  /** Whether it stands between quotation marks or back-ticks that close on the same line. */
  readonly quoted: boolean;
}

/** What a character is to a reader of words. */
type Role = "word" | "joiner" | "quote" | "stop" | "bracket" | "line" | "angle" | "other";

/** By character code; the rest is asked one by one. */
const ROLES: Role[] = [];

/**
 * Splits a text into words. Linear.
 *
 * A sentence ends at its mark before white space, at a square bracket, where a comment begins or ends,
 * and at the end of a line unless the next one goes on in small letters.
 */
export function readAllWords(text: string): readonly NaiveWord[] {
  const words: NaiveWord[] = [];
  let sentence = 0;
  let quoting = false;
  let opened = 0;
  let at = 0;
  while (at < text.length) {
    switch (roleAt(text, at)) {
      case "word": {
        const end = wordEnd(text, at);
        const word = fold(text.slice(at, end));
        words.push({ word, start: at, end, sentence, quoted: quoting });
        at = end;
        continue;
      }
      case "quote":
        quoting = !quoting;
        opened = words.length;
        break;
      case "joiner":
      case "stop":
        if (endsSentence(text, at)) sentence++;
        break;
      case "bracket":
        sentence++;
        break;
      case "angle":
        if (text.startsWith("<!--", at) || text.startsWith("-->", at - 2)) sentence++;
        break;
      case "line":
        if (quoting) unquote(words, opened);
        quoting = false;
        if (!goesOn(text, at + 1)) sentence++;
        break;
      case "other":
        break;
    }
    at++;
  }
  if (quoting) unquote(words, opened);
  return words;
}

function roleAt(text: string, at: number): Role {
  const code = text.charCodeAt(at);
  return code < 128 ? ROLES[code] ??= roleOf(text.charAt(at)) : roleOf(text.charAt(at));
}

function roleOf(char: string): Role {
  if (/[\p{L}\p{M}\p{N}_]/u.test(char)) return "word";
  if (/['’.-]/.test(char)) return "joiner";
  if (/["“”«»„\x60]/.test(char)) return "quote";
  if (/[!?;。！？]/.test(char)) return "stop";
  if (/[[\]]/.test(char)) return "bracket";
  if (/[<>]/.test(char)) return "angle";
  return char === "\n" ? "line" : "other";
}

/** A joiner belongs to a word when one goes on behind it: `user's`, `id_rsa.pub`. */
function wordEnd(text: string, start: number): number {
  let end = start + 1;
  for (;;) {
    const role = roleAt(text, end);
    if (role === "word") end++;
    else if (role === "joiner" && end + 1 < text.length && roleAt(text, end + 1) === "word") {
      end += 2;
    } else return end;
  }
}

/** A dot inside a name ends nothing; neither do apostrophes and hyphens. */
function endsSentence(text: string, at: number): boolean {
  const char = text.charAt(at);
  if (char === "'" || char === "’" || char === "-") return false;
  return at + 1 === text.length || char > "\x7f" || /[\s"”»)\]]/.test(text.charAt(at + 1));
}

const INDENT = 8;

function goesOn(text: string, from: number): boolean {
  let at = from;
  while (at < from + INDENT && (text.charAt(at) === " " || text.charAt(at) === "\t")) at++;
  return /\p{Ll}/u.test(text.charAt(at));
}

/** A mark that nothing closes quotes nothing. */
function unquote(words: NaiveWord[], from: number): void {
  for (let at = from; at < words.length; at++) {
    const word = words[at];
    if (word !== undefined) words[at] = { ...word, quoted: false };
  }
}

function fold(piece: string): string {
  const lower = piece.toLowerCase();
  return PLAIN.test(lower) ? lower : lower.normalize("NFKC").replaceAll("’", "'");
}

const PLAIN = /^[\x20-\x7e]*$/;
