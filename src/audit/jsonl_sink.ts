/**
 * The file sink for library users: named where the gateway is made, opened behind it.
 * @module
 */

import type { AuditEntry } from "./entry.ts";
import type { FileSink } from "./chain_sink.ts";
import { type FileSinkOptions, openFileSink } from "./file_sink.ts";
import type { AuditSink } from "./sink.ts";

/**
 * An audit of chained JSON lines in a file.
 *
 * It is opened at once; entries wait for that, and when it fails each of them is refused with the
 * reason, so that nothing passes unrecorded. To fail at start instead, `await opened`.
 *
 * @example
 * ```ts
 * import { jsonlSink } from "@aegis/cli";
 *
 * const folder = await Deno.makeTempDir();
 * await using audit = jsonlSink(`${folder}/audit.jsonl`);
 * console.assert((await audit.opened).lines === 1);
 * ```
 */
export function jsonlSink(
  path: string,
  options: Omit<FileSinkOptions, "path"> = {},
): AuditSink & { readonly opened: Promise<FileSink> } {
  return new JsonlSink(openFileSink({ ...options, path }));
}

class JsonlSink implements AuditSink {
  readonly opened: Promise<FileSink>;
  #sink: FileSink | undefined;

  constructor(opened: Promise<FileSink>) {
    this.opened = opened;
    opened.then((sink) => this.#sink = sink, () => {}); // each record() tells of the failure
  }

  record(entries: readonly AuditEntry[]): void | Promise<void> {
    return this.#sink === undefined
      ? this.opened.then((sink) => sink.record(entries))
      : this.#sink.record(entries);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sink = await this.opened.catch(() => undefined);
    await sink?.[Symbol.asyncDispose]();
  }
}
