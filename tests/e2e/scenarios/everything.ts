/**
 * A conversation with server-everything that uses every tool, prompt and resource it has, is asked
 * for sampling, elicitation and roots, and runs tasks in both directions.
 * @module
 */

import type { Client } from "@modelcontextprotocol/sdk/client";
import { connectOfficial, type Official } from "../official_client.ts";
import type { Endpoint } from "../endpoint.ts";
import { eventually } from "../harness.ts";
import { type Call, callAll, outcome, stable, type Transcript } from "./calls.ts";

/** Calls of the tools that answer at once. */
export const QUICK_CALLS: readonly Call[] = [
  ["echo", { message: "héllo 😀 \u2028" }],
  ["get-sum", { a: 2, b: 40 }],
  ["get-annotated-message", { messageType: "error", includeImage: true }],
  ["get-env", {}],
  ["get-resource-links", { count: 2 }],
  ["get-resource-reference", { resourceType: "Blob", resourceId: 3 }],
  ["get-structured-content", { location: "Chicago" }],
  ["get-tiny-image", {}],
  ["gzip-file-as-resource", {
    name: "a.gz",
    data: "data:text/plain,hello",
    outputType: "resource",
  }],
  ["get-roots-list", {}],
  ["trigger-sampling-request", { prompt: "Say something", maxTokens: 5 }],
  ["trigger-elicitation-request", {}],
  ["trigger-url-elicitation", { url: "https://example.com/", elicitationId: "e1" }],
];

const SLOW_CALLS: readonly Call[] = [
  ["trigger-sampling-request-async", { prompt: "Later", maxTokens: 5 }],
  ["trigger-elicitation-request-async", {}],
];

/** Holds the conversation. */
export async function everythingScenario(endpoint: Endpoint): Promise<Transcript> {
  await using official = await connectOfficial(endpoint);
  const { client, asked, notifications } = official;
  await eventually(
    "roots",
    () =>
      notifications.some(({ method, params }) =>
        method === "notifications/message" && String(params?.data).startsWith("Roots updated")
      ),
  );
  const { tools } = await client.listTools();
  const slow = Promise.all([
    ...SLOW_CALLS.map((call) => callAll(client, [call])),
    research(client),
  ]);
  const transcript = {
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    tools,
    quick: await callAll(client, QUICK_CALLS),
    urlError: await outcome(
      client.callTool({
        name: "trigger-url-elicitation",
        arguments: { url: "https://example.com/", elicitationId: "e2", errorPath: true },
      }),
    ),
    progress: await longOperation(client),
    cancelled: await cancelledOperation(client),
    prompts: await prompts(client),
    resources: await resources(client),
    toggles: await toggles(official),
    rootsChanged: await rootsChanged(official),
    slow: await slow,
    asked: [...new Set(asked)].sort(),
    notified: [...new Set(notifications.map(({ method }) => method))].sort(),
  };
  return stable(transcript, "/no/folder");
}

/** Names of all tools the conversation calls. */
export const EVERYTHING_TOOLS: readonly string[] = [
  ...[...QUICK_CALLS, ...SLOW_CALLS].map(([name]) => name),
  "trigger-long-running-operation",
  "simulate-research-query",
  "toggle-simulated-logging",
  "toggle-subscriber-updates",
];

async function longOperation(client: Client): Promise<unknown> {
  const progress: unknown[] = [];
  const result = await client.callTool(
    { name: "trigger-long-running-operation", arguments: { duration: 0.8, steps: 4 } },
    undefined,
    { onprogress: (step) => progress.push(step) },
  );
  // The client forgets who waits for progress with the result, so that the last step is a race.
  return { result, progress: progress.slice(0, 3) };
}

async function cancelledOperation(client: Client): Promise<unknown> {
  const controller = new AbortController();
  const call = client.callTool(
    { name: "trigger-long-running-operation", arguments: { duration: 600, steps: 6000 } },
    undefined,
    { signal: controller.signal, onprogress: () => controller.abort("enough") },
  );
  return { call: await outcome(call), after: await client.ping() };
}

async function research(client: Client): Promise<unknown> {
  const statuses = new Set<string>();
  const stream = client.experimental.tasks.callToolStream(
    { name: "simulate-research-query", arguments: { topic: "python", ambiguous: true } },
    undefined,
    { task: { ttl: 60_000 } },
  );
  let end: unknown;
  for await (const message of stream) {
    if (message.type === "taskStatus") statuses.add(message.task.status);
    if (message.type === "result" || message.type === "error") end = message;
  }
  const { tasks } = await client.experimental.tasks.listTasks();
  return { end, finished: statuses.has("completed"), tasks: tasks.map(({ status }) => status) };
}

async function prompts(client: Client): Promise<unknown> {
  const department = { name: "department", value: "S" };
  return {
    list: await client.listPrompts(),
    simple: await client.getPrompt({ name: "simple-prompt" }),
    args: await client.getPrompt({ name: "args-prompt", arguments: { city: "Bern" } }),
    resource: await client.getPrompt({
      name: "resource-prompt",
      arguments: { resourceType: "Text", resourceId: "2" },
    }),
    completable: await client.getPrompt({
      name: "completable-prompt",
      arguments: { department: "Sales", name: "David" },
    }),
    completion: await client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: department,
    }),
    unknown: await outcome(client.getPrompt({ name: "no-such-prompt" })),
  };
}

async function resources(client: Client): Promise<unknown> {
  const list = await client.listResources();
  const [first] = list.resources;
  return {
    list,
    templates: await client.listResourceTemplates(),
    first: first && await client.readResource({ uri: first.uri }),
    dynamic: await client.readResource({ uri: "demo://resource/dynamic/text/7" }),
    blob: await client.readResource({ uri: "demo://resource/dynamic/blob/7" }),
    completion: await client.complete({
      ref: { type: "ref/resource", uri: "demo://resource/dynamic/text/{resourceId}" },
      argument: { name: "resourceId", value: "1" },
    }),
    unknown: await outcome(client.readResource({ uri: "demo://resource/none" })),
  };
}

/** Log messages and resource updates that the server sends of its own accord. */
async function toggles({ client, notifications }: Official): Promise<unknown> {
  const uri = "demo://resource/dynamic/text/9";
  await client.setLoggingLevel("debug");
  await client.subscribeResource({ uri });
  const switchBoth = async () => [
    await client.callTool({ name: "toggle-simulated-logging" }),
    await client.callTool({ name: "toggle-subscriber-updates" }),
  ];
  const on = await switchBoth();
  const update = await eventually(
    "an update of the resource",
    () => notifications.find(({ method }) => method === "notifications/resources/updated"),
  );
  const log = await eventually(
    "a simulated log message",
    () =>
      notifications.some(({ method, params }) =>
        method === "notifications/message" && !String(params?.data).startsWith("Roots")
      ),
  );
  const off = await switchBoth();
  return { on, update, log, off, unsubscribed: await client.unsubscribeResource({ uri }) };
}

/** The server asks for the roots again once it is told that they changed. */
async function rootsChanged({ client, asked }: Official): Promise<boolean> {
  const count = () => asked.filter((method) => method === "roots/list").length;
  const before = count();
  await client.sendRootsListChanged();
  return await eventually("roots/list", () => count() > before);
}
