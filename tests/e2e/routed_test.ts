/**
 * Every transport of clients before every transport of servers: the official client hears the same
 * through the proxy as without it.
 */

import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/client/sse"
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { server } from "../../scripts/servers.ts";
import { connect, everythingTalk, startEverything, startServe, type Transport } from "./bridge.ts";
import { eventually, tempFolder, testForeignClient } from "./harness.ts";

function streamable(url: string): Transport {
  return new StreamableHTTPClientTransport(new URL(url)) as Transport;
}

function sse(url: string): Transport {
  return new SSEClientTransport(new URL(url)) as Transport;
}

/** A server as the proxy is told of it, and as a client reaches it without the proxy. */
interface Behind extends AsyncDisposable {
  readonly flags: readonly string[];
  direct(): Transport;
}

const SERVERS: Readonly<Record<string, () => Promise<Behind>>> = {
  "Streamable HTTP": async () => {
    const running = await startEverything("streamableHttp");
    const url = `${running.origin}/mcp`;
    return { ...running, flags: ["--upstream", url], direct: () => streamable(url) };
  },
  "HTTP+SSE": async () => {
    const running = await startEverything("sse");
    const url = `${running.origin}/sse`;
    const flags = ["--upstream", url, "--upstream-transport", "sse"];
    return { ...running, flags, direct: () => sse(url) };
  },
  "stdio": async () => {
    const { command, args } = await server("everything");
    return {
      flags: ["--", command, ...args("stdio")],
      direct: () => new StdioClientTransport({ command, args: args("stdio"), stderr: "ignore" }),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

for (const [kind, start] of Object.entries(SERVERS)) {
  testForeignClient(
    `before ${kind}: both transports of clients hear the same as without us`,
    async () => {
      await using behind = await start();
      await using proxy = await startServe(behind.flags);
      const direct = await everythingTalk(behind.direct());
      assert.deepEqual(await everythingTalk(streamable(`${proxy.origin}/mcp`)), direct);
      assert.deepEqual(await everythingTalk(sse(`${proxy.origin}/sse`)), direct);
    },
  );

  testForeignClient(
    `before ${kind}: many clients at once hear only their own answers`,
    async () => {
      await using behind = await start();
      await using proxy = await startServe(behind.flags);
      const talks = Array.from({ length: 6 }, async (_, at) => {
        const transport = at % 2 === 0
          ? streamable(`${proxy.origin}/mcp`)
          : sse(`${proxy.origin}/sse`);
        await using talker = await connect(transport);
        for (let round = 0; round < 10; round++) {
          const message = `${at}.${round}`;
          const { content } = await talker.client.callTool({
            name: "echo",
            arguments: { message },
          });
          assert.deepEqual(content, [{ type: "text", text: `Echo: ${message}` }]);
        }
        await eventually("its own question", () => talker.asked.length > 0);
        assert.deepEqual(talker.asked, ["roots/list"]);
      });
      await Promise.all(talks);
    },
  );
}

for (const [mode, spoken, silent] of [["http", "mcp", "sse"], ["sse", "sse", "mcp"]] as const) {
  testForeignClient(`--mode ${mode} without a command serves that transport alone`, async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("filesystem");
    await using proxy = await startServe(
      ["--mode", mode, "--target", [command, ...args(folder.path)].join(" ")],
      { command: [] },
    );
    const transport = mode === "http" ? streamable : sse;
    await using talker = await connect(transport(`${proxy.origin}/${spoken}`));
    const { tools } = await talker.client.listTools();
    assert.ok(tools.length > 5);
    const nothing = await fetch(`${proxy.origin}/${silent}`, { method: "POST" });
    await nothing.body?.cancel();
    assert.equal(nothing.status, 404);
  });
}
