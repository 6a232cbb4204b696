/**
 * Judges a program and its arguments that run without a shell. Import lazily, as `command.ts`.
 * @module
 */

import type { CommandProfile } from "../../access/inspection.ts";
import type { Objection } from "../objection.ts";
import { refusal } from "./command/refusals.ts";
import { CommandReferee } from "./command/script.ts";

/** Words of one vector, and characters of all of them. */
const MAX_WORDS = 4096;
const MAX_CHARS = 64 * 1024;

/** Says what an argument vector would do that the profile does not allow; nothing when it may run. */
export function examineArgv(
  words: readonly string[],
  profile: CommandProfile,
): Objection | undefined {
  const chars = words.reduce((sum, word) => sum + word.length, 0);
  if (words.length > MAX_WORDS || chars > MAX_CHARS) return refusal("command-too-long");
  if (words.some((word) => word.includes("\0") || word.includes("\v") || word.includes("\x1b"))) {
    return refusal("command-control-character");
  }
  return new CommandReferee(profile).vector(words);
}
