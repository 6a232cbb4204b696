/**
 * Looks for many literals in a text at once.
 * @module
 */

/** Finds the next place where one of the literals stands, the longest one of those that stand there. */
export interface LiteralSearch {
  /** Looks for one that begins from `from` on and before `to`; `undefined` when none does any more. */
  next(text: string, range: SearchRange): LiteralHit | undefined;
}

/** A part of a text, in UTF-16 units. */
export interface SearchRange {
  readonly from: number;
  /** Exclusive; what begins before it may end behind it. */
  readonly to: number;
}

/** A literal and where it stands. */
export interface LiteralHit {
  readonly literal: string;
  readonly at: number;
}

const ASCII = 128;
/** Stands for the end of the text and for whatever is not ASCII. */
const OTHER = ASCII;
const THIRDS = OTHER + 1;

/**
 * Prepares a search for ASCII literals of two characters or more, of at most 255 beginnings.
 *
 * A table of all pairs of characters tells where one can begin, and a second one whether it can go on
 * with the third: prose has a pair of ours at every twelfth character, three of them at every
 * hundredth.
 */
export function searchLiterals(literals: readonly string[]): LiteralSearch {
  const table = new Uint8Array(ASCII * ASCII);
  const byPair: string[][] = [[]];
  for (const literal of literals) {
    const pair = literal.charCodeAt(0) * ASCII + literal.charCodeAt(1);
    const entry = table[pair] ?? 0;
    if (entry === 0) table[pair] = byPair.push([literal]) - 1;
    else byPair[entry]?.push(literal);
  }
  for (const alike of byPair) alike.sort((a, b) => b.length - a.length);
  const thirds = new Uint8Array(byPair.length * THIRDS);
  for (const [entry, alike] of byPair.entries()) thirds.set(thirdsOf(alike), entry * THIRDS);
  return { next };

  function next(text: string, { from, to }: SearchRange): LiteralHit | undefined {
    let before = text.charCodeAt(from);
    const last = Math.min(to, text.length - 1);
    for (let at = from + 1; at <= last; at++) {
      const code = text.charCodeAt(at);
      const entry = (before | code) < ASCII ? table[before * ASCII + code] ?? 0 : 0;
      before = code;
      if (entry === 0) continue;
      const third = at < text.length - 1 ? Math.min(text.charCodeAt(at + 1), OTHER) : OTHER;
      if (thirds[entry * THIRDS + third] !== 1) continue;
      for (const literal of byPair[entry] ?? []) {
        if (text.startsWith(literal, at - 1)) return { literal, at: at - 1 };
      }
    }
    return undefined;
  }
}

/** By character code: whether one of some literals goes on with it, or ends in front of it. */
function thirdsOf(literals: readonly string[]): Uint8Array {
  const thirds = new Uint8Array(THIRDS);
  for (const literal of literals) {
    if (literal.length === 2) thirds.fill(1);
    else thirds[literal.charCodeAt(2)] = 1;
  }
  return thirds;
}
