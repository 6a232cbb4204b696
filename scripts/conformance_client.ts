/**
 * The client that the conformance suite runs: `deno run -A scripts/conformance_client.ts URL`.
 *
 * The suite names the scenario in `MCP_CONFORMANCE_SCENARIO` and gives the URL of its test server.
 * With `AEGIS_PROXY=1` the proxy is put before that server, and the client talks to the proxy; with
 * `AEGIS_PROXY=bridge` the client speaks stdio to the bridge; any other text in it is the command
 * line of a proxy (`tests/e2e/http_proxy.ts`).
 * @module
 */

import { StreamableHTTPClientTransport as HttpTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { bridge } from "../tests/e2e/harness.ts";
import { OPEN_POLICY } from "../tests/e2e/http_proxy.ts";
import { CLIENT_SCENARIOS } from "./conformance/client_scenarios.ts";
import { startProxy } from "../tests/e2e/http_proxy.ts";

if (import.meta.main) {
  const [url = ""] = Deno.args;
  const name = Deno.env.get("MCP_CONFORMANCE_SCENARIO") ?? "";
  const play = CLIENT_SCENARIOS[name];
  if (play === undefined) {
    console.error(`Cannot play the scenario "${name}": known are ${Object.keys(CLIENT_SCENARIOS)}`);
    Deno.exit(2);
  }
  const through = Deno.env.get("AEGIS_PROXY");
  if (through === "bridge") {
    const { command, args, env = {} } = bridge(url, { policy: OPEN_POLICY });
    await play(new StdioClientTransport({ command, args: [...args], env: { ...env } }));
  } else if (through !== undefined) {
    await using proxy = await startProxy(url);
    await play(new HttpTransport(new URL(proxy.url)));
  } else {
    await play(new HttpTransport(new URL(url)));
  }
  // The client leaves timers behind that would hold the process.
  Deno.exit();
}
