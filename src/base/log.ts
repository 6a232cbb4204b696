/**
 * Notes for the operator on stderr, as text or JSON lines. stdout is never touched.
 *
 * Own code instead of a logging library: importing one costs 13 ms of a 25 ms start (measured,
 * ARCHITECTURE.md), and every client feels the start.
 * @module
 */

import type { Clock } from "./clock.ts";

/** Severity, least first. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR";

/** Fields of a log line about a message: trace id, JSON-RPC id, principal, upstream. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where notes for the operator go. */
export interface Logger {
  /** Writes one line if `level` is enabled. Never throws. */
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** True when a line of that level would be written. */
  enabled(level: LogLevel): boolean;
}

const ORDER: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3 };

/** A logger that writes nothing. */
export const silentLogger: Logger = { log: () => {}, enabled: () => false };

/** Options of {@linkcode createLogger}. */
export interface LoggerOptions {
  /** The lowest level written. */
  readonly level: LogLevel;
  /** `text` for people, `json` for programs: one object a line. */
  readonly format: "text" | "json";
  /** For the time in JSON lines. */
  readonly clock: Clock;
  /** Receives each line, newline included. */
  readonly write: (line: string) => void;
}

/** Makes a logger. Control characters in text lines are escaped, so that no message forges a line or a colour. */
export function createLogger({ level, format, clock, write }: LoggerOptions): Logger {
  const least = ORDER[level];
  const line = format === "json" ? jsonLine : textLine;
  return {
    enabled: (at) => ORDER[at] >= least,
    log(at, message, fields = {}) {
      if (ORDER[at] >= least) write(line({ at, message, fields, wallMs: clock.wallMs() }));
    },
  };
}

interface Note {
  readonly at: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly wallMs: number;
}

function jsonLine({ at, message, fields, wallMs }: Note): string {
  const time = new Date(wallMs).toISOString();
  return JSON.stringify({ time, level: at, message, ...fields }) + "\n";
}

function textLine({ at, message, fields }: Note): string {
  let text = `mcp-aegis: ${at.toLowerCase()}: ${message}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) text += ` ${name}=${value}`;
  }
  return printable(text) + "\n";
}

/** Escapes C0, DEL, C1, bidi controls and line separators as `\u{…}`; leaves TAB. */
export function printable(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (c) => `\\u{${c.charCodeAt(0).toString(16)}}`,
  );
}
