/**
 * A sink that counts the verdicts that pass through it, and knows whether it can be written.
 * @module
 */

import type { Metrics } from "../base/metrics.ts";
import type { AuditEntry } from "./entry.ts";
import type { AuditSink } from "./sink.ts";

/** Options of {@linkcode WatchedSink}. */
export interface WatchedSinkOptions {
  /** Where verdicts are counted. */
  readonly metrics: Metrics;
  /** Wall clock, milliseconds since the epoch. */
  readonly wallMs: () => number;
}

/** Passes everything on. */
export class WatchedSink implements AuditSink {
  readonly #sink: AuditSink;
  readonly #options: WatchedSinkOptions;
  readonly #count: (entries: readonly AuditEntry[]) => void;
  #hasFailed = false;

  constructor(sink: AuditSink, options: WatchedSinkOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#count = verdictCounter(options.metrics);
  }

  record(entries: readonly AuditEntry[]): void | Promise<void> {
    try {
      const recorded = this.#sink.record(entries);
      if (!(recorded instanceof Promise)) return this.#recorded(entries);
      return recorded.then(() => this.#recorded(entries), (error) => {
        this.#hasFailed = true;
        throw error;
      });
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** Whether it can be written: after a failure, an entry of its own is tried. */
  async isWritable(): Promise<boolean> {
    if (!this.#hasFailed) return true;
    try {
      const detail = { after: "the audit could not be written" };
      await this.record([
        { type: "event", timeMs: this.#options.wallMs(), event: "audit-writable", detail },
      ]);
      return true;
    } catch {
      return false; // as before
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sink[Symbol.asyncDispose]();
  }

  #recorded(entries: readonly AuditEntry[]): void {
    this.#hasFailed = false;
    this.#count(entries);
  }
}

function verdictCounter(metrics: Metrics): (entries: readonly AuditEntry[]) => void {
  const verdicts = metrics.counter({
    name: "aegis_verdicts_total",
    help: "Messages by direction, effect and reason; would is what observing did not enforce.",
    labels: ["direction", "effect", "would", "reason"],
  });
  return (entries) => {
    for (const entry of entries) {
      if (entry.type !== "message") continue;
      const { direction, effect, would = "", reason = "" } = entry;
      verdicts.add([direction, effect, would, reason]);
    }
  };
}
