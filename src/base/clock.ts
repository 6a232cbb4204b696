/**
 * Time as a port, so that tests own it and a wall clock that jumps cannot mend or break a budget.
 * @module
 */

/** Where time comes from. */
export interface Clock {
  /**
   * Milliseconds since the Unix epoch; may jump. For records, and to compare with a moment that
   * another machine wrote down, such as the end of a token.
   */
  wallMs(): number;
  /** Milliseconds since some fixed moment; never goes back. For every duration and every budget. */
  monotonicMs(): number;
}

/** The machine's clock. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
