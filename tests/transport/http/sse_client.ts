/**
 * A client of HTTP+SSE (MCP 2024-11-05) that sees every event.
 * @module
 */

import { SseReader } from "../../../src/transport/http/sse_reader.ts";
import type { Message } from "./proxy.ts";

/** One event with a name and data. */
export interface SeenEvent {
  readonly event: string;
  readonly data: string;
}

/** A stream and the address that messages are posted to. */
export class SseClient implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #sse = new SseReader({ maxSseBufferBytes: 1_000_000 });
  readonly #seen: SeenEvent[] = [];
  readonly #origin: string;
  readonly #who: string;
  #isOver = false;
  /** Where messages are posted, as the server said it. */
  endpoint = "";

  private constructor(response: Response, { url, who }: { url: string; who: string }) {
    if (response.body === null) throw new Error("There is no stream");
    this.#reader = response.body.getReader();
    this.#origin = new URL(url).origin;
    this.#who = who;
  }

  /** Opens the stream of a principal, and waits for the endpoint. */
  static async open(url: string, who = "anna"): Promise<SseClient> {
    const response = await fetch(url, {
      headers: { accept: "text/event-stream", authorization: `Bearer ${who}` },
    });
    const client = new SseClient(response, { url, who });
    client.endpoint = (await client.next(({ event }) => event === "endpoint")).data;
    return client;
  }

  /** Posts a message; gives the response with its body unread. */
  post(message: Message, { who = this.#who, headers = {} } = {}): Promise<Response> {
    return fetch(new URL(this.endpoint, this.#origin), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${who}`,
        ...headers,
      },
      body: JSON.stringify(message),
    });
  }

  /** Posts a message that is to be taken, and gives the answer that the stream brings. */
  async ask(message: Message): Promise<Message> {
    const response = await this.post(message);
    await response.body?.cancel();
    if (response.status !== 202) throw new Error(`It was not taken: ${response.status}`);
    return await this.message(({ id, method }) => id === message.id && method === undefined);
  }

  /** The next message of a kind; the others stay. */
  async message(is: (message: Message) => boolean): Promise<Message> {
    const { data } = await this.next(({ event, data }) =>
      event === "message" && is(JSON.parse(data))
    );
    return JSON.parse(data);
  }

  /** The next event of a kind. */
  async next(is: (event: SeenEvent) => boolean): Promise<SeenEvent> {
    for (;;) {
      const at = this.#seen.findIndex(is);
      const [found] = at < 0 ? [] : this.#seen.splice(at, 1);
      if (found !== undefined) return found;
      if (!await this.#read()) throw new Error("The stream has ended");
    }
  }

  /** Waits for the end of the stream; gives what came before it. */
  async rest(): Promise<readonly SeenEvent[]> {
    while (await this.#read()) { /* keeps it */ }
    return this.#seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<boolean> {
    if (this.#isOver) return false;
    const { done, value } = await this.#reader.read();
    this.#isOver = done;
    for (const item of value === undefined ? [] : this.#sse.push(value)) {
      if (item.kind !== "event") continue;
      const data = new TextDecoder().decode(item.data);
      this.#seen.push({ event: item.event ?? "message", data });
    }
    return !done;
  }
}
