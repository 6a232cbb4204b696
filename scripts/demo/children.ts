/**
 * The processes of the act over HTTP: the issuer, and MCP-Aegis before server-filesystem.
 * @module
 */

import { freePort, startListening } from "../../tests/e2e/listening.ts";
import { server } from "../servers.ts";

/** What is needed to start them. */
export interface Stagecraft {
  /** How the command line of MCP-Aegis begins. */
  readonly cli: readonly string[];
  /** The script of the issuer. */
  readonly issuer: string;
  readonly policy: string;
  readonly audit: string;
  /** The folder that is served. */
  readonly folder: string;
}

/** Both, for as long as a scope lasts. */
export interface Children extends AsyncDisposable {
  readonly issuer: string;
  /** The endpoint of the proxy. */
  readonly url: URL;
}

/** Sessions are ended by their clients: nothing is worth waiting for. */
const GRACE_S = "1";

/** Starts both and waits until they listen. */
export async function startChildren(
  { cli, issuer: script, policy, audit, folder }: Stagecraft,
): Promise<Children> {
  await using stack = new AsyncDisposableStack();
  const [issuerPort, port] = [freePort(), freePort()];
  const issuer = `http://127.0.0.1:${issuerPort}`;
  const [deno = ""] = cli;
  const config = cli.slice(cli.indexOf("--config"), cli.indexOf("--config") + 2);
  const issuing = [deno, "run", "-A", "--quiet", ...config, script, `${issuerPort}`];
  stack.use(await startListening({ argv: issuing, port: issuerPort }));
  const { command, args } = await server("filesystem");
  const flags = ["--policy", policy, "--port", `${port}`, "--issuer", issuer];
  flags.push("--scope", "files:read", "--audit", audit, "--pins", `${audit}.pins`);
  flags.push("--log-level", "WARNING");
  const argv = [...cli, "serve", ...flags, "--", command, ...args(folder)];
  const env = { TARGET_SHUTDOWN_TIMEOUT: GRACE_S };
  stack.use(await startListening({ argv, port, env }));
  const owned = stack.move();
  return {
    issuer,
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
