/**
 * Judges a shell command by parsing it. Import lazily: it brings the Bash parser along.
 * @module
 */

import type { CommandProfile } from "../../access/inspection.ts";
import type { Objection } from "../objection.ts";
import { refusal } from "./command/refusals.ts";
import { CommandReferee } from "./command/script.ts";

/** Says what a shell command would do that the profile does not allow; nothing when it may run. */
export function examineCommand(text: string, profile: CommandProfile): Objection | undefined {
  if (holdsControls(text)) return refusal("command-control-character");
  return new CommandReferee(profile).script(text);
}

/** NUL ends a command for some readers and not for others; VT and ESC hide text from people. */
function holdsControls(text: string): boolean {
  return text.includes("\0") || text.includes("\v") || text.includes("\x1b");
}
