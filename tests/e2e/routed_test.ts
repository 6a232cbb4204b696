/**
 * Every transport of clients before every transport of servers: the official client hears the same
 * through the proxy as without it.
 */

import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { server } from "../../scripts/servers.ts";
import { everythingTalk, startEverything, startServe, type Transport } from "./bridge.ts";
import { testForeignClient } from "./harness.ts";

function streamable(url: string): Transport {
  return new StreamableHTTPClientTransport(new URL(url)) as Transport;
}

testForeignClient("Streamable HTTP before Streamable HTTP: the same as without", async () => {
  await using upstream = await startEverything("streamableHttp");
  await using proxy = await startServe(["--upstream", `${upstream.origin}/mcp`]);
  const direct = await everythingTalk(streamable(`${upstream.origin}/mcp`));
  assert.deepEqual(await everythingTalk(streamable(`${proxy.origin}/mcp`)), direct);
});

testForeignClient("Streamable HTTP before stdio: the same as without", async () => {
  const { command, args } = await server("everything");
  await using proxy = await startServe(["--", command, ...args("stdio")]);
  const direct = await everythingTalk(
    new StdioClientTransport({ command, args: args("stdio"), stderr: "ignore" }),
  );
  assert.deepEqual(await everythingTalk(streamable(`${proxy.origin}/mcp`)), direct);
});
