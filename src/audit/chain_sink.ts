/**
 * What every sink that ships with the program can say of itself.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Secret } from "../base/secret.ts";
import type { AuditSink } from "./sink.ts";

/** A sink with a place to be named at start. */
export interface PlacedSink extends AuditSink {
  /** A path, `stderr`, or `none`. */
  readonly place: string;
}

/** A sink whose lines are chained. */
export interface ChainSink extends PlacedSink {
  /** The hash of the last line in hex, 64 zeros before the first; to be kept for `--expect-head`. */
  readonly head: string;
  /** Lines of the chain so far, headers included. */
  readonly lines: number;
}

/** A sink that writes to a file. */
export interface FileSink extends ChainSink {
  /** The file being written; another one after it has grown too large. */
  readonly path: string;
}

/** What chained sinks have in common. */
export interface ChainOptions {
  /** Seals the lines with HMAC-SHA-256, so that nobody without the key can write the chain anew. */
  readonly key?: Secret;
  /** For the time in the first line of a file. */
  readonly clock?: Clock;
}
