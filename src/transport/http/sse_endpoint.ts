/**
 * One upstream for clients of HTTP+SSE (MCP 2024-11-05): a GET opens a session, whose messages are
 * posted to the same path with the session's id.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import { isModern } from "./client_headers.ts";
import { ClientStream } from "./client_stream.ts";
import type { EndpointParts } from "./endpoint_parts.ts";
import { clientFrame } from "./frame.ts";
import { overloaded, refused, sessionUnknown, streamResponse } from "./replies.ts";
import { quietly, Sessions } from "./sessions.ts";
import { SseSession } from "./sse_session.ts";

/** Where a session's id stands in the address that messages are posted to. */
const SESSION_PARAMETER = "sessionId";

/** A session with a stream. */
interface Live {
  readonly live: SseSession;
  /** Ends both; `hurried` does not wait for what is under way. */
  readonly end: (hurried: boolean) => Promise<void>;
}

/** Answers the requests of one path. */
export class SseEndpoint {
  readonly #parts: EndpointParts;
  readonly #path: string;
  readonly #sessions: Sessions;
  readonly #live = new Map<string, Live>();

  constructor(parts: EndpointParts, path: string) {
    const { settings, ticker } = parts;
    this.#parts = parts;
    this.#path = path;
    this.#sessions = new Sessions({
      max: settings.maxSessions,
      idleMs: settings.sessionIdleMs,
      ticker,
      log: parts.upstream.gateway.log,
    });
  }

  /** Answers one request of a principal; its method, host and media types have been looked at. */
  handle(request: Request, principal: Principal): Promise<Response> {
    return request.method === "GET" ? this.#open(principal) : this.#post(request, principal);
  }

  /** Ends each session once nobody waits for an answer in it. */
  windDown(): void {
    const { log } = this.#parts.upstream.gateway;
    for (const { live, end } of this.#live.values()) {
      void live.idle().then(() => quietly(() => end(false), log));
    }
  }

  /** Ends every session. */
  async close(): Promise<void> {
    await Promise.all([...this.#live.values()].map(({ end }) => end(true)));
    await this.#sessions.close();
  }

  /** How many sessions there are; each has one stream. */
  get load(): { readonly sessions: number; readonly streams: number } {
    return { sessions: this.#sessions.size, streams: this.#live.size };
  }

  async #open(principal: Principal): Promise<Response> {
    if (!this.#sessions.hasRoom(principal)) return overloaded("There are too many sessions");
    const { upstream, settings, ticker, memory, links } = this.#parts;
    const channel = await upstream.gateway.openChannel({
      credentials: principal,
      upstream: upstream.name,
      transport: "http",
      memory,
      shared: links.sharesIds.session,
    });
    const link = links.session();
    const session = this.#sessions.begin({ principal, channel, link });
    const release = this.#sessions.hold(session);
    const end = async (hurried: boolean) => {
      if (!this.#live.delete(session.id)) return;
      // the upstream is told first: what is under way ends with that
      await this.#sessions.end(session);
      await live.end({ hurried });
      release();
    };
    const stream = new ClientStream({
      ticker,
      keepAliveMs: settings.keepAliveMs,
      stallMs: upstream.gateway.limits.transportTimeoutMs,
      onGone: () => void quietly(() => end(true), upstream.gateway.log),
    });
    const live = new SseSession({
      session,
      principal,
      stream,
      challenge: (scopes) =>
        upstream.identity.refusal({ code: "insufficient_scope", scopes }).challenge,
      onLost: () => void quietly(() => end(false), upstream.gateway.log),
    });
    this.#live.set(session.id, { live, end });
    void link.ended?.then(() => quietly(() => end(false), upstream.gateway.log));
    live.begin(`${this.#path}?${SESSION_PARAMETER}=${session.id}`);
    return streamResponse(stream.body);
  }

  async #post(request: Request, principal: Principal): Promise<Response> {
    if (isModern(request.headers)) {
      return refused(400, "This revision is not spoken over HTTP+SSE");
    }
    const id = new URL(request.url).searchParams.get(SESSION_PARAMETER) ?? "";
    const session = this.#sessions.find(id, principal);
    const live = this.#live.get(id)?.live;
    if (session === undefined || live === undefined) return sessionUnknown();
    const { upstream, ticker } = this.#parts;
    const release = this.#sessions.hold(session);
    try {
      const frame = await clientFrame(request, { gateway: upstream.gateway, ticker });
      if (frame instanceof Response) return frame;
      return await live.post(frame, { principal, headers: request.headers });
    } finally {
      release();
    }
  }
}
