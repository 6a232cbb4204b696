/**
 * server-everything over Streamable HTTP, for as long as a scope lasts.
 * @module
 */

import { server } from "../../scripts/servers.ts";
import { eventually } from "./harness.ts";

/** Starts it on a free port; it ends with the scope. */
export async function startEverything(): Promise<AsyncDisposable & { readonly url: string }> {
  const { command, args } = await server("everything");
  const port = freePort();
  const child = new Deno.Command(command, {
    args: args("streamableHttp"),
    env: { PORT: `${port}` },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await eventually("server-everything over HTTP", () => listens(port));
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listens(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false; // not yet
  }
}
