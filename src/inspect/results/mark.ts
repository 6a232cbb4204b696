/**
 * A place in a text that looks as if it spoke to a model.
 * @module
 */

import type { Sign } from "./injection_rules.ts";

/** One sign, in UTF-16 units. */
export interface Mark {
  readonly sign: Sign;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}
