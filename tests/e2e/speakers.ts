/**
 * The official clients of SDK v1 and v2 behind one face, so that both can hold one conversation.
 * @module
 */

import type { Client } from "@modelcontextprotocol/client";
import type { Endpoint } from "./endpoint.ts";
import { connectModern, type Negotiation } from "./modern_client.ts";
import { connectOfficial } from "./official_client.ts";

/** What may accompany a call of a tool. */
export interface CallOptions {
  readonly onprogress?: (progress: unknown) => void;
  readonly signal?: AbortSignal;
  readonly meta?: Record<string, unknown>;
}

type V2 = Pick<
  Client,
  | "listTools"
  | "listPrompts"
  | "listResources"
  | "listResourceTemplates"
  | "getPrompt"
  | "readResource"
  | "complete"
>;

/** What a conversation asks of a client. */
export interface Speaker extends Asking, AsyncDisposable {
  /** What the server says of itself. */
  readonly about: Record<string, unknown>;
  readonly modern: boolean;
  /** Notifications in order of arrival. */
  readonly notifications: readonly { readonly method: string; readonly params?: unknown }[];
  /** Methods the server asked of us. */
  readonly asked: readonly string[];
  /** Calls a tool. */
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<object>;
  /** Wants to hear of changes of a resource; gives what ends that. */
  watch(uri: string): Promise<() => Promise<unknown>>;
  /** Wants every log message from here on; in the modern era a call says so itself. */
  wantLogs(): Promise<unknown>;
}

/** The requests that both clients make alike. */
type Asking = { readonly [Name in keyof V2]: (...args: Parameters<V2[Name]>) => Promise<object> };

/** Connects the client of SDK v1, which speaks the legacy eras. */
export async function speakV1(endpoint: Endpoint): Promise<Speaker> {
  const official = await connectOfficial(endpoint);
  const { client, notifications, asked } = official;
  return {
    about: {
      server: client.getServerVersion(),
      capabilities: client.getServerCapabilities(),
      instructions: client.getInstructions(),
    },
    modern: false,
    notifications,
    asked,
    listTools: () => client.listTools(),
    listPrompts: () => client.listPrompts(),
    listResources: () => client.listResources(),
    listResourceTemplates: () => client.listResourceTemplates(),
    getPrompt: (params) => client.getPrompt(params),
    readResource: (params) => client.readResource(params),
    complete: (params) => client.complete(params),
    call: (name, args, { onprogress, signal, meta } = {}) =>
      client.callTool(paramsOf(name, args, meta), undefined, {
        ...(onprogress && { onprogress }),
        ...(signal && { signal }),
      }),
    watch: async (uri) => {
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
    wantLogs: () => client.setLoggingLevel("debug"),
    [Symbol.asyncDispose]: () => official[Symbol.asyncDispose](),
  };
}

/** Connects the client of SDK v2 in one of the two eras. */
export async function speakV2(endpoint: Endpoint, mode: Negotiation): Promise<Speaker> {
  const { client, notifications, asked } = await connectModern(endpoint, mode);
  const modern = client.getProtocolEra() === "modern";
  return {
    about: {
      revision: client.getNegotiatedProtocolVersion(),
      server: client.getServerVersion(),
      capabilities: client.getServerCapabilities(),
      instructions: client.getInstructions(),
    },
    modern,
    notifications,
    asked,
    listTools: () => client.listTools(),
    listPrompts: () => client.listPrompts(),
    listResources: () => client.listResources(),
    listResourceTemplates: () => client.listResourceTemplates(),
    getPrompt: (params) => client.getPrompt(params),
    readResource: (params) => client.readResource(params),
    complete: (params) => client.complete(params),
    call: (name, args, { onprogress, signal, meta } = {}) =>
      client.callTool(paramsOf(name, args, meta), {
        ...(onprogress && { onprogress }),
        ...(signal && { signal }),
      }),
    watch: async (uri) => {
      if (modern) {
        const subscription = await client.listen({ resourceSubscriptions: [uri] });
        return () => subscription.close();
      }
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
    wantLogs: () => modern ? Promise.resolve() : client.setLoggingLevel("debug"),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function paramsOf(
  name: string,
  args: Record<string, unknown>,
  meta: Record<string, unknown> | undefined,
) {
  return { name, arguments: args, ...(meta && { _meta: meta }) };
}
