/**
 * The operator's choice of where verdicts go, as a sink.
 * @module
 */

import type { ChainOptions, ChainSink, PlacedSink } from "./chain_sink.ts";
import { openFileSink } from "./file_sink.ts";
import { readAuditKey } from "./key.ts";
import { noneSink } from "./none_sink.ts";
import { stderrSink } from "./stderr_sink.ts";
import { traceSink } from "./tracing.ts";

/** Where the audit goes; `state` is a file of its own per run in the platform's state directory. */
export type AuditChoice =
  | { readonly kind: "state" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stderr" }
  | { readonly kind: "none" };

/** A choice, and what seals its lines. */
export interface OpenSinkOptions {
  readonly choice: AuditChoice;
  /** A file with the key of `--audit-key`. */
  readonly keyFile?: string | undefined;
}

/**
 * Opens the sink of a choice; with a collector of traces (`OTEL_DENO=true`) it makes spans, too.
 *
 * @throws {AegisError} when the key or the file cannot be used.
 */
export async function openSink(
  { choice, keyFile }: OpenSinkOptions,
): Promise<ChainSink | PlacedSink> {
  const key = keyFile === undefined ? {} : { key: await readAuditKey(keyFile) };
  return await traceSink(await chosenSink(choice, key));
}

function chosenSink(
  choice: AuditChoice,
  key: ChainOptions,
): (ChainSink | PlacedSink) | Promise<ChainSink> {
  switch (choice.kind) {
    case "state":
      return openFileSink(key);
    case "file":
      return openFileSink({ ...key, path: choice.path });
    case "stderr":
      return stderrSink(key);
    case "none":
      return noneSink();
  }
}
