/**
 * The audit on stderr, for containers whose log collector keeps it.
 * @module
 */

import type { ChainOptions, ChainSink } from "./chain_sink.ts";
import { StreamSink } from "./stream_sink.ts";

/** Makes a sink that writes the same lines as a file would hold to stderr, chained. */
export function stderrSink(options: ChainOptions = {}): ChainSink {
  return new StreamSink({
    ...options,
    place: "stderr",
    write: (bytes) => Deno.stderr.writeSync(bytes),
  });
}
