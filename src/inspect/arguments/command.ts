/**
 * Judges a shell command by parsing it. Import lazily: it brings the Bash parser along.
 * @module
 */

import type { CommandProfile } from "../../access/inspection.ts";
import type { Objection } from "../objection.ts";
import { refusal } from "./command/refusals.ts";
import { CommandReferee } from "./command/script.ts";

/** What a command is given on its standard input. */
export interface CommandInput {
  /** Undefined when it cannot be told which text it is. */
  readonly text: string | undefined;
}

/** What goes with a command. */
export interface CommandSurroundings {
  /** Undefined when it is given none. */
  readonly input?: CommandInput | undefined;
  /** The folder that it is run in; undefined when that is the profile's. */
  readonly folder?: string | undefined;
}

/**
 * Says what a shell command would do that the profile does not allow; nothing when it may run. A
 * shell in it runs its input, and so the input is judged as what that shell would run.
 */
export function examineCommand(
  text: string,
  profile: CommandProfile,
  { input, folder }: CommandSurroundings = {},
): Objection | undefined {
  if (holdsControls(text)) return refusal("command-control-character");
  const alone = new CommandReferee(profile, folder).script(text);
  if (alone !== undefined || input === undefined) return alone;
  return new CommandReferee(profile, folder).script(withInput(text, input));
}

/** Longer input is not read: who would run it is refused. */
const MAX_INPUT = 16 * 1024;

/** The same script with its input as a here-document; an unknown input is that of a variable. */
function withInput(text: string, { text: input }: CommandInput): string {
  if (input === undefined || input.length > MAX_INPUT) return `{\n${text}\n} <<< "$INPUT"`;
  // Longer than any such run of the input, so that no line of it can be the end.
  const runs = input.match(/_+/g) ?? [];
  const end = `END${"_".repeat(1 + runs.reduce((most, { length }) => Math.max(most, length), 0))}`;
  return `{\n${text}\n} <<'${end}'\n${input}\n${end}\n`;
}

/** NUL ends a command for some readers and not for others; VT and ESC hide text from people. */
function holdsControls(text: string): boolean {
  return text.includes("\0") || text.includes("\v") || text.includes("\x1b");
}
