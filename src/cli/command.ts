/**
 * What a command is: a grammar, a page of help and a function.
 * @module
 */

import type { FlagTable } from "./flag.ts";
import type { Io } from "./io.ts";
import { type Grammar, parseArguments, type Parsed } from "./parse.ts";

/** A command line worth copying, and what it does. */
export interface Example {
  readonly about: string;
  /** Lines after the first are continued with a backslash. */
  readonly command: string;
}

/** The help of one command. */
export interface HelpPage {
  /** As it is typed after `mcp-aegis`; empty for the default command. */
  readonly name: string;
  /** One sentence without its period. */
  readonly brief: string;
  /** What follows `mcp-aegis`, one line for each form. */
  readonly usage: readonly string[];
  readonly examples: readonly Example[];
  readonly flags: FlagTable;
  /** Lines after the flags. */
  readonly notes?: readonly string[];
}

/** A command with its types. */
export interface CommandSpec<F extends FlagTable> extends HelpPage, Grammar<F> {
  readonly flags: F;
  /** Does it; gives the exit code. */
  run(parsed: Parsed<F>, io: Io): Promise<number>;
}

/** A command as `main` sees it. */
export interface Command {
  readonly page: HelpPage;
  execute(args: readonly string[], io: Io): Promise<number>;
}

/** Hides the types of a command's flags. */
export function defineCommand<F extends FlagTable>(spec: CommandSpec<F>): Command {
  return {
    page: spec,
    execute: async (args, io) => await spec.run(parseArguments(args, spec), io),
  };
}
