/**
 * The official client of SDK v2 on every transport, with everything it was asked and told written
 * down.
 * @module
 */

import {
  Client,
  type Notification,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { type Endpoint, isHttp } from "./endpoint.ts";

/** How the client chooses the era. */
export type Negotiation = "legacy" | "auto" | { readonly pin: string };

/** A connected v2 client; it leaves when its scope ends. */
export interface ModernClient extends AsyncDisposable {
  readonly client: Client;
  readonly notifications: Notification[];
  /** Methods the server asked of us, on whichever road. */
  readonly asked: string[];
}

/** Connects the v2 client, answering what it is asked. */
export async function connectModern(
  endpoint: Endpoint,
  mode: Negotiation,
): Promise<ModernClient> {
  const notifications: Notification[] = [];
  const asked: string[] = [];
  const client = new Client({ name: "e2e", version: "1.0.0" }, {
    capabilities: { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } },
    versionNegotiation: { mode },
  });
  client.setRequestHandler("sampling/createMessage", ({ method, params }) => {
    asked.push(method);
    const text = JSON.stringify(params.messages);
    return { model: "e2e-model", role: "assistant", content: { type: "text", text } };
  });
  client.setRequestHandler("elicitation/create", ({ method, params }) => {
    asked.push(method);
    return { action: "accept", content: { name: `Ada ${params.message}` } };
  });
  client.setRequestHandler("roots/list", ({ method }) => {
    asked.push(method);
    return { roots: [{ uri: "file:///e2e" }] };
  });
  client.fallbackNotificationHandler = (notification) => {
    notifications.push(notification);
    return Promise.resolve();
  };
  await client.connect(transportTo(endpoint));
  return { client, notifications, asked, [Symbol.asyncDispose]: () => client.close() };
}

function transportTo(endpoint: Endpoint) {
  if (isHttp(endpoint)) {
    const url = new URL(endpoint.url);
    return endpoint.transport === "http"
      ? new StreamableHTTPClientTransport(url)
      : new SSEClientTransport(url);
  }
  return new StdioClientTransport({
    command: endpoint.command,
    args: [...endpoint.args],
    stderr: "ignore",
    ...(endpoint.env === undefined ? {} : { env: { ...endpoint.env } }),
  });
}
