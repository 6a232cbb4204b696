/**
 * Takes hold of the file an audit shall go to: opened, checked, locked against a second writer.
 * @module
 */

import { AegisError } from "../base/error.ts";
import { writerPath } from "./file_name.ts";

/** A file that this process alone writes. */
export interface Claim {
  readonly path: string;
  /** Holds the lock until it is closed. */
  readonly file: Deno.FsFile;
  /** False for a device, which has no size, no end and no lock. */
  readonly regular: boolean;
}

const MAX_WRITERS = 64;
const STDOUT: ReadonlySet<string> = new Set(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]);

/**
 * Claims `path`, or the path of the next writer while another process holds it.
 *
 * @throws {AegisError} `audit-file` when it is a directory, a pipe, a terminal or cannot be opened,
 * or when 64 writers hold theirs.
 */
export function claimFile(path: string): Claim {
  if (STDOUT.has(path)) {
    throw refused(path, "stdout belongs to the protocol; name a file or stderr");
  }
  for (let writer = 1; writer <= MAX_WRITERS; writer++) {
    const name = writerPath(path, writer);
    const file = openAudit(name, { create: true });
    const regular = checkKind(name, file);
    if (!regular || lock(name, file)) return { path: name, file, regular };
    file.close();
  }
  throw refused(path, `${MAX_WRITERS} other writers hold it and its suffixes`);
}

/**
 * Claims a file that must not be there yet.
 *
 * @returns Nothing when it is there.
 * @throws {AegisError} `audit-file` when it cannot be made.
 */
export function claimNewFile(path: string): Claim | undefined {
  try {
    const file = openAudit(path, { createNew: true });
    return lock(path, file) ? { path, file, regular: true } : undefined;
  } catch (error) {
    if (error instanceof AegisError && error.cause instanceof Deno.errors.AlreadyExists) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Claims a file that is there and that no other process may hold.
 *
 * @throws {AegisError} `audit-file` when it cannot be opened or another process holds it.
 */
export function claimOldFile(path: string): Claim {
  const file = openAudit(path, {});
  if (lock(path, file)) return { path, file, regular: true };
  file.close();
  throw refused(path, "another process writes it; name another file");
}

/** The error for a file that cannot be used. */
export function refused(path: string, why: string, cause?: unknown): AegisError {
  return new AegisError(
    "audit-file",
    `Cannot write the audit to ${JSON.stringify(path)}: ${why}`,
    cause === undefined ? undefined : { cause },
  );
}

/** Opens a file for appending; readable by its owner alone when it is made. */
function openAudit(
  path: string,
  how: { readonly create?: true; readonly createNew?: true },
): Deno.FsFile {
  try {
    // Reading as well: opening a pipe to write alone would wait for its reader.
    return Deno.openSync(path, { read: true, append: true, mode: 0o600, ...how });
  } catch (cause) {
    throw refused(path, reasonOf(cause), cause);
  }
}

/** Tells whether it is a regular file; what is neither that nor a device is refused. */
function checkKind(path: string, file: Deno.FsFile): boolean {
  const { isFile, isCharDevice, isDirectory, isFifo } = file.statSync();
  if (isFile) return true;
  const terminal = file.isTerminal();
  if (isCharDevice === true && !terminal) return false;
  file.close();
  if (isDirectory) throw refused(path, "it is a directory; name a file in it");
  if (isFifo === true) throw refused(path, "it is a pipe; name a file, or stderr");
  throw refused(path, terminal ? "it is a terminal; use stderr" : "it is no regular file");
}

function lock(path: string, file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch (cause) {
    file.close();
    throw refused(
      path,
      `it cannot be locked (${messageOf(cause)}); name a file on a local disk`,
      cause,
    );
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "its directory does not exist";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a directory; name a file in it";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission denied";
  return messageOf(cause);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
