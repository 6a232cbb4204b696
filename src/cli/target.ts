/**
 * The server's command and environment, as `wrap` and `check` are told them.
 * @module
 */

import { splitWords } from "../transport/stdio/words.ts";
import { usageError } from "./exit.ts";

/** What to start and what to give it. */
export interface Target {
  readonly argv: readonly string[];
  /** `NAME` or `NAME=VALUE`, beyond the usual environment. */
  readonly env: readonly string[];
}

/** How the command was given: one of both. */
export interface TargetWords {
  /** `--target "COMMAND"`. */
  readonly target: string | undefined;
  /** `-- COMMAND ARGS`. */
  readonly rest: readonly string[] | undefined;
  readonly env: readonly string[];
}

/**
 * Reads the command; undefined when none was given.
 *
 * @throws {CliError} with exit code 2.
 */
export function readTarget({ target, rest, env }: TargetWords): Target | undefined {
  if (target === undefined && rest === undefined) return undefined;
  if (target !== undefined && rest !== undefined) {
    throw usageError(
      'Cannot use --target and "--" together',
      'Write the command once: --target "COMMAND" or -- COMMAND ARGS',
    );
  }
  const argv = rest ?? split(target ?? "");
  if (argv[0] === undefined || argv[0] === "") {
    const where = rest === undefined ? "--target is empty" : 'nothing stands after "--"';
    throw usageError(`Cannot start the server: ${where}`);
  }
  if (argv.some((word) => word.includes("\0"))) {
    throw usageError("Cannot start the server: its command holds a NUL character");
  }
  const wrong = env.find((entry) => entry.startsWith("=") || entry === "" || entry.includes("\0"));
  if (wrong !== undefined) {
    throw usageError(
      `Cannot use --env ${JSON.stringify(wrong)}: it names no variable`,
      "Write --env NAME to pass ours on, or --env NAME=VALUE",
    );
  }
  return { argv, env };
}

function split(command: string): readonly string[] {
  const words = splitWords(command, { windows: Deno.build.os === "windows" });
  if (words.ok) return words.value;
  throw usageError(
    words.error.message,
    'Mind the quotes in --target, or write the command as it is after "--"',
  );
}
