/**
 * The client of a case over Streamable HTTP: it sends any bytes and notes every message that comes.
 * @module
 */

import { createParser } from "eventsource-parser";
import { eventually } from "../e2e/harness.ts";
import { type Looked, messagesOf } from "./http_upstream.ts";

const MODERN = "io.modelcontextprotocol/protocolVersion";

/** One client of one endpoint. */
export class HttpClient implements AsyncDisposable {
  /** What has come, on whichever stream. */
  readonly messages: Uint8Array[] = [];
  readonly #url: string;
  readonly #comments = new Set<string>();
  readonly #abort = new AbortController();
  readonly #reading: Promise<void>[] = [];
  /** Streams that have not ended. */
  #open = 0;
  #session: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Whether there is a session, in which the server may speak first. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** Posts a frame; comes back when the answer is here, or its stream has begun. */
  async post(frame: Uint8Array): Promise<void> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.#headers(), ...modernHeaders(frame) },
      body: frame as Uint8Array<ArrayBuffer>,
      signal: this.#abort.signal,
    });
    this.#session = response.headers.get("mcp-session-id") ?? this.#session;
    if (this.#reads(response)) return;
    const body = await response.bytes();
    if (body.length > 0) this.messages.push(body);
  }

  /** Opens the stream on which the server speaks without being asked. */
  async listen(): Promise<void> {
    const response = await fetch(this.#url, {
      headers: this.#headers(),
      signal: this.#abort.signal,
    });
    if (!this.#reads(response)) throw new Error(`No stream: ${await response.text()}`);
  }

  /** Waits for a comment, or until no stream is left on which it could come. */
  async reads(comment: string): Promise<void> {
    await eventually("the comment", () => this.#comments.has(comment) || this.#open === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await Promise.allSettled(this.#reading);
  }

  #headers(): Record<string, string> {
    const accept = "application/json, text/event-stream";
    return { accept, ...(this.#session === undefined ? {} : { "mcp-session-id": this.#session }) };
  }

  /** Reads a stream beside everything else; false when the response is none. */
  #reads(response: Response): boolean {
    if (response.headers.get("content-type") !== "text/event-stream") return false;
    this.#open++;
    this.#reading.push(this.#read(response).finally(() => this.#open--));
    return true;
  }

  async #read({ body }: Response): Promise<void> {
    const parser = createParser({
      onEvent: ({ data }) => void this.messages.push(new TextEncoder().encode(data)),
      onComment: (text) => void this.#comments.add(text.trim()),
    });
    const texts = body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const text of texts) parser.feed(text);
  }
}

/** The claims that a client of the modern revision makes beside its body. */
function modernHeaders(frame: Uint8Array): Record<string, string> {
  const [message] = messagesOf(frame);
  const meta = message?.params?._meta as Record<string, unknown> | undefined;
  const revision = meta?.[MODERN];
  if (message === undefined || typeof revision !== "string") return {};
  const name = nameOf(message);
  return {
    "mcp-protocol-version": revision,
    "mcp-method": String(message.method),
    ...(name === undefined ? {} : { "mcp-name": name }),
  };
}

function nameOf({ params }: Looked): string | undefined {
  const name = params?.name ?? params?.uri;
  return typeof name === "string" ? name : undefined;
}
