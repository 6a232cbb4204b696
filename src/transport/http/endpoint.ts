/**
 * One upstream behind one path of Streamable HTTP, in both eras.
 *
 * A session of a legacy client is one channel and one link. A request outside a session, as every
 * modern one is, has a channel of its own; what is known of the upstream's tools is shared.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Channel } from "../../gateway/channel.ts";
import { comparedHeaders, isModern, passedHeaders } from "./client_headers.ts";
import type { EndpointParts } from "./endpoint_parts.ts";
import { Exchange } from "./exchange.ts";
import { clientFrame } from "./frame.ts";
import { overloaded, refused, sessionUnknown } from "./replies.ts";
import { quietly, type Session, Sessions } from "./sessions.ts";
import type { UpstreamLink } from "./upstream_link.ts";

/** A channel and a link for one exchange, and what ends them. */
interface Place {
  readonly channel: Channel;
  readonly link: UpstreamLink;
  readonly session: Session | undefined;
  /** Called when the exchange is over. */
  readonly done: () => void;
  /** Lets go of the session that has begun with them, and outlives the exchange. */
  release?: () => void;
}

/** Answers the requests of one path. */
export class Endpoint {
  readonly #parts: EndpointParts;
  readonly #sessions: Sessions;
  /** What ends each stream at once, and whether anybody waits for an answer on it. */
  readonly #streams = new Map<() => void, { readonly isAwaited: boolean }>();

