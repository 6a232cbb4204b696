/**
 * What a `serve` run shall do, read from its flags and the environment, before anything starts.
 * @module
 */

import { isLoopback } from "../config/reach_faults.ts";
import type { ServePlan } from "../serve.ts";
import type { ServedTarget } from "../serve_target.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { nonEmpty, serverName, writtenOf } from "./run_plan.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";
import {
  DEFAULT_HOST,
  DEFAULT_KEEP_ALIVE_S,
  DEFAULT_MAX_CHILDREN,
  DEFAULT_PORT,
} from "./serve_defaults.ts";
import { edgeOf } from "./serve_edge.ts";
import { planOfFile } from "./serve_file.ts";
import { servedIdentity } from "./serve_identity.ts";
import { readTarget } from "./target.ts";
import { credentialsOf, upstreamUrl } from "./upstream.ts";
import { webUrl } from "./web_url.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;

/**
 * Reads the settings.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 */
export async function readServePlan(
  { flags, rest }: { readonly flags: Flags; readonly rest: readonly string[] | undefined },
  io: Io,
): Promise<ServePlan> {
  if (flags.config !== undefined) return await planOfFile(flags.config, { flags, rest }, io);
  const { policy } = flags;
  const target = targetOf(flags, rest);
  if (policy === undefined || target === undefined) {
    const missing = [
      ...(target === undefined ? ["--upstream"] : []),
      ...(policy === undefined ? ["--policy"] : []),
    ];
    throw usageError(
      `Cannot start without ${missing.join(" and ")}`,
      "For example: mcp-aegis serve --upstream http://127.0.0.1:3001/mcp --policy policies.yaml " +
        "--principal developer --roles dev",
    );
  }
  const hostname = flags.host ?? DEFAULT_HOST;
  const port = flags.port ?? DEFAULT_PORT;
  const paths = pathsOf(flags, target);
  const path = paths.path ?? paths.ssePath ?? "/";
  const publicUrl = flags["public-url"] === undefined ? undefined : webUrl(flags["public-url"]);
  if (!isLoopback(hostname) && publicUrl === undefined && flags["allow-host"].length === 0) {
    throw usageError(
      `Cannot listen on ${hostname} without knowing by which name clients ask for it`,
      "Give --public-url https://NAME, or --allow-host NAME",
    );
  }
  const { limits, warnings } = limitsOf(io, flags);
  const edge = edgeOf(flags);
  const place = { hostname, port, path, publicUrl, isTls: edge.tls !== undefined };
  return {
    upstreams: [{
      ...paths,
      target,
      policyFile: nonEmpty("policy", policy),
      name: serverName(flags.name),
      identity: await servedIdentity(flags, place),
    }],
    hostname,
    port,
    allowHosts: [...flags["allow-host"], ...publicUrl === undefined ? [] : [publicUrl.host]],
    allowOrigins: flags["allow-origin"],
    keepAliveMs: (flags["keep-alive"] ?? DEFAULT_KEEP_ALIVE_S) * 1000,
    edge,
    callsPerMinute: flags["rate-limit"],
    ...writtenOf(flags),
    limits,
    warnings,
  };
}

/** The server, by its URL or by its command; undefined when none was given. */
function targetOf(flags: Flags, rest: readonly string[] | undefined): ServedTarget | undefined {
  const { upstream } = flags;
  const command = readTarget({ target: flags.target, rest, env: flags.env });
  const shown = credentialsOf({
    tokenFile: flags["upstream-token-file"],
    headers: flags["upstream-header-env"],
  });
  if (upstream === undefined) {
    if (shown.length > 0) {
      throw usageError(
        "Cannot use --upstream-token-file or --upstream-header-env without --upstream",
        "A server that is started gets what it needs with --env NAME",
      );
    }
    const maxChildren = flags["max-children"] ?? DEFAULT_MAX_CHILDREN;
    return command === undefined ? undefined : { kind: "stdio", ...command, maxChildren };
  }
  if (command !== undefined) {
    throw usageError("Cannot use --upstream and a command together", "Name the server once");
  }
  const kind = flags["upstream-transport"] === "sse" ? "sse" : "http";
  return { kind, url: upstreamUrl(upstream), shown };
}

/** Where clients find the server; null for what --mode leaves out. */
function pathsOf(
  flags: Flags,
  target: ServedTarget,
): { readonly path: string | null; readonly ssePath: string | null } {
  const path = endpointPath("path", flags.path ?? usualPath(target));
  const ssePath = endpointPath("sse-path", flags["sse-path"] ?? beside(path, "sse"));
  const { mode } = flags;
  if (mode === undefined && path === ssePath) {
    throw usageError(
      `Cannot use ${path} for both Streamable HTTP and HTTP+SSE`,
      "Give another --sse-path, or say with --mode which of them is to be spoken",
    );
  }
  return { path: mode === "sse" ? null : path, ssePath: mode === "http" ? null : ssePath };
}

/** The endpoint where a client would look for the server without us. */
function usualPath(target: ServedTarget): string {
  switch (target.kind) {
    case "http":
      return target.url.pathname;
    case "sse":
      return beside(target.url.pathname, "mcp");
    case "stdio":
      return "/mcp";
  }
}

/** The path of another name in the same folder. */
function beside(path: string, name: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1) + name;
}

function endpointPath(flag: "path" | "sse-path", text: string): string {
  if (!text.startsWith("/") || /[?#\s]/.test(text)) {
    throw usageError(`Cannot use --${flag} ${JSON.stringify(text)}: it is no path`, "As in /mcp");
  }
  return text;
}
