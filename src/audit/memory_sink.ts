/**
 * The audit in memory, for tests and for programs that show it themselves.
 * @module
 */

import type { PlacedSink } from "./chain_sink.ts";
import type { AuditEntry } from "./entry.ts";

/** A sink that can be read. */
export interface MemorySink extends PlacedSink {
  /** What was recorded, oldest first; at most `maxEntries`. */
  readonly entries: readonly AuditEntry[];
  /** How many older entries were let go. */
  readonly forgotten: number;
}

/**
 * Makes a sink that keeps the last `maxEntries` entries, 10,000 unless told.
 *
 * @example
 * ```ts
 * import { memorySink } from "@aegis/cli";
 *
 * const audit = memorySink({ maxEntries: 1 });
 * audit.record([{ type: "event", timeMs: 0, event: "start", detail: {} }]);
 * console.assert(audit.entries.length === 1);
 * ```
 */
export function memorySink(
  { maxEntries = 10_000 }: { readonly maxEntries?: number } = {},
): MemorySink {
  const entries: AuditEntry[] = [];
  let forgotten = 0;
  return {
    place: "memory",
    entries,
    get forgotten() {
      return forgotten;
    },
    record(added) {
      entries.push(...added);
      const over = entries.length - maxEntries;
      if (over > 0) forgotten += entries.splice(0, over).length;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
