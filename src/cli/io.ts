/**
 * What a command may touch of the terminal and the environment.
 * @module
 */

import { LIMIT_VARIABLES } from "../config/limits.ts";

/** The terminal and the environment, as tests can replace them. */
export interface Io {
  /** Writes to stdout. */
  out(text: string): void;
  /** Writes to stderr. */
  err(text: string): void;
  /** Whether colours may be written to stdout and to stderr. */
  colour(stream: "out" | "err"): boolean;
  /** The variables that set limits. */
  limitVariables(): Readonly<Record<string, string | undefined>>;
}

/** The real terminal. */
export function systemIo(): Io {
  return {
    out: (text) => writeAll(Deno.stdout, text),
    err: (text) => writeAll(Deno.stderr, text),
    colour: (stream) =>
      (stream === "out" ? Deno.stdout : Deno.stderr).isTerminal() && !variable("NO_COLOR"),
    limitVariables: () => Object.fromEntries(LIMIT_VARIABLES.map((name) => [name, variable(name)])),
  };
}

/** Without permission to read it, a variable counts as unset: its default is the safe value. */
function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  } catch (error) {
    // The reader has left, as `head` does; there is nobody to tell.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
