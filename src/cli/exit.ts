/**
 * How a run of the program ends, and what it says when it ends badly.
 * @module
 */

import { AegisError } from "../base/error.ts";

/** Exit codes. A wrapped server's own code is passed on instead. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  cases: 4,
  denied: 5,
} as const;

/** What a {@linkcode CliError} says besides its message. */
export interface CliErrorOptions extends ErrorOptions {
  /** One of {@linkcode EXIT}. */
  readonly exit: number;
  /** What to do; further lines are shown as they are. */
  readonly hint?: string;
}

/** Ends the run with an exit code, an error line and a hint. */
export class CliError extends AegisError {
  readonly exit: number;
  readonly hint: string | undefined;

  constructor(message: string, { exit, hint, ...options }: CliErrorOptions) {
    super("command-line", message, options);
    this.name = "CliError";
    this.exit = exit;
    this.hint = hint;
  }
}

/** The command line itself is wrong. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(
    message,
    hint === undefined ? { exit: EXIT.usage } : { exit: EXIT.usage, hint },
  );
}
