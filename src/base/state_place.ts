/**
 * Where this program keeps what outlives a run.
 * @module
 */

import { AegisError } from "./error.ts";

/** The machine, as far as places depend on it. */
export interface Machine {
  /** As `Deno.build.os`. */
  readonly os: typeof Deno.build.os;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
}

/** What is kept. */
export interface StateFolder {
  /** The folder's own name, and the first word of the error's code. */
  readonly name: string;
  /** What is kept in it, for the error. */
  readonly what: string;
  /** The flag that names a file instead. */
  readonly flag: string;
}

/** The machine we run on. */
export function thisMachine(): Machine {
  return { os: Deno.build.os, env: (name) => Deno.env.get(name) };
}

/**
 * A folder of ours in the platform's state directory.
 *
 * Linux and others: `$XDG_STATE_HOME` or `~/.local/state`, then `mcp-aegis/<name>` (XDG Base
 * Directory); macOS: `~/Library/Application Support`; Windows: `%LOCALAPPDATA%`.
 *
 * @throws {AegisError} `<name>-place` when the environment names no home.
 */
export function stateDirectory({ os, env }: Machine, folder: StateFolder): string {
  switch (os) {
    case "windows": {
      const local = absolute(env("LOCALAPPDATA"));
      if (local === undefined) throw noPlace("LOCALAPPDATA", folder);
      return `${local}\\mcp-aegis\\${folder.name}`;
    }
    case "darwin": {
      const home = absolute(env("HOME"));
      if (home === undefined) throw noPlace("HOME", folder);
      return `${home}/Library/Application Support/mcp-aegis/${folder.name}`;
    }
    default: {
      const state = absolute(env("XDG_STATE_HOME"));
      if (state !== undefined) return `${state}/mcp-aegis/${folder.name}`;
      const home = absolute(env("HOME"));
      if (home === undefined) throw noPlace("HOME", folder);
      return `${home}/.local/state/mcp-aegis/${folder.name}`;
    }
  }
}

/** XDG Base Directory: a relative path in such a variable is to be ignored. */
function absolute(path: string | undefined): string | undefined {
  if (path === undefined || !/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path)) return undefined;
  return path.endsWith("/") || path.endsWith("\\") ? path.slice(0, -1) : path;
}

function noPlace(variable: string, { name, what, flag }: StateFolder): AegisError {
  return new AegisError(
    `${name}-place`,
    `Cannot choose a place for ${what}: ${variable} is not set; set it or name a file with ${flag}`,
  );
}
