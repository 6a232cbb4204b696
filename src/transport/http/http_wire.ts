/**
 * Single requests of Streamable HTTP, and what comes back; who keeps sessions is another's business.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Cleared } from "../../gateway/clear.ts";
import { type BodyFault, messageOf, readBody } from "./body.ts";
import { SseReader } from "./sse_reader.ts";
import type { Ticker } from "./ticker.ts";
import type { EventSource, Header, OwnHeaders } from "./upstream_link.ts";

/** Options of {@linkcode HttpWire}. */
export interface HttpWireOptions {
  readonly url: URL;
  /** The proxy's own credential, asked for before each request; a rejection refuses the request. */
  readonly headers?: OwnHeaders;
  /** The most bytes of one answer, or of one event of a stream. */
  readonly maxBytes: number;
  /** Milliseconds that a body may stand still. */
  readonly timeoutMs: number;
  readonly ticker: Ticker;
}

/** What an upstream says to one request. */
export type WireReply =
  /** It took the message and owes no answer. */
  | {
    readonly kind: "accepted";
    readonly status: number;
    readonly sessionId: string | null;
    /** The media type of what it sent beside, which nobody reads; empty for none. */
    readonly type: string;
  }
  /** One body of JSON. */
  | {
    readonly kind: "message";
    readonly status: number;
    readonly bytes: Uint8Array;
    readonly sessionId: string | null;
  }
  /** A stream of events; whoever takes it reads it to its end or cancels it. */
  | { readonly kind: "events"; readonly events: EventSource; readonly sessionId: string | null }
  /** Anything else: nothing of it may pass. */
  | { readonly kind: "failed"; readonly status: number | undefined; readonly detail: string };

/** What goes with a request. */
export interface WireRequest {
  readonly method: "POST" | "GET" | "DELETE";
  readonly headers: readonly Header[];
  readonly body?: Cleared;
  /** On whose behalf it is, where there are several. */
  readonly principal?: Principal;
  readonly signal?: AbortSignal;
}

const NO_CREDENTIAL = "this proxy cannot read its credential";
const ACCEPT = "application/json, text/event-stream";

/** Sends requests to one upstream; what it answers is not judged here. */
export class HttpWire {
  readonly #options: HttpWireOptions;

  constructor(options: HttpWireOptions) {
    this.#options = options;
  }

  /** Sends one request. Never throws: what goes wrong is a reply. */
  async send(request: WireRequest): Promise<WireReply> {
    try {
      return await this.#send(request);
    } catch (error) {
      const { search } = this.#options.url;
      // what follows the path of an address may be a secret
      const why = search === "" ? messageOf(error) : messageOf(error).replaceAll(search, "?…");
      return { kind: "failed", status: undefined, detail: `no answer: ${why}` };
    }
  }

  async #send({ method, headers, body, principal, signal }: WireRequest): Promise<WireReply> {
    const own = await this.#own(principal);
    if (own === undefined) return { kind: "failed", status: undefined, detail: NO_CREDENTIAL };
    const response = await fetch(this.#options.url, {
      method,
      // INVARIANT: a client's token never goes upstream: these are all the headers there are.
      headers: [
        ["accept", method === "POST" ? ACCEPT : "text/event-stream"],
        // a compressed answer could be larger than any bound once it is read
        ["accept-encoding", "identity"],
        ...(body === undefined ? [] : [["content-type", "application/json"]]),
        ...headers,
        ...own,
      ].map(([name, value]): [string, string] => [name ?? "", value ?? ""]),
      // redirects are an upstream's way to make the proxy call others
      redirect: "manual",
      ...(body === undefined ? {} : { body: body.bytes as Uint8Array<ArrayBuffer> }),
      ...(signal === undefined ? {} : { signal }),
    });
    return await this.#read(response);
  }

  /** The proxy's own headers; undefined when they cannot be had, for reasons no client is told. */
  async #own(principal: Principal | undefined): Promise<readonly Header[] | undefined> {
    try {
      return await this.#options.headers?.(principal) ?? [];
    } catch {
      return undefined; // told as a failed reply
    }
  }

  async #read(response: Response): Promise<WireReply> {
    const { status, headers } = response;
    const sessionId = headers.get("mcp-session-id");
    const type = mediaType(headers);
    const isCompressed = (headers.get("content-encoding") ?? "identity") !== "identity";
    if (status >= 200 && status < 300 && type === "text/event-stream" && !isCompressed) {
      return { kind: "events", events: sseEvents(response.body, this.#options), sessionId };
    }
    const speaks = status < 300 || (status >= 400 && status !== 401 && status !== 403);
    if (type === "application/json" && !isCompressed && speaks) {
      const { maxBytes: max, timeoutMs, ticker } = this.#options;
      const bounds = { max, limit: "maxHttpBodyBytes", timeoutMs, ticker };
      const read = await readBody(response, bounds);
      if (!read.ok) return { kind: "failed", status, detail: bodyFault(read.error.kind) };
      if (read.value.length > 0) {
        return { kind: "message", status, bytes: read.value, sessionId };
      }
    } else await response.body?.cancel();
    if (status >= 200 && status < 300) return { kind: "accepted", status, sessionId, type };
    return { kind: "failed", status, detail: failureOf(status, type) };
  }
}

/** The events of a body. */
export function sseEvents(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes }: Pick<HttpWireOptions, "maxBytes">,
): EventSource {
  const reader = (body ?? new Blob([]).stream()).getReader();
  const sse = new SseReader({ maxSseBufferBytes: maxBytes });
  return {
    // Aborting the fetch would not close the connection of a body under way; this does.
    cancel: () => reader.cancel().catch(() => {}),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const { done, value } = await reader.read();
        const items = done ? sse.end() : sse.push(value);
        if (items.length > 0) yield items;
        if (done) return;
      }
    },
  };
}

function mediaType(headers: Headers): string {
  return (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function bodyFault(kind: BodyFault["kind"]): string {
  switch (kind) {
    case "oversize":
      return "its answer is too large";
    case "overloaded":
      return "there is no room for its answer";
    case "late":
      return "its answer stood still";
    case "broken":
      return "its answer broke off";
  }
}

function failureOf(status: number, type: string): string {
  if (status >= 300 && status < 400) return `it redirects (HTTP ${status}), which is not followed`;
  if (status === 401 || status === 403) {
    return `it refused the credential of this proxy (HTTP ${status})`;
  }
  return `it answered HTTP ${status}${type === "" ? "" : ` with ${type}`}`;
}
