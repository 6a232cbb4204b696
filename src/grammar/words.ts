/**
 * Words and sentences of a prose text.
 * @module
 */

/** One word. */
export interface Word {
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

// Words; quotation marks; ends of sentences; what sets a sentence apart: comments, brackets, the
// end of a line unless the next one goes on in small letters.
const PIECES =
  /[\p{L}\p{M}\p{N}_]+(?:['’.-][\p{L}\p{M}\p{N}_]+)*|["“”«»„\x60]|[.!?;]+(?=["”»)\]\s]|$)|[。！？[\]]|<!--|-->|\n/gu;
const BREAK = /^(?:[.!?;。！？[\]]|<!--|-->)/;
const GOES_ON = /^[ \t]{0,8}\p{Ll}/u;
const QUOTE = /^["“”«»„\x60]$/;

/** Splits a text into words. A sentence ends at its mark or at the end of the line. Linear. */
export function readWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let sentence = 0;
  let quotes = 0;
  let opened = 0;
  for (const match of text.matchAll(PIECES)) {
    const [piece] = match;
    if (piece === "\n") {
      if (quotes % 2 === 1) unquote(words, opened);
      quotes = 0;
      if (!GOES_ON.test(text.slice(match.index + 1, match.index + 10))) sentence++;
    } else if (BREAK.test(piece)) sentence++;
    else if (QUOTE.test(piece)) {
      quotes++;
      opened = words.length;
    } else {
      const start = match.index;
      words.push({
        word: fold(piece),
        start,
        end: start + piece.length,
        sentence,
        quoted: quotes % 2 === 1,
      });
    }
  }
  if (quotes % 2 === 1) unquote(words, opened);
  return words;
}

/** A mark that nothing closes quotes nothing. */
function unquote(words: Word[], from: number): void {
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
