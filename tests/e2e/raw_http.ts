/**
 * A client of Streamable HTTP that sends any message and sees every answer.
 * @module
 */

import { HANDSHAKE, type RawMessage } from "./raw_client.ts";

/** What came of one POST. */
export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  /** Every message of the body, or of its stream up to its end. */
  readonly messages: readonly RawMessage[];
}

/** One client of one endpoint; it has a session once it has initialised. */
export class RawHttp {
  readonly #url: string;
  /** The session that the server gave it. */
  session: string | undefined;
  /** Shown with every request. */
  token: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends a message and reads its answer to the end. */
  async post(message: object, headers: Readonly<Record<string, string>> = {}): Promise<RawReply> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.#headers(), ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
    const text = await response.text();
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    const parts = isStream ? dataOf(text) : text.startsWith("{") ? [text] : [];
    return {
      status: response.status,
      headers: response.headers,
      messages: parts.map((part) => JSON.parse(part)),
    };
  }

  /** Calls a tool. */
  call(id: string | number, name: string, args: object = {}, meta?: object): Promise<RawReply> {
    const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
    return this.post({ id, method: "tools/call", params });
  }

  /** Does the handshake. */
  async initialize(): Promise<RawReply> {
    const reply = await this.post({ id: "init", method: "initialize", params: HANDSHAKE });
    this.session = reply.headers.get("mcp-session-id") ?? undefined;
    if (this.session !== undefined) await this.post({ method: "notifications/initialized" });
    return reply;
  }

  /** Ends the session; gives the status. */
  async end(): Promise<number> {
    const response = await fetch(this.#url, { method: "DELETE", headers: this.#headers() });
    await response.body?.cancel();
    return response.status;
  }

  #headers(): Record<string, string> {
    return {
      accept: "application/json, text/event-stream",
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      ...(this.session === undefined
        ? {}
        : { "mcp-session-id": this.session, "mcp-protocol-version": "2025-06-18" }),
    };
  }
}

/** The data of events, each of one line. */
function dataOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith("data: {")).map((line) => line.slice(6));
}
