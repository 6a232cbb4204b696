/**
 * The leg towards an upstream that speaks Streamable HTTP.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import { HttpWire, type HttpWireOptions, type WireReply } from "./http_wire.ts";
import type {
  EventSource,
  Header,
  UpstreamLink,
  UpstreamLinks,
  UpstreamReply,
  UpstreamRequest,
} from "./upstream_link.ts";

/** How long an upstream may take to hear that a session is over. */
const FAREWELL_MS = 2_000;

/** Links to an upstream that tells its conversations apart itself. */
export function httpLinks(options: HttpWireOptions): UpstreamLinks {
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
  readonly #wire: HttpWire;
  readonly #timeoutMs: number;
  /** The upstream's own name of the session. */
  #sessionId: string | null = null;
  /** As its latest request proved. */
  #principal: Principal | undefined;
  /** Streams that are read: they end with the conversation. */
  readonly #streams = new Set<EventSource>();

  constructor(options: HttpWireOptions) {
    this.#wire = new HttpWire(options);
    this.#timeoutMs = options.timeoutMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#endStreams();
    if (this.#sessionId === null) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), FAREWELL_MS);
    try {
      const { signal } = late;
      const reply = await this.#wire.send({
        method: "DELETE",
        headers: this.#named,
        ...(this.#principal === undefined ? {} : { principal: this.#principal }),
        signal,
      });
      if (reply.kind === "events") await reply.events.cancel();
    } finally {
      clearTimeout(timer);
      this.#sessionId = null;
    }
  }

  async send(request: UpstreamRequest): Promise<UpstreamReply> {
    const said = this.#forgotten(await this.#said(request));
    const isFirst = request.method === "POST" && request.envelope.method === "initialize" &&
      request.envelope.kind === "request";
    const isTaken = said.kind !== "failed" && (said.kind === "events" || said.status < 300);
    if (isFirst && isTaken) this.#sessionId ??= said.sessionId;
    const reply = this.#withoutSession(request, said);
    if (reply.kind === "failed" && reply.status === 404) this.#sessionId = null;
    if (reply.kind === "events") return { ...reply, events: this.#tracked(reply.events) };
    if (request.method === "DELETE" && reply.kind !== "failed") {
      this.#sessionId = null;
      this.#endStreams();
    }
    return reply;
  }

  /** What the upstream says; to take what owes no answer it has as long as any peer to take bytes. */
  async #said(request: UpstreamRequest): Promise<WireReply> {
    const { method, principal, signal } = request;
    this.#principal = principal ?? this.#principal;
    const sent = {
      method,
      headers: [...request.headers, ...this.#named],
      ...(principal === undefined ? {} : { principal }),
      ...(request.method === "POST" ? { body: request.body } : {}),
    };
    const isAwaited = method === "GET" ||
      (request.method === "POST" && request.envelope.kind === "request");
    if (isAwaited) {
      return await this.#wire.send({ ...sent, ...(signal === undefined ? {} : { signal }) });
    }
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#timeoutMs);
    try {
      return await this.#wire.send({
        ...sent,
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Many upstreams say in JSON that they do not know the session any more: it is no answer to anything. */
  #forgotten(said: WireReply): WireReply {
    if (this.#sessionId === null || said.kind !== "message" || said.status !== 404) return said;
    return { kind: "failed", status: 404, detail: "it does not know the session any more" };
  }

  /** An upstream without sessions has none to forget: its 404 says that there is no such thing. */
  #withoutSession({ method }: UpstreamRequest, reply: UpstreamReply): UpstreamReply {
    const isMissing = reply.kind === "failed" && reply.status === 404 && this.#sessionId === null;
    if (!isMissing) return reply;
    return { ...reply, status: method === "POST" ? undefined : 405 };
  }

  /** The header that names the session. */
  get #named(): readonly Header[] {
    return this.#sessionId === null ? [] : [["mcp-session-id", this.#sessionId]];
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
