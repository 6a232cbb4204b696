/**
 * Words of a prose text, and the sentences they stand in.
 * @module
 */

import { lazyPattern } from "./lazy_pattern.ts";
import type { WordList } from "./word_list.ts";

/** One word. */
export interface Word {
  /** In small letters, compatibility forms folded, the apostrophe straight. */
  readonly word: string;
  /** In UTF-16 units. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** How many words of the text, of whatever list, stand in front of it. */
  readonly place: number;
  /** Which sentence it belongs to, counted from 0. */
  readonly sentence: number;
  /** Whether it is the first word of its sentence. */
  readonly first: boolean;
  /** Whether it stands between quotation marks or back-ticks that close on the same line. */
  readonly quoted: boolean;
}

// What a character is to a reader of words; numbers, as every character of a text is looked up.
const UNKNOWN = 0;
const WORD = 1;
const JOINER = 2;
const QUOTE = 3;
const STOP = 4;
const BRACKET = 5;
const LINE = 6;
const ANGLE = 7;
const OTHER = 8;
/** Belongs to a word and is not ASCII. */
const FOREIGN = 9;

const ASCII = 128;

/** By UTF-16 unit; filled as they are met. */
const ROLES = new Uint8Array(0x10000);

/** Words of a part of a text. */
export interface ReadWords {
  readonly words: readonly Word[];
  /** Where the part ends, exclusive: behind a line that ends a sentence, or at the end of the text. */
  readonly end: number;
}

/** In UTF-16 units; a text of more is read part by part, so that its words do not lie about together. */
const PART = 4096;

/**
 * Finds the words of a list in a text, or in as much of it from `from` on as is read at once; sentences
 * and places are counted from there. Linear; a word that is not in the list costs nothing but the
 * look at its characters.
 *
 * A sentence ends at its mark before white space, at a square bracket, where a comment begins or ends,
 * and at the end of a line unless the next one goes on in small letters.
 */
export function readWords(
  text: string,
  { list, from }: { readonly list: WordList; readonly from: number },
): ReadWords {
  const words: Word[] = [];
  let place = 0;
  let sentence = 0;
  let lastSentence = -1; // of the word before
  let quoting = false;
  let opened = 0;
  let at = from;
  while (at < text.length) {
    switch (roleAt(text, at)) {
      case WORD:
      case FOREIGN: {
        const start = at;
        let isAscii = true;
        for (;;) {
          const role = roleAt(text, at);
          // A joiner belongs to a word when one goes on behind it: `user's`, `id_rsa.pub`.
          if (role !== WORD && role !== FOREIGN && !joins(text, at)) break;
          if (role !== WORD && text.charCodeAt(at) >= ASCII) isAscii = false;
          at++;
        }
        const piece = { text, start, end: at };
        const word = isAscii ? list.findAscii(piece) : list.find(text.slice(start, at));
        if (word !== undefined) {
          const first = sentence !== lastSentence;
          words.push({ word, start, end: at, place, sentence, first, quoted: quoting });
        }
        lastSentence = sentence;
        place++;
        continue;
      }
      case QUOTE:
        quoting = !quoting;
        opened = words.length;
        break;
      case JOINER:
      case STOP:
        if (endsSentence(text, at)) sentence++;
        break;
      case BRACKET:
        sentence++;
        break;
      case ANGLE:
        if (text.startsWith("<!--", at) || text.startsWith("-->", at - 2)) sentence++;
        break;
      case LINE:
        if (quoting) unquote(words, opened);
        quoting = false;
        if (goesOn(text, at + 1)) break;
        if (at - from >= PART) return { words, end: at + 1 };
        sentence++;
        break;
    }
    at++;
  }
  if (quoting) unquote(words, opened);
  return { words, end: at };
}

function roleAt(text: string, at: number): number {
  if (at >= text.length) return OTHER;
  const role = ROLES[text.charCodeAt(at)];
  return role === UNKNOWN ? ROLES[text.charCodeAt(at)] = roleOf(text.charAt(at)) : role;
}

function joins(text: string, at: number): boolean {
  if (roleAt(text, at) !== JOINER) return false;
  const next = roleAt(text, at + 1);
  return next === WORD || next === FOREIGN;
}

function roleOf(char: string): number {
  if (/[\p{L}\p{M}\p{N}_]/u.test(char)) return char < "\x80" ? WORD : FOREIGN;
  if (/['’.-]/.test(char)) return JOINER;
  if (/["“”«»„\x60]/.test(char)) return QUOTE;
  if (/[!?;。！？]/.test(char)) return STOP;
  if (/[[\]]/.test(char)) return BRACKET;
  if (/[<>]/.test(char)) return ANGLE;
  return char === "\n" ? LINE : OTHER;
}

/** A dot inside a name ends nothing; neither do apostrophes and hyphens. */
function endsSentence(text: string, at: number): boolean {
  const char = text.charAt(at);
  if (char === "'" || char === "’" || char === "-") return false;
  return at + 1 === text.length || char > "\x7f" || ENDS.test(text.charAt(at + 1));
}

const ENDS = /[\s"”»)\]]/;
const INDENT = 8;

function goesOn(text: string, from: number): boolean {
  let at = from;
  while (at < from + INDENT && (text.charAt(at) === " " || text.charAt(at) === "\t")) at++;
  const char = text.charAt(at);
  return char < "\x80" ? char >= "a" && char <= "z" : SMALL.test(char);
}

const SMALL = lazyPattern(() => /\p{Ll}/u);

/** A mark that nothing closes quotes nothing. */
function unquote(words: Word[], from: number): void {
  for (let at = from; at < words.length; at++) {
    const word = words[at];
    if (word !== undefined) words[at] = { ...word, quoted: false };
  }
}
