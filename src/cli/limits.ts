/**
 * The limits of a run, from its flags and its environment.
 * @module
 */

import type { Limits } from "../base/limits.ts";
import { type LimitSources, readLimits } from "../config/limits.ts";
import { CliError, EXIT } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { LIMIT_FLAGS } from "./flags.ts";
import type { Io } from "./io.ts";

/** Limits and what there is to say about where they came from. */
export interface RunLimits {
  readonly limits: Limits;
  readonly warnings: readonly string[];
}

/**
 * Reads the limits: flag over environment over what a file says.
 *
 * @throws {CliError} with exit code 3 when a variable is wrong, 2 when only flags are.
 */
export function limitsOf(
  io: Io,
  flags: Partial<FlagValues<typeof LIMIT_FLAGS>> = {},
  file: LimitSources["file"] = {},
): RunLimits {
  const environment = io.limitVariables();
  const { limits, faults, warnings } = readLimits({ flags, environment, file });
  const [fault] = faults;
  if (fault === undefined) return { limits, warnings };
  throw new CliError(faults.map(({ message }) => message).join("\n"), {
    exit: faults.some(({ source }) => source === "environment") ? EXIT.configuration : EXIT.usage,
    hint: fault.hint ?? "mcp-aegis help limits lists them all",
  });
}
