/**
 * The official client of SDK v1 on every transport, with everything it was asked and told written down.
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/sse"
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTaskStore } from "@modelcontextprotocol/sdk/experimental/tasks";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  type Notification,
} from "@modelcontextprotocol/sdk/types.js";
import { type Endpoint, isHttp } from "./endpoint.ts";

/** A connected client; it leaves when its scope ends. */
export interface Official extends AsyncDisposable {
  readonly client: Client;
  /** Notifications in order of arrival, progress excepted. */
  readonly notifications: Notification[];
  /** Methods the server asked of us. */
  readonly asked: string[];
  /** What the command wrote on stderr; empty for a URL. */
  stderr(): string;
}

/** Connects the official client to a server; `bare` announces no capabilities, `headers` go to a URL. */
export async function connectOfficial(
  endpoint: Endpoint,
  { bare = false, headers = {} }: {
    readonly bare?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Official> {
  const notifications: Notification[] = [];
  const asked: string[] = [];
  const tasks = new InMemoryTaskStore();
  const client = bare
    ? new Client({ name: "e2e", version: "1.0.0" })
    : answeringClient(tasks, (method) => asked.push(method));
  client.fallbackNotificationHandler = (notification) => {
    notifications.push(notification);
    return Promise.resolve();
  };
  const { transport, stderr } = transportTo(endpoint, headers);
  try {
    await client.connect(transport);
  } catch (cause) {
    throw new Error(`Cannot connect: stderr was: ${stderr()}`, { cause });
  }
  return {
    client,
    notifications,
    asked,
    stderr,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      tasks.cleanup();
    },
  };
}

function transportTo(endpoint: Endpoint, headers: Readonly<Record<string, string>>) {
  if (isHttp(endpoint)) {
    const url = new URL(endpoint.url);
    const options = { requestInit: { headers } };
    const transport = endpoint.transport === "http"
      ? new StreamableHTTPClientTransport(url, options)
      : new SSEClientTransport(url, options);
    return { transport, stderr: () => "" };
  }
  const transport = new StdioClientTransport({
    command: endpoint.command,
    args: [...endpoint.args],
    stderr: "pipe",
    ...(endpoint.env === undefined ? {} : { env: { ...endpoint.env } }),
    ...(endpoint.cwd === undefined ? {} : { cwd: endpoint.cwd }),
  });
  let said = "";
  transport.stderr?.on("data", (chunk) => said += chunk);
  return { transport, stderr: () => said };
}

/** A client that announces every capability and answers what is asked. */
function answeringClient(
  taskStore: InMemoryTaskStore,
  note: (method: string) => void,
): Client {
  const client = new Client({ name: "e2e", version: "1.0.0" }, {
    capabilities: {
      sampling: {},
      elicitation: { form: {}, url: {} },
      roots: { listChanged: true },
      tasks: {
        list: {},
        cancel: {},
        requests: { sampling: { createMessage: {} }, elicitation: { create: {} } },
      },
    },
    taskStore,
  });
  client.setRequestHandler(CreateMessageRequestSchema, async (request, extra) => {
    note(request.method);
    const result = {
      model: "e2e-model",
      role: "assistant" as const,
      content: { type: "text" as const, text: JSON.stringify(request.params.messages) },
    };
    return await asTask(request.params.task, extra.taskStore, result) ?? result;
  });
  client.setRequestHandler(ElicitRequestSchema, async (request, extra) => {
    note(request.method);
    const form = "requestedSchema" in request.params;
    const content = form ? { content: { name: "Ada", integer: 7, number: 1.5 } } : {};
    const result = { action: "accept" as const, ...content };
    return await asTask(request.params.task, extra.taskStore, result) ?? result;
  });
  client.setRequestHandler(ListRootsRequestSchema, (request) => {
    note(request.method);
    return { roots: [{ uri: "file:///e2e", name: "e2e" }] };
  });
  return client;
}

interface Tasks {
  createTask(wanted: { ttl?: number }): Promise<{ taskId: string }>;
  storeTaskResult(id: string, status: "completed", result: Record<string, unknown>): Promise<void>;
}

/** When the server wants a task: makes it, done at once. */
async function asTask(
  wanted: { ttl?: number } | undefined,
  store: Tasks | undefined,
  result: Record<string, unknown>,
): Promise<{ task: never } | undefined> {
  if (wanted === undefined || store === undefined) return undefined;
  const task = await store.createTask(wanted);
  await store.storeTaskResult(task.taskId, "completed", result);
  return { task: task as never };
}
