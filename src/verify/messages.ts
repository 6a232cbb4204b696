/**
 * The messages and policies that self-checks are made of.
 * @module
 */

import type { Sent } from "./check.ts";

/** Allows everything but `delete_file`; a server may ask nothing. */
export const MOST = `version: "1"
defaults: { effect: deny }
principals:
  self:
    tools:
      - { pattern: "*", actions: [read, execute] }
      - { pattern: "delete_file", actions: [execute], effect: deny }
`;

/** Allows everything, and a server may ask everything. */
export const ALL = `version: "1"
defaults: { effect: deny, server_may: [sampling, elicitation, roots] }
principals:
  self:
    tools: [{ pattern: "*", actions: [read, execute] }]
`;

/** Allows nothing. */
export const NOTHING = `version: "1"
defaults: { effect: deny }
principals:
  nobody:
    roles: [none]
    tools: [{ pattern: "*", actions: [read] }]
`;

/** Grants `self` some tools and actions. */
export function granting(pattern: string, actions: string, more = ""): string {
  return `version: "1"
defaults: { effect: deny }
principals:
  self:
    tools: [{ pattern: ${JSON.stringify(pattern)}, actions: [${actions}]${more} }]
`;
}

/** A frame of the client. */
export function client(frame: string | Uint8Array): Sent {
  return { from: "client", frame };
}

/** A frame of the server. */
export function upstream(frame: string | Uint8Array): Sent {
  return { from: "upstream", frame };
}

/** A `tools/call`. */
export function call(id: number | string, tool: string, args: object = {}): Sent {
  return client(request(id, "tools/call", { name: tool, arguments: args }));
}

/** A request as text. */
export function request(id: number | string, method: string, params?: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** A notification as text. */
export function notification(method: string, params?: object): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

/** A result as text. */
export function result(id: number | string, value: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result: value });
}
