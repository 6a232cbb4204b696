/**
 * Every transport of clients before every transport of servers: the official client hears the same
 * through the proxy as without it.
 */

import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
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
