/**
 * A conversation of the official v2 client with the dual-era fixture server.
 * @module
 */

import type { Client } from "@modelcontextprotocol/client";
import type { Endpoint } from "../endpoint.ts";
import { eventually } from "../harness.ts";
import { connectModern, type ModernClient, type Negotiation } from "../modern_client.ts";
import { type Call, outcome, type Transcript } from "./calls.ts";

/** Calls of the fixture's tools that answer without more ado. */
export const TOOL_CALLS: readonly Call[] = [
  ["echo", { message: "hé\u2028" }],
  ["add", { a: 1, b: 2 }],
  ["fail", {}],
  ["locate", { region: "eu" }],
  ["ask_model", { prompt: "p" }],
  ["ask_user", { question: "q" }],
  ["ask_twice", {}],
  ["list_client_roots", {}],
  ["ask_both", {}],
  ["link_note", { name: "first" }],
  ["embed_note", { name: "first" }],
  ["write_note", { name: "first", text: "changed" }],
  ["write_note", { name: "third", text: "3" }],
  ["delete_note", { name: "third" }],
];

/** Tools that get a scene of their own. */
const OTHER_TOOLS = ["report_progress", "write_log", "slow", "count_cancelled", "add_tool"];

/** Names of all tools the conversation calls. */
export const DUAL_ERA_TOOLS: ReadonlySet<string> = new Set([
  ...TOOL_CALLS.map(([name]) => name),
  ...OTHER_TOOLS,
]);

/** Holds the conversation. */
export async function dualEraScenario(endpoint: Endpoint, mode: Negotiation): Promise<Transcript> {
  await using modern = await connectModern(endpoint, mode);
  const { client, asked } = modern;
  const { tools, ...listMembers } = await client.listTools();
  const calls: unknown[] = [];
  const changes = await listening(modern, async () => {
    for (const [name, args] of TOOL_CALLS) {
      calls.push({ name, ...await client.callTool({ name, arguments: args }) });
    }
  });
  return {
    era: client.getProtocolEra(),
    revision: client.getNegotiatedProtocolVersion(),
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    tools,
    listMembers,
    calls,
    changes,
    progress: await progress(client),
    log: await log(modern),
    cancelled: await cancelled(client),
    prompts: await client.listPrompts(),
    prompt: await client.getPrompt({ name: "review", arguments: { language: "go" } }),
    resources: await client.listResources(),
    templates: await client.listResourceTemplates(),
    read: await client.readResource({ uri: "note://first" }),
    blob: await client.readResource({ uri: "about://blob" }),
    missing: await outcome(client.readResource({ uri: "note://nope" })),
    unknownTool: await outcome(client.callTool({ name: "no_such_tool" })),
    completion: await client.complete({
      ref: { type: "ref/prompt", name: "review" },
      argument: { name: "language", value: "t" },
    }),
    templateCompletion: await client.complete({
      ref: { type: "ref/resource", uri: "note://{name}" },
      argument: { name: "name", value: "f" },
    }),
    asked,
  };
}

/** Runs `work` while changes are announced; gives what was announced. */
async function listening(
  { client, notifications }: ModernClient,
  work: () => Promise<void>,
): Promise<unknown> {
  const uri = "note://first";
  const seen = (method: string) =>
    eventually(method, () => notifications.some((notification) => notification.method === method));
  const modern = client.getProtocolEra() === "modern";
  const subscription = modern
    ? await client.listen({
      toolsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: [uri],
    })
    : undefined;
  if (!modern) await client.subscribeResource({ uri });
  await work();
  await client.callTool({ name: "add_tool" });
  await seen("notifications/tools/list_changed");
  await seen("notifications/resources/list_changed");
  await seen("notifications/resources/updated");
  await subscription?.close();
  if (!modern) await client.unsubscribeResource({ uri });
  return { honored: subscription?.honoredFilter, notifications: [...notifications] };
}

async function progress(client: Client): Promise<unknown> {
  const steps: unknown[] = [];
  const result = await client.callTool(
    { name: "report_progress", arguments: { steps: 5 } },
    { onprogress: (step) => steps.push(step) },
  );
  return { result, steps: steps.slice(0, 4) };
}

async function log({ client, notifications }: ModernClient): Promise<unknown> {
  const modern = client.getProtocolEra() === "modern";
  if (!modern) await client.setLoggingLevel("debug");
  const meta = { _meta: { "io.modelcontextprotocol/logLevel": "debug" } };
  const result = await client.callTool({
    name: "write_log",
    arguments: { text: "hello" },
    ...(modern ? meta : {}),
  });
  const message = await eventually(
    "a log message",
    () => notifications.find(({ method }) => method === "notifications/message"),
  );
  return { result, message };
}

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
