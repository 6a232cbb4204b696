/**
 * A chain of audit lines on something that only takes bytes: stderr, a device.
 * @module
 */

import { systemClock } from "../base/clock.ts";
import { AegisError } from "../base/error.ts";
import type { ChainOptions, ChainSink } from "./chain_sink.ts";
import { CHAIN_START, ChainWriter } from "./chain_writer.ts";
import type { AuditEntry } from "./entry.ts";
import { Seal } from "./seal.ts";
import { writeAll } from "./write_all.ts";

/** Options of {@linkcode StreamSink}. */
export interface StreamSinkOptions extends ChainOptions {
  /** As it is named at start. */
  readonly place: string;
  /** Takes bytes and says how many; may throw. */
  readonly write: (bytes: Uint8Array) => number;
  /** Called once at the end. */
  readonly close?: () => void;
}

const LINE_BREAK = new Uint8Array([0x0a]);

/**
 * Writes lines as they come. What was written cannot be taken back, so after a failed write the next
 * one begins a chain of its own on a line of its own.
 */
export class StreamSink implements ChainSink {
  readonly place: string;
  readonly #options: StreamSinkOptions;
  readonly #seal: Seal;
  #writer: ChainWriter | undefined;
  #end = CHAIN_START;
  #failed = false;
  #closed = false;

  constructor(options: StreamSinkOptions) {
    this.place = options.place;
    this.#options = options;
    this.#seal = new Seal(options.key);
  }

  get head(): string {
    return this.#end.hash;
  }

  get lines(): number {
    return this.#end.seq;
  }

  record(entries: readonly AuditEntry[]): void {
    if (this.#closed) throw new AegisError("audit-closed", "Cannot record: the audit is closed");
    if (entries.length === 0) return;
    const writer = this.#writer ?? this.#begin();
    try {
      for (const entry of entries) writer.add(entry);
      if (this.#failed) writeAll(this.#options.write, LINE_BREAK);
      writeAll(this.#options.write, writer.bytes);
    } catch (cause) {
      this.#writer = undefined;
      this.#failed = true;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AegisError("audit-write", `Cannot write the audit to ${this.place}: ${why}`, {
        cause,
      });
    }
    this.#failed = false;
    writer.commit();
    this.#writer = writer;
    this.#end = writer.end;
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) this.#options.close?.();
    this.#closed = true;
    return Promise.resolve();
  }

  #begin(): ChainWriter {
    const writer = new ChainWriter(this.#seal, CHAIN_START);
    const { clock = systemClock } = this.#options;
    writer.begin({ chain: crypto.randomUUID(), part: 1, startedMs: clock.wallMs() });
    return writer;
  }
}
