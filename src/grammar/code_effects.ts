/**
 * What code in a small language does outside it: the common answer of its readers.
 * @module
 */

/** What such code does outside its language. */
export interface CodeEffects {
  /** Runs a program, or loads a library. */
  readonly runs: boolean;
  readonly writes: readonly string[];
  /** Names that it may open; among them every string that could be one. */
  readonly reads: readonly string[];
}

/** One token, quotes taken away. */
export interface CodeToken {
  readonly kind: "string" | "word" | "sign";
  readonly text: string;
}
