/**
 * Where in a text a secret can stand at all.
 *
 * Whatever its issuer, a secret goes on for some twenty characters without white space. Prose has few
 * such places, and nothing else of it needs to be looked at.
 * @module
 */

/** A part of a text in which secrets may begin, in UTF-16 units. */
export interface Region {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The shortest: the id of an AWS access key, and a password of eight in `amqp://:…@a.b`. */
const SHORTEST_RUN = 20;
/** The names that stand in front of a secret (`Secret access key = "`), at the longest. */
const LONGEST_NAME = 64;
/** Keys stand behind this in lines of their own, at any distance. */
const KEY_BLOCK = "-----BEGIN";

/** The next region that begins at `from` or behind it; all of the rest when a key may be in it. Linear over all calls. */
export function nextRegion(text: string, from: number): Region | undefined {
  if (from === 0 && text.includes(KEY_BLOCK)) return { start: 0, end: text.length };
  // Looks only at every 20th character until one is not white space.
  let start = from;
  for (
    let probe = start + SHORTEST_RUN - 1;
    probe < text.length;
    probe = start + SHORTEST_RUN - 1
  ) {
    let before = probe;
    while (before >= start && !isSpace(text.charCodeAt(before))) before--;
    if (before < start) {
      return {
        start: Math.max(from, start - LONGEST_NAME),
        end: runEnd(text, probe),
      };
    }
    start = before + 1;
  }
  return undefined;
}

const SPACE = /[\t-\r ]/g;

function runEnd(text: string, within: number): number {
  SPACE.lastIndex = within;
  return SPACE.test(text) ? SPACE.lastIndex - 1 : text.length;
}

/** In ASCII; of the other white space a secret has none, and taking it for more costs only time. */
function isSpace(code: number): boolean {
  return code === 0x20 || code >= 0x09 && code <= 0x0d;
}
