/**
 * What a `wrap` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import type { BridgePlan } from "../bridge.ts";
import type { LocalPlan } from "../local_run.ts";
import type { ShimPlan } from "../shim.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { nonEmpty, plainText, serverName, writtenOf } from "./run_plan.ts";
import { readTarget } from "./target.ts";
import { credentialsOf, isOpenToOthers, upstreamUrl } from "./upstream.ts";
import type { WRAP_FLAGS } from "./wrap_flags.ts";

/** What is read. */
export interface Given {
  readonly flags: FlagValues<typeof WRAP_FLAGS>;
  readonly rest: readonly string[] | undefined;
}

/** A server that is started, or one that is reached by its address. */
export type WrapPlan =
  | { readonly kind: "command"; readonly plan: ShimPlan }
  | { readonly kind: "address"; readonly plan: BridgePlan };

/** A command line that works, for hints. */
const WHOLE_COMMAND =
  'mcp-aegis --target "npx -y @modelcontextprotocol/server-filesystem /tmp" --policy policies.yaml';

const WHOLE_ADDRESS = "mcp-aegis --upstream https://mcp.example/mcp --policy policies.yaml";

/**
 * Reads the settings.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 */
export function readWrapPlan(given: Given, io: Io): WrapPlan {
  const { policy, target, upstream } = given.flags;
  const server = upstream === undefined
    ? readTarget({ target, rest: given.rest, env: given.flags.env })
    : undefined;
  if ((server === undefined && upstream === undefined) || policy === undefined) {
    const missing = [
      ...(server === undefined && upstream === undefined ? ["--target"] : []),
      ...(policy === undefined ? ["--policy"] : []),
    ];
    throw usageError(
      `Cannot start without ${missing.join(" and ")}`,
      `For example: ${upstream === undefined ? WHOLE_COMMAND : WHOLE_ADDRESS}`,
    );
  }
  const addressed = upstream === undefined ? undefined : addressOf(upstream, given);
  const local = localPlan(policy, given, io);
  if (addressed !== undefined) return { kind: "address", plan: { ...local, ...addressed } };
  forCommandsOnly(given);
  return { kind: "command", plan: { ...local, argv: server?.argv ?? [], env: server?.env ?? [] } };
}

function localPlan(policy: string, { flags }: Given, io: Io): LocalPlan {
  const { limits, warnings } = limitsOf(io, flags);
  return {
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

function addressOf(
  upstream: string,
  { flags, rest }: Given,
): Pick<BridgePlan, "url" | "credentials" | "isOpenToOthers"> {
  if (flags.target !== undefined || rest !== undefined) {
    throw usageError(
      "Cannot use --upstream together with a command",
      "A server is started by its command, or reached by its address",
    );
  }
  if (flags.env.length > 0) {
    throw usageError("Cannot use --env with --upstream: no server is started that could have it");
  }
  const url = upstreamUrl(upstream);
  return {
    url,
    isOpenToOthers: isOpenToOthers(url, { allowed: flags["allow-insecure-upstream"] }),
    credentials: credentialsOf({
      tokenFile: flags["upstream-token-file"],
      headers: flags["upstream-header-env"],
    }),
  };
}

/** Refuses flags that mean nothing for a server that is started. */
function forCommandsOnly({ flags }: Given): void {
  const [stray] = [
    ...(flags["upstream-token-file"] === undefined ? [] : ["--upstream-token-file"]),
    ...(flags["upstream-header-env"].length === 0 ? [] : ["--upstream-header-env"]),
    ...(flags["allow-insecure-upstream"] ? ["--allow-insecure-upstream"] : []),
  ];
  if (stray !== undefined) throw usageError(`Cannot use ${stray} without --upstream`);
}
