/**
 * Lock files in folders that go away, and what was said about them.
 * @module
 */

import { sha256Hex } from "../../../src/audit/digest.ts";
import type { Logger } from "../../../src/base/log.ts";

/** As hashes stand in lock files. */
export function digest(bytes: Uint8Array): string {
  return `sha256:${sha256Hex(bytes)}`;
}

/** A logger that keeps what it is told, as `LEVEL message`. */
export class Told implements Logger {
  readonly lines: string[] = [];

  log(level: string, message: string): void {
    this.lines.push(`${level} ${message}`);
  }

  enabled(): boolean {
    return true;
  }

  /** What was said since it was asked last, without the path. */
  take(path: string): string[] {
    return this.lines.splice(0).map((line) => line.replaceAll(path, "FILE"));
  }
}

/** Runs with the path of a lock file that is not there. */
export async function withLockPath(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/pins.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
