/**
 * What a `serve` run shall do by `aegis.yaml`, under the flags that go before it.
 * @module
 */

import { ConfigurationError } from "../base/error.ts";
import type { AegisFile } from "../config/aegis.ts";
import { readAegis } from "../config/read_aegis.ts";
import type { ServedUpstream, ServePlan } from "../serve.ts";
import { splitWords } from "../transport/stdio/words.ts";
import { readBounded } from "../yaml/file.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { writtenOf } from "./run_plan.ts";
import { DEFAULT_HOST, DEFAULT_KEEP_ALIVE_S, DEFAULT_PORT } from "./serve_defaults.ts";
import { edgeOf } from "./serve_edge.ts";
import { fileIdentity, isIdentified, type Who, whoOf } from "./serve_file_identity.ts";
import { servedTarget } from "./serve_file_target.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";
import { servedIdentity } from "./serve_identity.ts";
import { webUrl } from "./web_url.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;

/** Flags that speak of one server, whose place is in the file. */
const OF_ONE_SERVER = [
  ...["policy", "upstream", "upstream-transport", "upstream-token-file", "upstream-header-env"],
  ...["target", "env", "max-children", "name", "path", "sse-path", "mode"],
] as const satisfies readonly (keyof Flags)[];

/**
 * Reads the file and lays the flags over it.
 *
 * @throws {CliError} with exit code 2 for a flag, 3 for a variable.
 * @throws {ConfigurationError} with everything that is wrong with the file.
 */
export async function planOfFile(
  file: string,
  { flags, rest }: { readonly flags: Flags; readonly rest: readonly string[] | undefined },
  io: Io,
): Promise<ServePlan> {
  refuseStray(flags, rest);
  const publicUrl = flags["public-url"] === undefined ? undefined : webUrl(flags["public-url"]);
  const { aegis, warnings } = await readFile(file, { flags, io });
  const { listen, upstreams, audit, log } = aegis;
  const { limits, warnings: ofLimits } = limitsOf(io, flags, aegis.limits);
  const hostname = flags.host ?? listen.host ?? DEFAULT_HOST;
  const port = flags.port ?? listen.port ?? DEFAULT_PORT;
  const edge = edgeOf(flags, listen);
  const isTls = edge.tls !== undefined;
  const place = { hostname, port, publicUrl: publicUrl ?? listen.publicUrl, isTls };
  const who = isIdentified(flags) ? undefined : await whoOf(aegis.who, flags);
  const served: ServedUpstream[] = [];
  for (const each of upstreams) served.push(await servedUpstream(each, { flags, who, place }));
  const [first, ...others] = served;
  if (first === undefined) throw usageError(`Cannot serve by ${file}: it names no upstream`);
  return {
    upstreams: [first, ...others],
    hostname,
    port,
    allowHosts: [
      ...flags["allow-host"].length > 0 ? flags["allow-host"] : listen.allowHosts,
      ...place.publicUrl === undefined ? [] : [place.publicUrl.host],
    ],
    allowOrigins: flags["allow-origin"].length > 0 ? flags["allow-origin"] : listen.allowOrigins,
    keepAliveMs: (flags["keep-alive"] ?? listen.keepAliveSeconds ?? DEFAULT_KEEP_ALIVE_S) * 1000,
    edge,
    callsPerMinute: flags["rate-limit"] ?? aegis.rateLimit,
    ...writtenOf({
      "audit": flags.audit ?? audit.to,
      "audit-key": flags["audit-key"] ?? audit.keyFile,
      "audit-arguments": flags["audit-arguments"] || audit.arguments,
      "pins": flags.pins ?? aegis.pins,
      "log-level": flags["log-level"] ?? log.level,
      "log-format": flags["log-format"] ?? log.format,
    }),
    limits,
    warnings: [...warnings, ...ofLimits],
  };
}

function refuseStray(flags: Flags, rest: readonly string[] | undefined): void {
  const given = OF_ONE_SERVER.find((flag) => {
    const value = flags[flag];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (given === undefined && rest === undefined) return;
  throw usageError(
    `Cannot use --config and ${given === undefined ? '"--"' : `--${given}`} together`,
    "Each server, its path and its policy are in the file",
  );
}

async function readFile(
  file: string,
  { flags, io }: { readonly flags: Flags; readonly io: Io },
): Promise<{ readonly aegis: AegisFile; readonly warnings: readonly string[] }> {
  // how large the file may be cannot be said in it
  const { limits } = limitsOf(io, flags);
  const read = await readBounded(file, {
    what: "configuration",
    maxBytes: limits.maxPolicyFileBytes,
  });
  if (!read.ok) throw new ConfigurationError([read.error]);
  const { aegis, diagnostics } = readAegis(read.value, {
    file,
    limits,
    split: (text) => splitWords(text, { windows: Deno.build.os === "windows" }),
    over: {
      host: flags.host,
      port: flags.port,
      isNamed: flags["public-url"] !== undefined || flags["allow-host"].length > 0,
      isIdentified: isIdentified(flags),
      hasAudience: flags.audience.length > 0,
    },
  });
  if (aegis === undefined) throw new ConfigurationError(diagnostics);
  return {
    aegis,
    warnings: diagnostics.map(({ line, column, message }) =>
      `${file}:${line}:${column}: ${message}`
    ),
  };
}

interface Around {
  readonly flags: Flags;
  /** Who may be proved by the file; undefined when flags say it. */
  readonly who: Who | undefined;
  readonly place: {
    readonly hostname: string;
    readonly port: number;
    readonly publicUrl: URL | undefined;
    readonly isTls: boolean;
  };
}

async function servedUpstream(
  upstream: AegisFile["upstreams"][number],
  { flags, who, place }: Around,
): Promise<ServedUpstream> {
  const { name, path, ssePath, policyFile } = upstream;
  const target = servedTarget(upstream.target);
  const here = { ...place, path: path ?? ssePath ?? "/" };
  const exchanged = target.kind !== "stdio" &&
    target.shown.some((each) => each.kind === "grant" && each.grant === "tokenExchange");
  return {
    path,
    ssePath,
    target,
    policyFile,
    name,
    identity: who === undefined
      ? await servedIdentity(flags, { ...here, exchanged })
      : fileIdentity(who, { ...here, upstream, exchanged }),
  };
}
