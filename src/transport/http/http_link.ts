/**
 * The leg towards an upstream that speaks Streamable HTTP.
 * @module
 */

import { messageOf, readBody } from "./body.ts";
import { SseReader } from "./sse_reader.ts";
import type { Ticker } from "./ticker.ts";
import type {
  EventSource,
  Header,
  UpstreamLink,
  UpstreamLinks,
  UpstreamReply,
  UpstreamRequest,
} from "./upstream_link.ts";

/** Options of {@linkcode HttpLink}. */
export interface HttpLinkOptions {
  readonly url: URL;
  /** The proxy's own credential, asked for before each request; a rejection refuses the request. */
  readonly headers?: () => Promise<readonly Header[]> | readonly Header[];
  /** The most bytes of one answer, or of one event of a stream. */
  readonly maxBytes: number;
  /** Milliseconds that a body may stand still. */
  readonly timeoutMs: number;
  readonly ticker: Ticker;
}

const ACCEPT = "application/json, text/event-stream";
/** How long an upstream may take to hear that a session is over. */
const FAREWELL_MS = 2_000;

/** Links to an upstream that tells its conversations apart itself. */
export function httpLinks(options: HttpLinkOptions): UpstreamLinks {
  const open = () => new HttpLink(options);
  return {
    session: open,
    single: open,
    sharesIds: { session: true, single: true },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** One conversation with an upstream, in the session that it may give it. */
export class HttpLink implements UpstreamLink {
  readonly cancelsInWords = false;
  readonly #options: HttpLinkOptions;
  /** The upstream's own name of the session. */
  #sessionId: string | null = null;
  /** Streams that are read: they end with the conversation. */
  readonly #streams = new Set<EventSource>();

  constructor(options: HttpLinkOptions) {
    this.#options = options;
  }

  async send(request: UpstreamRequest): Promise<UpstreamReply> {
    try {
      return await this.#send(request);
    } catch (error) {
      return { kind: "failed", status: undefined, detail: `no answer: ${messageOf(error)}` };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#endStreams();
    if (this.#sessionId === null) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), FAREWELL_MS);
    try {
      const response = await this.#fetch({ method: "DELETE", headers: [] }, late.signal);
      await response.body?.cancel();
    } catch {
      // it is gone, or will see by itself that nobody comes back
    } finally {
      clearTimeout(timer);
      this.#sessionId = null;
    }
  }

  async #send(request: UpstreamRequest): Promise<UpstreamReply> {
    const signal = request.method === "POST" ? request.signal : undefined;
    const response = await this.#fetch(request, signal);
    const isFirst = request.method === "POST" && request.envelope.method === "initialize" &&
      request.envelope.kind === "request";
    if (isFirst && response.ok) this.#sessionId ??= response.headers.get("mcp-session-id");
    const reply = this.#withoutSession(request, await this.#read(response));
    if (reply.kind === "failed" && reply.status === 404) this.#sessionId = null;
    if (reply.kind === "events") return { ...reply, events: this.#tracked(reply.events) };
    if (request.method === "DELETE" && reply.kind !== "failed") {
      this.#sessionId = null;
      this.#endStreams();
    }
    return reply;
  }

  /** An upstream without sessions has none to forget: its 404 says that there is no such thing. */
  #withoutSession({ method }: UpstreamRequest, reply: UpstreamReply): UpstreamReply {
    const isMissing = reply.kind === "failed" && reply.status === 404 && this.#sessionId === null;
    if (!isMissing) return reply;
    return { ...reply, status: method === "POST" ? undefined : 405 };
  }

  async #fetch(request: UpstreamRequest, signal: AbortSignal | undefined): Promise<Response> {
    const own = await this.#options.headers?.() ?? [];
    const body = request.method === "POST" ? request.body : undefined;
    return await fetch(this.#options.url, {
      method: request.method,
      // INVARIANT: a client's token never goes upstream: these are all the headers there are.
      headers: [
        ["accept", request.method === "POST" ? ACCEPT : "text/event-stream"],
        // a compressed answer could be larger than any bound once it is read
        ["accept-encoding", "identity"],
        ...(body === undefined ? [] : [["content-type", "application/json"]]),
        ...request.headers,
        ...(this.#sessionId === null ? [] : [["mcp-session-id", this.#sessionId]]),
        ...own,
      ].map(([name, value]): [string, string] => [name ?? "", value ?? ""]),
      // redirects are an upstream's way to make the proxy call others
      redirect: "manual",
      ...(body === undefined ? {} : { body: body.bytes as Uint8Array<ArrayBuffer> }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #read(response: Response): Promise<UpstreamReply> {
    const { status, headers } = response;
    const type = mediaType(headers);
    const isCompressed = (headers.get("content-encoding") ?? "identity") !== "identity";
    if (status >= 200 && status < 300 && type === "text/event-stream" && !isCompressed) {
      return { kind: "events", events: sseEvents(response.body, this.#options) };
    }
    const speaks = status < 300 || (status >= 400 && status !== 401 && status !== 403);
    if (type === "application/json" && !isCompressed && speaks) {
      const { maxBytes: max, timeoutMs, ticker } = this.#options;
      const bounds = { max, limit: "maxHttpBodyBytes", timeoutMs, ticker };
      const read = await readBody(response, bounds);
      if (!read.ok) return { kind: "failed", status, detail: bodyFault(read.error.kind) };
      if (read.value.length > 0) return { kind: "message", status, bytes: read.value };
    } else await response.body?.cancel();
    if (status >= 200 && status < 300) return { kind: "accepted", status };
    return { kind: "failed", status, detail: failureOf(status, type) };
  }

  #tracked(events: EventSource): EventSource {
    const open = this.#streams;
    open.add(events);
    return {
      cancel: () => events.cancel(),
      async *[Symbol.asyncIterator]() {
        try {
          yield* events;
        } finally {
          open.delete(events);
        }
      },
    };
  }

  #endStreams(): void {
    for (const events of this.#streams) void events.cancel();
    this.#streams.clear();
  }
}

/** The events of a body. */
export function sseEvents(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes }: Pick<HttpLinkOptions, "maxBytes">,
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

function bodyFault(kind: "oversize" | "late" | "broken"): string {
  switch (kind) {
    case "oversize":
      return "its answer is too large";
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
