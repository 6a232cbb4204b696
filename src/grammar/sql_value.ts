/**
 * Whether a value would become more than a value in the SQL around it.
 * @module
 */

import { readContinuation, type SqlContinuation } from "./sql_fragment.ts";
import { findClosingQuote } from "./sql_fragment_tokens.ts";

/** How a value leaves its place in a statement. */
export interface SqlBreakout {
  /** Where it was put: between quotes of one sort, or where a number or an expression stands. */
  readonly place: "single-quoted" | "double-quoted" | "bare";
  /** By what it goes on. */
  readonly by: SqlContinuation;
}

/**
 * The first way in which a value leaves the place it was put in, read as MySQL and as the other
 * dialects read it. Linear.
 */
export function findSqlBreakout(value: string): SqlBreakout | undefined {
  for (const mysql of [false, true]) {
    for (const [place, quote] of QUOTES) {
      const close = findClosingQuote(value, { quote, backslash: mysql, from: 0 });
      // At the very end it is doubled by the quote that the server adds, and closes nothing.
      if (close < 0 || close === value.length - 1) continue;
      const rest = value.slice(close + 1);
      const by = readContinuation(rest, { mysql, quoted: true, added: quote }) ??
        readContinuation(rest, { mysql, quoted: true, added: undefined });
      if (by !== undefined) return { place, by };
    }
    const by = readContinuation(value.trimStart(), { mysql, quoted: false, added: undefined });
    if (by !== undefined) return { place: "bare", by };
  }
  return undefined;
}

const QUOTES = [["single-quoted", "'"], ["double-quoted", '"']] as const;
