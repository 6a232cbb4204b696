/**
 * The audit in a file: chained lines, one writer, one write for a group of messages.
 * @module
 */

import { type Clock, systemClock } from "../base/clock.ts";
import { type Machine, thisMachine } from "../base/state_place.ts";
import type { ChainOptions, FileSink } from "./chain_sink.ts";
import { type Claim, claimFile, claimNewFile, refused } from "./claim.ts";
import { OpenFile } from "./open_file.ts";
import { auditDirectory, runFileName } from "./run_place.ts";
import { Seal } from "./seal.ts";
import { firstChain, laterSegments, type OpenChain } from "./segment.ts";

/** Options of {@linkcode openFileSink}. */
export interface FileSinkOptions extends ChainOptions {
  /** The file; without it the run gets one of its own in the state directory of the platform. */
  readonly path?: string;
  /** A file that would grow beyond so many bytes is left and the chain goes on in another. Default 100 MB. */
  readonly maxFileBytes?: number;
  /**
   * `none` (default): an entry is handed to the operating system before its message goes on; a crash
   * of the program loses nothing, one of the machine may lose the last lines. `each`: every group is
   * forced to the disk first (fdatasync), which costs about a millisecond each.
   */
  readonly sync?: "none" | "each";
  /** Where the state directory is looked for. Default: this machine. */
  readonly machine?: Machine;
}

const DEFAULT_FILE_BYTES = 100_000_000;
const MIN_FILE_BYTES = 4096;
const NAME_ATTEMPTS = 8;

/**
 * Opens the audit file and writes its first line.
 *
 * A named file that another process writes is left to it; this one takes `audit.2.jsonl` and so on.
 * A named file that holds an audit is gone on with: its last line is checked, and if it is torn, or
 * the file is sealed otherwise, the audit goes on in `audit-0002.jsonl` and says so there. No file is
 * ever renamed, shortened below its last whole line, or deleted.
 *
 * @throws {AegisError} `audit-file` when the file cannot be used, `audit-place` when there is no
 * state directory, `audit-key` when the key is too short.
 * @throws {RangeError} when `maxFileBytes` is below 4096.
 *
 * @example
 * ```ts
 * import { openFileSink } from "@aegis/cli";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * const audit = await openFileSink({ path, sync: "each" });
 * console.assert(audit.path === path && audit.lines === 1);
 * await audit[Symbol.asyncDispose]();
 * await Deno.remove(path);
 * ```
 */
export async function openFileSink(options: FileSinkOptions = {}): Promise<FileSink> {
  const { path, maxFileBytes = DEFAULT_FILE_BYTES, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxFileBytes) || maxFileBytes < MIN_FILE_BYTES) {
    throw new RangeError(
      `Cannot set "maxFileBytes" as it must be >= ${MIN_FILE_BYTES} (bytes): current value is ${maxFileBytes}`,
    );
  }
  const seal = new Seal(options.key);
  const claim = path === undefined
    ? claimRunFile({ clock, machine: options.machine })
    : claimFile(path);
  if (!claim.regular) return await openDevice(claim, options);
  try {
    const chain = path === undefined
      ? firstChain(claim)
      : await chainOf(claim, { seal, maxFileBytes });
    return new OpenFile(chain, { seal, clock, maxFileBytes, sync: options.sync ?? "none" });
  } catch (error) {
    claim.file.close();
    throw error;
  }
}

/** The chain to write behind what a named file, and those that came of it, may hold. */
async function chainOf(
  claim: Claim,
  options: { readonly seal: Seal; readonly maxFileBytes: number },
): Promise<OpenChain> {
  const later = laterSegments(claim.path);
  if (later.length === 0 && claim.file.statSync().size === 0) return firstChain(claim);
  const { resumeChain } = await import("./resume.ts");
  return resumeChain(claim, { ...options, later });
}

async function openDevice(
  { path, file }: Claim,
  options: FileSinkOptions,
): Promise<FileSink> {
  const { StreamSink } = await import("./stream_sink.ts");
  const write = (bytes: Uint8Array) => file.writeSync(bytes);
  const close = () => file.close();
  return Object.assign(new StreamSink({ ...options, place: path, write, close }), { path });
}

/** A file that no other run has, in a directory for its owner alone. */
function claimRunFile({ clock, machine = thisMachine() }: {
  readonly clock: Clock;
  readonly machine: Machine | undefined;
}): Claim {
  const directory = auditDirectory(machine);
  try {
    Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refused(
      directory,
      `the directory cannot be made (${why}); name a file with --audit`,
      cause,
    );
  }
  const separator = machine.os === "windows" ? "\\" : "/";
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    const random = crypto.getRandomValues(new Uint8Array(4)).toHex();
    const name = runFileName({ wallMs: clock.wallMs(), pid: Deno.pid, random });
    const claim = claimNewFile(directory + separator + name);
    if (claim !== undefined) return claim;
  }
  throw refused(directory, `no name for a file was free in ${NAME_ATTEMPTS} attempts`);
}
