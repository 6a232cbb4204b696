/**
 * No audit, on the operator's word.
 * @module
 */

import type { PlacedSink } from "./chain_sink.ts";

/**
 * Makes a sink that records nothing; its place, `none`, is to be shown at start.
 *
 * @example
 * ```ts
 * import { noneSink } from "@aegis/cli";
 *
 * console.assert(noneSink().place === "none");
 * ```
 */
export function noneSink(): PlacedSink {
  return {
    place: "none",
    record: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
