/**
 * Real servers over HTTP, for as long as a scope lasts.
 * @module
 */

import { server } from "../../scripts/servers.ts";
import type { HttpEndpoint } from "./endpoint.ts";
import { freePort, startListening } from "./listening.ts";

/** A server over HTTP. */
export interface HttpServer extends AsyncDisposable {
  readonly endpoint: HttpEndpoint;
}

/** Starts server-everything. */
export async function startEverything(
  transport: HttpEndpoint["transport"],
): Promise<HttpServer> {
  const { command, args } = await server("everything");
  const [mode, path] = transport === "http" ? ["streamableHttp", "mcp"] : ["sse", "sse"];
  const port = freePort();
  const env = { PORT: `${port}` };
  const child = await startListening({ argv: [command, ...args(mode)], port, env });
  return {
    endpoint: { url: `http://127.0.0.1:${port}/${path}`, transport },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
