/**
 * The client that the conformance suite runs: `deno run -A scripts/conformance_client.ts URL`.
 *
 * The suite names the scenario in `MCP_CONFORMANCE_SCENARIO` and gives the URL of its test server.
 * With `AEGIS_PROXY=1` the proxy is put before that server, and the client talks to the proxy; any
 * other text in it is the command line of a proxy (`tests/e2e/http_proxy.ts`).
 * @module
 */

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
  if (Deno.env.has("AEGIS_PROXY")) {
    await using proxy = await startProxy(url);
    await play(new URL(proxy.url));
  } else {
    await play(new URL(url));
  }
  // The client leaves timers behind that would hold the process.
  Deno.exit();
}
