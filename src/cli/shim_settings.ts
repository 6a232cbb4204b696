/**
 * What a `wrap` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import type { Limits } from "../base/limits.ts";
import { type LogLevel, printable } from "../base/log.ts";
import { readLimits } from "../config/limits.ts";
import { CliError, EXIT, usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { readTarget, type Target } from "./target.ts";
import type { WRAP_FLAGS } from "./wrap.ts";

/** Where the audit goes. */
export type AuditChoice =
  | { readonly kind: "state" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stderr" }
  | { readonly kind: "none" };

/** Everything a `wrap` run was told. */
export interface ShimSettings extends Target {
  readonly policyFile: string;
  /** The server's name in patterns; undefined leaves it to the presets. */
  readonly name: string | undefined;
  readonly principal: string;
  readonly roles: readonly string[];
  /** Tool calls a minute for each principal. */
  readonly callsPerMinute: number | undefined;
  readonly audit: AuditChoice;
  readonly auditKeyFile: string | undefined;
  readonly auditArguments: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  readonly limits: Limits;
  /** For the log, once there is one. */
  readonly warnings: readonly string[];
}

/** A command line that works, for hints. */
const WHOLE_COMMAND =
  'mcp-aegis --target "npx -y @modelcontextprotocol/server-filesystem /tmp" --policy policies.yaml';

/**
 * Reads the settings.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 */
export function readShimSettings(
  { flags, rest }: {
    readonly flags: FlagValues<typeof WRAP_FLAGS>;
    readonly rest: readonly string[] | undefined;
  },
  io: Io,
): ShimSettings {
  const { policy, target, mode = "stdio" } = flags;
  const server = readTarget({ target, rest, env: flags.env });
  if (server === undefined || policy === undefined) {
    const missing = [
      ...(server === undefined ? ["--target"] : []),
      ...(policy === undefined ? ["--policy"] : []),
    ];
    throw usageError(
      `Cannot start without ${missing.join(" and ")}`,
      `For example: ${WHOLE_COMMAND}`,
    );
  }
  if (mode !== "stdio") {
    throw usageError(
      `Cannot use --mode ${mode}: it is not in this version`,
      "Leave --mode away: clients that start a server by its command speak stdio",
    );
  }
  const { limits, warnings } = limitsOf(flags, io);
  return {
    ...server,
    policyFile: nonEmpty("policy", policy),
    name: serverName(flags.name),
    principal: plainText("principal", flags.principal ?? "local-user"),
    roles: flags.roles.map((role) => plainText("roles", role)),
    callsPerMinute: flags["rate-limit"],
    audit: auditChoice(flags.audit),
    auditKeyFile: flags["audit-key"],
    auditArguments: flags["audit-arguments"],
    logLevel: flags["log-level"] ?? "INFO",
    logFormat: flags["log-format"] ?? "text",
    limits,
    warnings,
  };
}

function limitsOf(flags: FlagValues<typeof WRAP_FLAGS>, io: Io) {
  const { limits, faults, warnings } = readLimits({
    flags: {
      "max-line-size": flags["max-line-size"],
      "max-arg-size": flags["max-arg-size"],
      "max-depth": flags["max-depth"],
    },
    environment: io.limitVariables(),
  });
  const [fault] = faults;
  if (fault !== undefined) {
    const message = faults.map((each) => each.message).join("\n");
    const exit = faults.some(({ source }) => source === "environment")
      ? EXIT.configuration
      : EXIT.usage;
    throw new CliError(message, { exit, hint: fault.hint ?? "mcp-aegis help limits lists them" });
  }
  return { limits, warnings };
}

function auditChoice(text: string | undefined): AuditChoice {
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

/** A name stands before the colon of a pattern. */
function serverName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (/[:*\s]/.test(name)) {
    throw usageError(
      `Cannot use --name ${JSON.stringify(name)}: it holds a colon, a star or a space`,
      "The name stands before the colon of patterns, as fs in fs:read_*",
    );
  }
  return plainText("name", name);
}

function nonEmpty(flag: string, text: string): string {
  if (text === "") throw usageError(`Cannot use an empty --${flag}`);
  return text;
}

function plainText(flag: string, text: string): string {
  if (text.length > 256 || printable(text) !== text) {
    throw usageError(
      `Cannot use this --${flag}: it is longer than 256 characters or holds control characters`,
    );
  }
  return nonEmpty(flag, text);
}
