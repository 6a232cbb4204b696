/**
 * The place of an audit that nobody named: a file of its own per run.
 * @module
 */

import { AegisError } from "../base/error.ts";

/** What the name of a run's own file is made of. */
export interface RunName {
  readonly wallMs: number;
  readonly pid: number;
  /** Hex. */
  readonly random: string;
}

/** A name that no other run has, and that sorts by time: `20260131T120000Z-4711-9f3a61c2.jsonl`. */
export function runFileName({ wallMs, pid, random }: RunName): string {
  const time = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z-${pid}-${random}.jsonl`;
}

/** The machine, as far as the place of the audit depends on it. */
export interface Machine {
  /** As `Deno.build.os`. */
  readonly os: typeof Deno.build.os;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
}

/**
 * The directory of audits that nobody named.
 *
 * Linux and others: `$XDG_STATE_HOME` or `~/.local/state`, then `mcp-aegis/audit` (XDG Base
 * Directory); macOS: `~/Library/Application Support`; Windows: `%LOCALAPPDATA%`.
 *
 * @throws {AegisError} `audit-place` when the environment names no home.
 */
export function auditDirectory({ os, env }: Machine): string {
  switch (os) {
    case "windows": {
      const local = absolute(env("LOCALAPPDATA"));
      if (local === undefined) throw noPlace("LOCALAPPDATA");
      return `${local}\\mcp-aegis\\audit`;
    }
    case "darwin": {
      const home = absolute(env("HOME"));
      if (home === undefined) throw noPlace("HOME");
      return `${home}/Library/Application Support/mcp-aegis/audit`;
    }
    default: {
      const state = absolute(env("XDG_STATE_HOME"));
      if (state !== undefined) return `${state}/mcp-aegis/audit`;
      const home = absolute(env("HOME"));
      if (home === undefined) throw noPlace("HOME");
      return `${home}/.local/state/mcp-aegis/audit`;
    }
  }
}

/** XDG Base Directory: a relative path in such a variable is to be ignored. */
function absolute(path: string | undefined): string | undefined {
  if (path === undefined || !/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path)) return undefined;
  return path.endsWith("/") || path.endsWith("\\") ? path.slice(0, -1) : path;
}

function noPlace(variable: string): AegisError {
  return new AegisError(
    "audit-place",
    `Cannot choose a place for the audit: ${variable} is not set; set it or name a file with --audit`,
  );
}
