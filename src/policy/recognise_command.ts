/**
 * Which preset knows the server that a command line starts on this machine.
 * @module
 */

import type { PresetInfo } from "./presets.ts";
import { recognise } from "./recognise.ts";

/** The preset that knows what the command runs, or `undefined`; follows symbolic links. */
export function recogniseCommand(argv: readonly string[]): PresetInfo | undefined {
  return recognise(argv, { realPath });
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    // Not there, or not ours to look at: then it is not recognised.
    return undefined;
  }
}
