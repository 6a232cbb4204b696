/**
 * The official v2 client before servers on stdio, in both eras: the same through the proxy as
 * without it, and nothing of it goes astray where many requests share one child.
 */

import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { server } from "../../scripts/servers.ts";
import { startServe } from "./bridge.ts";
import { deno, eventually, type Launch, testForeignClient } from "./harness.ts";
import { outcome, type Transcript } from "./scenarios/calls.ts";

const FIXTURE = deno("tests/fixtures/dual_era_server.ts");
const MODERN = "2026-07-28";

type ClientTransport = Parameters<Client["connect"]>[0];
type Mode = "legacy" | "auto" | { readonly pin: string };

async function connect(transport: ClientTransport, mode: Mode) {
  const notified: string[] = [];
  const client = new Client({ name: "e2e", version: "1.0.0" }, {
    capabilities: { sampling: {}, elicitation: { form: {} }, roots: {} },
    versionNegotiation: { mode },
  });
  client.setRequestHandler("sampling/createMessage", ({ params }) => {
    const text = JSON.stringify(params.messages);
    return { model: "e2e", role: "assistant", content: { type: "text", text } };
  });
  client.setRequestHandler("elicitation/create", () => ({
    action: "accept",
    content: { name: "Ada" },
  }));
  client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///e2e" }] }));
  client.fallbackNotificationHandler = ({ method }) => {
    notified.push(method);
    return Promise.resolve();
  };
  await client.connect(transport);
  return { client, notified, [Symbol.asyncDispose]: () => client.close() };
}

async function talk(transport: ClientTransport, mode: Mode): Promise<Transcript> {
  await using talker = await connect(transport, mode);
  const { client, notified } = talker;
  const isModern = client.getProtocolEra() === "modern";
  const steps: unknown[] = [];
  const call = (name: string, args: Record<string, unknown> = {}) =>
    client.callTool({ name, arguments: args });
  const subscription = isModern ? await client.listen({ toolsListChanged: true }) : undefined;
  const transcript = {
    era: client.getProtocolEra(),
    revision: client.getNegotiatedProtocolVersion(),
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    tools: await client.listTools(),
    echo: await call("echo", { message: "hé\u2028" }),
    fail: await call("fail"),
    asked: [
      await call("ask_model", { prompt: "p" }),
      await call("ask_user", { question: "q" }),
      await call("list_client_roots"),
    ],
    progress: await client.callTool(
      { name: "report_progress", arguments: { steps: 5 } },
      { onprogress: (step) => steps.push(step) },
    ),
    steps: steps.slice(0, 4),
    unknown: await outcome(call("no_such_tool")),
    prompt: await client.getPrompt({ name: "review", arguments: { language: "go" } }),
    read: await client.readResource({ uri: "note://first" }),
    missing: await outcome(client.readResource({ uri: "note://nope" })),
    cancelled: await cancelled(client),
    added: await call("add_tool"),
    changed: await eventually(
      "the change",
      () => notified.includes("notifications/tools/list_changed"),
    ),
  };
  await subscription?.close();
  return JSON.parse(JSON.stringify(transcript).replaceAll('"public"', '"private"'));
}

/** A call that is given up is cancelled in the server, whatever the transport says it by. */
async function cancelled(client: Client): Promise<unknown> {
  const controller = new AbortController();
  const call = client.callTool(
    { name: "slow", arguments: { ms: 600_000 } },
    { signal: controller.signal, onprogress: () => controller.abort("enough") },
  );
  const ended = await outcome(call);
  const count = await eventually("the cancellation", async () => {
    const { content } = await client.callTool({ name: "count_cancelled" });
    return JSON.stringify(content).includes('"1"') && content;
  });
  return { ended, count };
}

function stdio({ command, args, env }: Launch): ClientTransport {
  return new StdioClientTransport({
    command,
    args: [...args],
    stderr: "ignore",
    ...(env === undefined ? {} : { env: { ...env } }),
  });
}

function startBefore({ command, args, env = {} }: Launch) {
  const passed = Object.entries(env).map(([name, value]) => `--env=${name}=${value}`);
  return startServe([...passed, "--", command, ...args]);
}

for (const mode of ["legacy", "auto", { pin: MODERN }] as const) {
  testForeignClient(
    `the v2 client that chooses ${JSON.stringify(mode)} hears the same over HTTP as on stdio`,
    async () => {
      await using proxy = await startBefore(FIXTURE);
      const direct = await talk(stdio(FIXTURE), mode);
      const url = new URL(`${proxy.origin}/mcp`);
      assert.deepEqual(await talk(new StreamableHTTPClientTransport(url), mode), direct);
    },
  );
}

testForeignClient(
  "a v2 client falls back to the legacy era before a server that has no other",
  async () => {
    const { command, args } = await server("everything");
    await using proxy = await startServe(["--", command, ...args("stdio")]);
    const url = new URL(`${proxy.origin}/mcp`);
    await using talker = await connect(new StreamableHTTPClientTransport(url), "auto");
    assert.equal(talker.client.getProtocolEra(), "legacy");
    const { content } = await talker.client.callTool({
      name: "echo",
      arguments: { message: "hi" },
    });
    assert.match(JSON.stringify(content), /hi/);
  },
);

testForeignClient(
  "clients of one principal share a modern child, and hear only of their own calls",
  async () => {
    await using proxy = await startBefore(FIXTURE);
    const url = new URL(`${proxy.origin}/mcp`);
    const talks = await Promise.all(Array.from({ length: 4 }, async (_, at) => {
      await using talker = await connect(new StreamableHTTPClientTransport(url), { pin: MODERN });
      const steps: unknown[] = [];
      const results: unknown[] = [];
      for (let round = 0; round < 5; round++) {
        const [{ content }] = await Promise.all([
          talker.client.callTool({ name: "echo", arguments: { message: `${at}.${round}` } }),
          talker.client.callTool(
            { name: "report_progress", arguments: { steps: at + 2 } },
            { onprogress: ({ total }) => steps.push(total) },
          ),
        ]);
        results.push(JSON.stringify(content).includes(`${at}.${round}`));
      }
      return { results, totals: [...new Set(steps)] };
    }));
    for (const [at, { results, totals }] of talks.entries()) {
      assert.deepEqual(results, [true, true, true, true, true]);
      assert.deepEqual(totals, [at + 2]);
    }
  },
);
