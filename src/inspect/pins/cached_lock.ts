/**
 * A lock file, read once for each time it changes.
 * @module
 */

import { badLockFile, type LockedServers, readLockFile } from "./lock_file.ts";

/** Keeps what a lock file holds until the file is another one. */
export class CachedLock {
  readonly #path: string;
  #stamp: string | undefined;
  #servers: LockedServers = new Map();

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * What the file holds.
   *
   * @throws {AegisError} `bad-lock-file` when it cannot be read or holds something else.
   */
  async read(): Promise<LockedServers> {
    // Looked at before it is read: when it changes in between, it is read again the next time.
    const stamp = await stampOf(this.#path);
    if (stamp !== undefined && stamp === this.#stamp) return this.#servers;
    const read = await readLockFile(this.#path);
    if (!read.ok) throw badLockFile(this.#path, read.error);
    this.#servers = read.value;
    this.#stamp = stamp;
    return read.value;
  }
}

/** Changes whenever the file is replaced or written; undefined where there is no telling. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtime } = await Deno.stat(path);
    return mtime === null ? undefined : `${ino} ${size} ${mtime.getTime()}`;
  } catch {
    return undefined; // The reading that follows finds out why, and says so.
  }
}
