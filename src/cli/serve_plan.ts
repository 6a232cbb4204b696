/**
 * What a `serve` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import type { ServePlan } from "../serve.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { nonEmpty, serverName, writtenOf } from "./run_plan.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";
import { isLoopback, servedIdentity } from "./serve_identity.ts";
import { upstreamUrl } from "./upstream.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;

const DEFAULT_PORT = 8443;
const DEFAULT_KEEP_ALIVE_S = 15;

/**
 * Reads the settings.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 */
export async function readServePlan(
  { flags }: { readonly flags: Flags },
  io: Io,
): Promise<ServePlan> {
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
  const port = flags.port ?? DEFAULT_PORT;
  const path = endpointPath(flags.path ?? url.pathname);
  const publicUrl = flags["public-url"] === undefined ? undefined : webUrl(flags["public-url"]);
  if (!isLoopback(hostname) && publicUrl === undefined && flags["allow-host"].length === 0) {
    throw usageError(
      `Cannot listen on ${hostname} without knowing by which name clients ask for it`,
      "Give --public-url https://NAME, or --allow-host NAME",
    );
  }
  const { limits, warnings } = limitsOf(io, flags);
  return {
    upstreams: [{
      path,
      url,
      policyFile: nonEmpty("policy", policy),
      name: serverName(flags.name),
      identity: await servedIdentity(flags, { hostname, port, path, publicUrl }),
    }],
    hostname,
    port,
    allowHosts: [...flags["allow-host"], ...publicUrl === undefined ? [] : [publicUrl.host]],
    allowOrigins: flags["allow-origin"],
    keepAliveMs: (flags["keep-alive"] ?? DEFAULT_KEEP_ALIVE_S) * 1000,
    callsPerMinute: flags["rate-limit"],
    ...writtenOf(flags),
    limits,
    warnings,
  };
}

function webUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw usageError(
      `Cannot use --public-url ${JSON.stringify(text)}: it is no plain http or https URL`,
      "As in https://mcp.example",
    );
  }
  return url;
}

function endpointPath(text: string): string {
  if (!text.startsWith("/") || /[?#\s]/.test(text)) {
    throw usageError(`Cannot use --path ${JSON.stringify(text)}: it is no path`, "As in /mcp");
  }
  return text;
}
