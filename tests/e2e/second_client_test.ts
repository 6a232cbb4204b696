/**
 * A client that is neither ours nor built on the official library: that of the AI SDK, through the
 * shim and directly.
 */

import assert from "node:assert/strict";
import { createMCPClient, type MCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as StdioTransport } from "@ai-sdk/mcp/mcp-stdio";
import { server } from "../../scripts/servers.ts";
import { deno, type Launch, shim, tempFolder, testForeignClient } from "./harness.ts";
import { type Call, outcome, stable, type Transcript } from "./scenarios/calls.ts";
import { filesystemCalls, prepareFolder } from "./scenarios/filesystem.ts";
import { MEMORY_CALLS } from "./scenarios/memory.ts";

/** Connects, talks, and leaves. */
async function talk(
  { command, args, env = {} }: Launch,
  folder: string,
  conversation: (client: MCPClient) => Promise<Transcript>,
): Promise<Transcript> {
  const transport = new StdioTransport({
    command,
    args: [...args],
    env: { ...env },
    stderr: "ignore",
  });
  const client = await createMCPClient({ transport });
  try {
    return stable(await conversation(client), folder);
  } finally {
    await client.close();
  }
}

/** Lists the tools and makes the calls. */
function toolsOf(calls: readonly Call[]): (client: MCPClient) => Promise<Transcript> {
  return async (client) => {
    const { tools } = await client.listTools();
    const made = await client.tools();
    const results: unknown[] = [];
    for (const [name, args] of calls) {
      const call = made[name]?.execute(args, { toolCallId: name, messages: [], context: {} });
      results.push({ name, result: await outcome(Promise.resolve(call)) });
    }
    return { tools, results };
  };
}

async function everythingElse(client: MCPClient): Promise<Transcript> {
  const calls: Call[] = [["echo", { message: "hi" }], ["get-sum", { a: 1, b: 2 }]];
  return {
    ...await toolsOf(calls)(client),
    prompts: await client.listPrompts(),
    prompt: await client.getPrompt({
      name: "args-prompt",
      arguments: { city: "Bern" },
    }),
    resources: await client.listResources(),
    templates: await client.listResourceTemplates(),
    read: await client.readResource({ uri: "demo://resource/dynamic/text/7" }),
  };
}

testForeignClient(
  "a second client gets the same from server-filesystem with the shim as without",
  async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("filesystem");
    const run = async (name: string, wrap: (launch: Launch) => Launch) => {
      const path = `${folder.path}/${name}`;
      await prepareFolder(path);
      const launch = wrap({ command, args: args(path) });
      return await talk(launch, path, toolsOf(filesystemCalls(path)));
    };
    const [direct, shimmed] = await Promise.all([
      run("direct", (launch) => launch),
      run("shimmed", (launch) => shim(launch, { policy: `${folder.path}/policy.yaml` })),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.match(JSON.stringify(direct), /Line 1/, "the calls did something");
  },
);

testForeignClient(
  "a second client gets the same from server-memory with the shim as without",
  async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("memory");
    const launch = (name: string): Launch => ({
      command,
      args: args(),
      env: { MEMORY_FILE_PATH: `${folder.path}/${name}.jsonl` },
    });
    const [direct, shimmed] = await Promise.all([
      talk(launch("direct"), folder.path, toolsOf(MEMORY_CALLS)),
      talk(
        shim(launch("shimmed"), { policy: `${folder.path}/policy.yaml` }),
        folder.path,
        toolsOf(MEMORY_CALLS),
      ),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.match(JSON.stringify(direct), /London/, "the calls did something");
  },
);

testForeignClient(
  "a second client gets the same from server-everything with the shim as without",
  async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("everything");
    const launch = { command, args: args("stdio") };
    const [direct, shimmed] = await Promise.all([
      talk(launch, folder.path, everythingElse),
      talk(shim(launch, { policy: `${folder.path}/policy.yaml` }), folder.path, everythingElse),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.match(JSON.stringify(direct), /The sum of 1 and 2 is 3/);
  },
);

testForeignClient(
  "a second client gets the same from the dual-era fixture with the shim as without",
  async () => {
    await using folder = await tempFolder();
    const fixture = deno("tests/fixtures/dual_era_server.ts");
    const calls: Call[] = [["echo", { message: "hi" }], ["add", { a: 1, b: 2 }], ["fail", {}]];
    const [direct, shimmed] = await Promise.all([
      talk(fixture, folder.path, toolsOf(calls)),
      talk(shim(fixture, { policy: `${folder.path}/policy.yaml` }), folder.path, toolsOf(calls)),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.match(JSON.stringify(direct), /"sum":3/);
  },
);
