/**
 * How far a path leads up from where it starts.
 * @module
 */
import { decodingRounds } from "./percent.ts";

/** A first segment that is neither `..` nor becomes it. */
const STARTS_PLAINLY = /^[^./\\%\x80-\uffff]/;

/** Enough for any beginning; the rest of a long text is not looked at. */
const MAX_LENGTH = 512;

/**
 * Counts the steps up with which a path begins, in whatever it becomes by decoding percent-escapes and
 * look-alikes; `\` counts as a separator.
 */
export function countLeadingClimbs(path: string): number {
  if (STARTS_PLAINLY.test(path)) return 0;
  const start = path.slice(0, MAX_LENGTH);
  return Math.max(...decodingRounds(start).map((text) => countPlain(text.normalize("NFKC"))));
}

function countPlain(path: string): number {
  let climbs = 0;
  for (const segment of path.split(/[/\\]+/)) {
    if (segment === "..") climbs++;
    else if (segment !== "" && segment !== ".") break;
  }
  return climbs;
}
