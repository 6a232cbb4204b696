/**
 * Keys in a file of the operator's, read again when it changes.
 * @module
 */

import { err } from "../base/result.ts";
import { readKeySet } from "./key_set.ts";
import type { KeyTimes, LoadKeys } from "./key_source.ts";

const MAX_BYTES = 512 * 1024;

/** The file is looked at once a second; keys that can be read no more are used for an hour. */
export const FILE_TIMES: KeyTimes = {
  cooldownMs: 1_000,
  freshMs: 1_000,
  staleMs: 3_600_000,
  waits: true,
};

/** Reads the keys in a file. */
export function loadFile(path: string): LoadKeys {
  return async (previous) => {
    try {
      const { isFile, size } = await Deno.stat(path);
      if (!isFile || size > MAX_BYTES) {
        return err(`${path}: no file of at most ${MAX_BYTES} bytes`);
      }
      // Read whole each time: a time stamp does not tell two changes of one millisecond apart.
      const keys = readKeySet(await Deno.readFile(path), previous);
      return keys.ok ? keys : err(`${path}: no key set (${keys.error})`);
    } catch (error) {
      // Not there, or not to be read: Deno.stat and Deno.readFile throw nothing else.
      return err(`${path}: cannot be read (${error instanceof Error ? error.name : "no error"})`);
    }
  };
}
