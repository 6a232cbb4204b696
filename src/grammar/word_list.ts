/**
 * A list of words that a text is searched for.
 * @module
 */

/** A word where it stands, in UTF-16 units. */
export interface WordPiece {
  readonly text: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Tells whether a word is in a list, in whatever case and form. */
export interface WordList {
  /** The word of the list that a word is. */
  find(word: string): string | undefined;
  /** The same for a word of ASCII letters and digits, `_`, `'`, `.` and `-`, without cutting it out of its text. */
  findAscii(piece: WordPiece): string | undefined;
}

const MAX_LENGTH = 31;
const NOTHING = 0;

/**
 * Makes a list of words, given in small letters, compatibility forms folded, apostrophes straight.
 *
 * Most words of a text are told from those of a list by their first and last letter and their length.
 */
export function wordList(words: Iterable<string>): WordList {
  const all = new Map([...words].map((word) => [word, word]));
  const cells = new Uint16Array(1 << 15);
  const alike: string[][] = [[]];
  for (const word of all.keys()) {
    const cell = cellOf({ text: word, start: 0, end: word.length });
    const known = cells[cell] ?? NOTHING;
    if (known === NOTHING) cells[cell] = alike.push([word]) - 1;
    else alike[known]?.push(word);
  }
  return { find, findAscii };

  function find(word: string): string | undefined {
    return all.get(word.toLowerCase().normalize("NFKC").replaceAll("’", "'"));
  }

  function findAscii(piece: WordPiece): string | undefined {
    const entry = cells[cellOf(piece)] ?? NOTHING;
    if (entry === NOTHING) return undefined;
    for (const word of alike[entry] ?? []) if (isSame(word, piece)) return word;
    return undefined;
  }
}

/** Five bits each of the length, the first and the last character, in which case makes no difference. */
function cellOf({ text, start, end }: WordPiece): number {
  const length = Math.min(end - start, MAX_LENGTH);
  return length << 10 | (text.charCodeAt(start) & 31) << 5 | text.charCodeAt(end - 1) & 31;
}

function isSame(word: string, { text, start, end }: WordPiece): boolean {
  if (word.length !== end - start) return false;
  for (let at = 0; at < word.length; at++) {
    if (word.charCodeAt(at) !== small(text.charCodeAt(start + at))) return false;
  }
  return true;
}

const CASE = 0x20;

/** The small letter of a capital in ASCII. */
function small(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | CASE : code;
}
