/**
 * The port through which tools are compared with what they were when they were taken.
 * @module
 */

import type { JsonObject } from "../base/json.ts";

/** Tools that must be neither seen nor called, each with why; completes "the tool …". */
export type RefusedTools = ReadonlyMap<string, string>;

/** Remembers what a server's tools were. */
export interface PinBoard {
  /**
   * Looks at tools as they were listed: those it does not know are taken as they are, those it
   * knows otherwise are refused. What it throws refuses the whole list.
   */
  look(tools: readonly JsonObject[]): RefusedTools | Promise<RefusedTools>;
}
