/**
 * What a `serve` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import { localIdentity, type ServedIdentity, type ServePlan } from "../serve.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { nonEmpty, plainText, serverName, writtenOf } from "./run_plan.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";
import { upstreamUrl } from "./upstream.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;

const DEFAULT_PORT = 8443;
const DEFAULT_KEEP_ALIVE_S = 15;

/**
 * Reads the settings.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 */
export function readServePlan({ flags }: { readonly flags: Flags }, io: Io): ServePlan {
  const { policy, upstream } = flags;
  if (policy === undefined || upstream === undefined) {
    const missing = [
      ...(upstream === undefined ? ["--upstream"] : []),
      ...(policy === undefined ? ["--policy"] : []),
    ];
    throw usageError(
      `Cannot start without ${missing.join(" and ")}`,
      "For example: mcp-aegis serve --upstream http://127.0.0.1:3001/mcp --policy policies.yaml " +
        "--principal developer --roles dev",
    );
  }
  const url = upstreamUrl(upstream);
  const hostname = flags.host ?? "127.0.0.1";
  const { limits, warnings } = limitsOf(io, flags);
  return {
    upstreams: [{
      path: endpointPath(flags.path ?? url.pathname),
      url,
      policyFile: nonEmpty("policy", policy),
      name: serverName(flags.name),
    }],
    identity: identityOf(flags, hostname),
    hostname,
    port: flags.port ?? DEFAULT_PORT,
    allowHosts: flags["allow-host"],
    allowOrigins: flags["allow-origin"],
    keepAliveMs: (flags["keep-alive"] ?? DEFAULT_KEEP_ALIVE_S) * 1000,
    callsPerMinute: flags["rate-limit"],
    ...writtenOf(flags),
    limits,
    warnings,
  };
}

function endpointPath(text: string): string {
  if (!text.startsWith("/") || /[?#\s]/.test(text)) {
    throw usageError(`Cannot use --path ${JSON.stringify(text)}: it is no path`, "As in /mcp");
  }
  return text;
}

function identityOf(flags: Flags, hostname: string): ServedIdentity {
  const { principal } = flags;
  if (principal === undefined) {
    throw usageError("Cannot start without knowing who asks", "Give --principal NAME");
  }
  if (!isLoopback(hostname)) {
    throw usageError(
      `Cannot use --principal on ${hostname}: whoever can connect would be ${principal}`,
      "Leave --host away, so that only this machine can connect",
    );
  }
  return localIdentity({
    principal: plainText("principal", principal),
    roles: flags.roles.map((role) => plainText("roles", role)),
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
