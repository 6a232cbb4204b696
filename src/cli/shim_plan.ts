/**
 * What a `wrap` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import { printable } from "../base/log.ts";
import type { ShimPlan } from "../shim.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { readTarget } from "./target.ts";
import type { WRAP_FLAGS } from "./wrap_flags.ts";

/** A command line that works, for hints. */
const WHOLE_COMMAND =
  'mcp-aegis --target "npx -y @modelcontextprotocol/server-filesystem /tmp" --policy policies.yaml';

/**
 * Reads the settings.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 */
export function readShimPlan(
  { flags, rest }: {
    readonly flags: FlagValues<typeof WRAP_FLAGS>;
    readonly rest: readonly string[] | undefined;
  },
  io: Io,
): ShimPlan {
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
  const { limits, warnings } = limitsOf(io, flags);
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
    pins: pinChoice(flags.pins),
    logLevel: flags["log-level"] ?? "INFO",
    logFormat: flags["log-format"] ?? "text",
    limits,
    warnings,
  };
}

function auditChoice(text: string | undefined): ShimPlan["audit"] {
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

function pinChoice(text: string | undefined): ShimPlan["pins"] {
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
