/**
 * What the demo claims, against what it sees.
 * @module
 */

import type { Cell, Look } from "./paint.ts";

/** What was not as claimed. */
export const differences: string[] = [];

/** A cell, marked when it is not what was claimed. */
export function claimed(actual: string, wanted: string, look: Look): Cell {
  expect("outcome", actual, wanted);
  return actual === wanted ? { text: actual, look } : { text: `${actual} (!)`, look: "yellow" };
}

/** Notes a difference. */
export function expect(what: string, actual: string, wanted: string): void {
  if (actual !== wanted) differences.push(`${what}: wanted "${wanted}", got "${actual}"`);
}
