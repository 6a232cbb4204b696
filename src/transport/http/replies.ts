/**
 * Responses of the transport's own, and the headers that every response has.
 * @module
 */

import type { Disposition } from "../../gateway/channel.ts";

type Answer = Extract<Disposition, { readonly kind: "answer" | "forward" }>;

/** Nothing that is said to one client may be kept for another. */
const NO_STORE = { "cache-control": "no-store" } as const;

/** One message as the body. */
export function messageResponse(
  { cleared }: Answer,
  { status, headers = {} }: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Response {
  const response = new Response(cleared.bytes as Uint8Array<ArrayBuffer>, {
    status,
    headers: { "content-type": "application/json", ...NO_STORE, ...headers },
  });
  sizes.set(response, cleared.bytes.length);
  return response;
}

const sizes = new WeakMap<Response, number>();

/** Bytes that a response holds until the client has taken them; of a stream none. */
export function heldBytes(response: Response): number {
  return sizes.get(response) ?? 0;
}

/** A stream of events as the body. */
export function streamResponse(
  body: ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-store",
      // reverse proxies that buffer would hold every event back
      "x-accel-buffering": "no",
      ...headers,
    },
  });
}

/** A message was taken and needs no answer. */
export function accepted(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 202, headers: { ...NO_STORE, ...headers } });
}

/** Why responses of the transport's own were given, for the audit. */
const details = new WeakMap<Response, string>();

/** Why a response refuses a request before any message was read; undefined for all others. */
export function refusalOf(response: Response): string | undefined {
  return response.status < 400 ? undefined : details.get(response);
}

/** The same response, with what the audit is told and the client is not. */
export function toldToAudit(response: Response, detail: string | undefined): Response {
  if (detail !== undefined) details.set(response, detail);
  return response;
}

/** A refusal in words, before there is any message to answer. */
export function refused(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const response = new Response(`${detail}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...NO_STORE, ...headers },
  });
  details.set(response, detail);
  return response;
}

/** There is no room at the moment. */
export function overloaded(detail: string, id: string | number | null = null): Response {
  return errorResponse(503, -31504, detail, { id, headers: { "retry-after": "5" } });
}

/** Tells a client to begin a new session (MCP 2025-11-25, Session Management). */
export function sessionUnknown(): Response {
  return errorResponse(404, -32001, "Session not found");
}

/** A JSON-RPC error of the transport's own; without an id it answers no message that was read. */
export function errorResponse(
  status: number,
  code: number,
  message: string,
  { id = null, headers = {} }: {
    readonly id?: string | number | null;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Response {
  const body = JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
  const response = new Response(body, {
    status,
    headers: { "content-type": "application/json", ...NO_STORE, ...headers },
  });
  details.set(response, message);
  return response;
}