  constructor(parts: EndpointParts) {
    const { settings, ticker } = parts;
    this.#parts = parts;
    this.#sessions = new Sessions({
      max: settings.maxSessions,
      idleMs: settings.sessionIdleMs,
      ticker,
      log: parts.upstream.gateway.log,
    });
  }

  /** Answers one request of a principal; its method, host and media types have been looked at. */
  handle(request: Request, principal: Principal): Promise<Response> {
    switch (request.method) {
      case "POST":
        return this.#post(request, principal);
      case "GET":
        return this.#get(request, principal);
      default:
        return this.#delete(request, principal);
    }
  }

  /** Ends the streams on which nobody waits for an answer. */
  windDown(): void {
    for (const [end, { isAwaited }] of [...this.#streams]) if (!isAwaited) end();
  }

  /** Ends every session and stream. */
  async close(): Promise<void> {
    for (const end of [...this.#streams.keys()]) end();
    this.#streams.clear();
    await this.#sessions.close();
  }

  /** How many sessions and streams there are. */
  get load(): { readonly sessions: number; readonly streams: number } {
    return { sessions: this.#sessions.size, streams: this.#streams.size };
  }

  async #post(request: Request, principal: Principal): Promise<Response> {
    const { upstream, ticker } = this.#parts;
    const frame = await clientFrame(request, { gateway: upstream.gateway, ticker });
    if (frame instanceof Response) return frame;
    const place = await this.#place(request, principal);
    if (place instanceof Response) return place;
    try {
      const dispositions = await place.channel.fromClient([frame], {
        principal,
        headers: request.headers,
      });
      const exchange = this.#exchange(request, principal, place);
      return await exchange.run(dispositions, place.done);
    } catch (error) {
      place.done();
      throw error;
    }
  }

  async #get(request: Request, principal: Principal): Promise<Response> {
    const place = await this.#inSession(request, principal);
    if (place instanceof Response) return place;
    const headers = comparedHeaders(passedHeaders(request.headers), null);
    const reply = await place.link.send({
      method: "GET",
      headers,
      principal,
      signal: request.signal,
    });
    if (reply.kind === "events") {
      return this.#exchange(request, principal, place).pump(reply.events, {
        isResumed: request.headers.has("last-event-id"),
        done: place.done,
      });
    }
    place.done();
    if (reply.kind !== "failed") return refused(502, "The upstream server gave no stream");
    return await this.#failed(reply.status, place.session, "GET");
  }

  async #delete(request: Request, principal: Principal): Promise<Response> {
    const place = await this.#inSession(request, principal);
    if (place instanceof Response) return place;
    place.done();
    const headers = comparedHeaders(passedHeaders(request.headers), null);
    const reply = await place.link.send({ method: "DELETE", headers, principal });
    if (reply.kind === "failed") return await this.#failed(reply.status, place.session, "DELETE");
    if (reply.kind === "events") await reply.events.cancel();
    await this.#sessions.end(place.session);
    return new Response(null, { status: 200 });
  }

  /** What the client is told of a GET or DELETE that the upstream refuses. */
  async #failed(
    status: number | undefined,
    session: Session,
    method: "GET" | "DELETE",
  ): Promise<Response> {
    if (status === 405) {
      const allow = method === "GET" ? "POST, DELETE" : "POST, GET";
      return refused(405, `The upstream server does not take ${method}`, { allow });
    }
    if (status === 404) {
      await this.#sessions.end(session);
      return sessionUnknown();
    }
    if (status === 409) return refused(409, "There is a stream of this session already");
    return refused(502, `The upstream server failed${status === undefined ? "" : `: ${status}`}`);
  }

  /** The session of a request that must have one. */
  async #inSession(
    request: Request,
    principal: Principal,
  ): Promise<Place & { readonly session: Session } | Response> {
    if (isModern(request.headers)) {
      return refused(405, "This revision has no GET and no DELETE", { allow: "POST" });
    }
    if (!request.headers.has("mcp-session-id")) {
      return refused(400, "The header Mcp-Session-Id is missing");
    }
    const place = await this.#place(request, principal);
    if (place instanceof Response) return place;
    return place.session === undefined ? sessionUnknown() : { ...place, session: place.session };
  }

  /** The channel and the link of a request, unless it names a session that is not this principal's. */
  async #place(request: Request, principal: Principal): Promise<Place | Response> {
    const isSingle = isModern(request.headers);
    const id = isSingle ? null : request.headers.get("mcp-session-id");
    if (id !== null) {
      const session = this.#sessions.find(id, principal);
      if (session === undefined) return sessionUnknown();
      return { ...session, session, done: this.#sessions.hold(session) };
    }
    if (!isSingle && !this.#sessions.hasRoom(principal)) {
      return overloaded("There are too many sessions");
    }
    const { upstream, memory, links } = this.#parts;
    const channel = await upstream.gateway.openChannel({
      credentials: principal,
      upstream: upstream.name,
      transport: "http",
      memory,
      shared: links.sharesIds[isSingle ? "single" : "session"],
    });
    const link = isSingle ? links.single(principal) : links.session();
    const place: Place = {
      channel,
      link,
      session: undefined,
      done: () => {
        if (place.release !== undefined) return place.release();
        void quietly(() => channel.close(), upstream.gateway.log);
        void quietly(() => link[Symbol.asyncDispose](), upstream.gateway.log);
      },
    };
    return place;
  }

  #exchange(request: Request, principal: Principal, place: Place): Exchange {
    const { settings, ticker, upstream } = this.#parts;
    const { session, channel, link } = place;
    const modern = isModern(request.headers);
    return new Exchange({
      channel,
      link,
      principal: () => principal,
      headers: passedHeaders(request.headers),
      modern,
      // in the modern era a client that goes away has cancelled
      ...(modern ? { signal: request.signal } : {}),
      stream: {
        ticker,
        keepAliveMs: settings.keepAliveMs,
        stallMs: upstream.gateway.limits.transportTimeoutMs,
      },
      challenge: (scopes) =>
        upstream.identity.refusal({ code: "insufficient_scope", scopes }).challenge,
      begin: () => {
        if (session !== undefined || modern) return undefined;
        const begun = this.#sessions.begin({ principal, channel, link });
        place.release = this.#sessions.hold(begun);
        return { "mcp-session-id": begun.id };
      },
      lost: async () => {
        if (session !== undefined) await this.#sessions.end(session);
      },
      track: (end, how) => {
        this.#streams.set(end, how);
        return () => this.#streams.delete(end);
      },
    });
  }
}
