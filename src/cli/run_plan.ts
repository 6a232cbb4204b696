/**
 * Settings that every command which stands in front of a server reads alike.
 * @module
 */

import { printable } from "../base/log.ts";
import type { AuditChoice } from "../audit/open_sink.ts";
import type { LogLevel } from "../base/log.ts";
import type { PinChoice } from "../inspect/pins/place.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { WRITTEN_FLAGS } from "./run_flags.ts";

/** What is written down, and where. */
export interface Written {
  readonly audit: AuditChoice;
  readonly auditKeyFile: string | undefined;
  readonly auditArguments: boolean;
  readonly pins: PinChoice | { readonly kind: "none" };
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
}

/**
 * Reads what is written down.
 *
 * @throws {CliError} with exit code 2.
 */
export function writtenOf(flags: FlagValues<typeof WRITTEN_FLAGS>): Written {
  return {
    audit: auditChoice(flags.audit),
    auditKeyFile: flags["audit-key"],
    auditArguments: flags["audit-arguments"],
    pins: pinChoice(flags.pins),
    logLevel: flags["log-level"] ?? "INFO",
    logFormat: flags["log-format"] ?? "text",
  };
}

function auditChoice(text: string | undefined): Written["audit"] {
  switch (text) {
    case undefined:
      return { kind: "state" };
    case "stderr":
    case "none":
      return { kind: text };
    default:
      return { kind: "file", path: nonEmpty("audit", text) };
  }
}

function pinChoice(text: string | undefined): Written["pins"] {
  if (text === undefined) return { kind: "state" };
  return text === "none" ? { kind: "none" } : { kind: "file", path: nonEmpty("pins", text) };
}

/**
 * Reads a server's name, which stands before the colon of a pattern.
 *
 * @throws {CliError} with exit code 2.
 */
export function serverName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (/[:*\s]/.test(name)) {
    throw usageError(
      `Cannot use --name ${JSON.stringify(name)}: it holds a colon, a star or a space`,
      "The name stands before the colon of patterns, as fs in fs:read_*",
    );
  }
  return plainText("name", name);
}

/**
 * Insists on a value that says something.
 *
 * @throws {CliError} with exit code 2.
 */
export function nonEmpty(flag: string, text: string): string {
  if (text === "") throw usageError(`Cannot use an empty --${flag}`);
  return text;
}

/**
 * Insists on a short text without controls.
 *
 * @throws {CliError} with exit code 2.
 */
export function plainText(flag: string, text: string): string {
  if (text.length > 256 || printable(text) !== text) {
    throw usageError(
      `Cannot use this --${flag}: it is longer than 256 characters or holds control characters`,
    );
  }
  return nonEmpty(flag, text);
}
