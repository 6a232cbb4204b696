/**
 * Long texts in parts.
 * @module
 */

import type { Objection } from "./objection.ts";

/** Looks at one text. */
export type Examine = (text: string) => Objection | undefined;

/** What two neighbours share, so that nothing hides on the border: longer than any secret or sequence sought. */
const OVERLAP = 8 * 1024;

/**
 * Looks at a text in overlapping parts of at most `max` UTF-16 units, so that no detector holds more
 * of it at once; nothing is skipped. No part begins or ends within a surrogate pair.
 */
export function examineInWindows(
  text: string,
  { max, examine }: { readonly max: number; readonly examine: Examine },
): Objection | undefined {
  if (text.length <= max) return examine(text);
  const step = Math.max(1, max - OVERLAP);
  for (let from = 0; from < text.length; from += step) {
    const objection = examine(text.slice(whole(text, from), whole(text, from + max)));
    if (objection !== undefined) return objection;
    if (from + max >= text.length) return undefined;
  }
  return undefined;
}

/** A place that is not within a pair: one unit earlier when it would be. */
function whole(text: string, at: number): number {
  return at > 0 && at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at - 1 : at;
}
