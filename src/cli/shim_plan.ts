/**
 * What a `wrap` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import type { ShimPlan } from "../shim.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { nonEmpty, plainText, serverName, writtenOf } from "./run_plan.ts";
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
  const { policy, target } = flags;
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
  const { limits, warnings } = limitsOf(io, flags);
  return {
    ...server,
    policyFile: nonEmpty("policy", policy),
    name: serverName(flags.name),
    principal: plainText("principal", flags.principal ?? "local-user"),
    roles: flags.roles.map((role) => plainText("roles", role)),
    callsPerMinute: flags["rate-limit"],
    ...writtenOf(flags),
    limits,
    warnings,
  };
}
