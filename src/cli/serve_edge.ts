/**
 * What stands around the proxy of a `serve` run, by its flags and by what a file says.
 * @module
 */

import type { ListenSettings } from "../config/aegis.ts";
import type { ServePlan } from "../serve.ts";
import { usageError } from "./exit.ts";
import type { FlagValues } from "./flag.ts";
import { nonEmpty } from "./run_plan.ts";
import type { SERVE_FLAGS } from "./serve_flags.ts";

type Flags = FlagValues<typeof SERVE_FLAGS>;
type FromFile = Pick<ListenSettings, "tls" | "adminPort" | "trustedProxies">;

/**
 * Reads it; a flag goes before the file.
 *
 * @throws {CliError} with exit code 2.
 */
export function edgeOf(flags: Flags, file?: FromFile): ServePlan["edge"] {
  const proxies = flags["trusted-proxy"];
  return {
    tls: tlsFiles(flags) ?? file?.tls,
    adminPort: flags["admin-port"] ?? file?.adminPort,
    trustedProxies: proxies.length > 0 ? proxies : file?.trustedProxies ?? [],
  };
}

function tlsFiles(flags: Flags): ServePlan["edge"]["tls"] {
  const { "tls-cert": cert, "tls-key": key } = flags;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw usageError(`Cannot use --tls-${cert === undefined ? "key" : "cert"} alone`);
  }
  return { cert: nonEmpty("tls-cert", cert), key: nonEmpty("tls-key", key) };
}
