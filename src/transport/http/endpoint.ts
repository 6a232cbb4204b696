/**
 * One upstream of Streamable HTTP behind one path, in both eras.
 *
 * A session of a legacy client is one channel. A request outside a session, as every modern one is,
 * has a channel of its own; what is known of the upstream's tools is shared.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { DenyReason } from "../../access/verdict.ts";
import type { Result } from "../../base/result.ts";
import type { Channel } from "../../gateway/channel.ts";
import { UpstreamMemory } from "../../gateway/upstream_memory.ts";
import { readBody } from "./body.ts";
import { isModern, passedHeaders, sessionHeaders } from "./client_headers.ts";
import { Exchange } from "./exchange.ts";
import { errorResponse, refused, sessionUnknown } from "./replies.ts";
import { type Session, Sessions } from "./sessions.ts";
import type { HttpSettings, HttpUpstream } from "./settings.ts";
import type { Ticker } from "./ticker.ts";
import { UpstreamLink } from "./upstream_link.ts";

/** What an endpoint is made of. */
export interface EndpointOptions {
  readonly upstream: HttpUpstream;
  readonly settings: HttpSettings;
  readonly ticker: Ticker;
}

/** A channel for one exchange, and what ends it. */
interface Place {
  readonly channel: Channel;
  readonly session: Session | undefined;
  /** Called when the exchange is over. */
  readonly done: () => void;
  /** The channel outlives the exchange: a session has begun with it. */
  kept: boolean;
}

/** Answers the requests of one path. */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #link: UpstreamLink;
  readonly #sessions: Sessions;
  readonly #memory = new UpstreamMemory();
  readonly #streams = new Set<() => void>();

  constructor(options: EndpointOptions) {
    const { upstream, settings, ticker } = options;
    const { limits } = upstream.gateway;
    this.#options = options;
    this.#link = new UpstreamLink({
      url: upstream.url,
      ...(upstream.headers === undefined ? {} : { headers: upstream.headers }),
      maxBytes: limits.maxSseBufferBytes,
      timeoutMs: limits.transportTimeoutMs,
      ticker,
    });
    this.#sessions = new Sessions({
      max: settings.maxSessions,
      idleMs: settings.sessionIdleMs,
      ticker,
      onIdle: (session) => void this.#forgetUpstream(session),
    });
  }

  /** Proves who is asking. */
  async principal({ headers }: Request): Promise<Result<Principal, DenyReason>> {
    const { identity, gateway } = this.#options.upstream;
    const credentials = identity.credentials(headers);
    return credentials.ok ? await gateway.authenticate(credentials.value) : credentials;
  }

  /** What a request is told whose credentials prove nobody. */
  unidentified(reason: DenyReason): Response {
    const { status, challenge } = this.#options.upstream.identity.refusal(reason);
    const detail = status === 503
      ? "Who is asking cannot be proved just now."
      : "Credentials are missing or not valid.";
    return errorResponse(status, status === 503 ? -31503 : -31401, detail, {
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(status === 503 ? { "retry-after": "5" } : {}),
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

  /** Ends every session and stream. */
  async close(): Promise<void> {
    for (const end of this.#streams) end();
    this.#streams.clear();
    await this.#sessions.close();
  }

  /** How many sessions and streams there are. */
  get load(): { readonly sessions: number; readonly streams: number } {
    return { sessions: this.#sessions.size, streams: this.#streams.size };
  }

  async #post(request: Request, principal: Principal): Promise<Response> {
    const { upstream, ticker } = this.#options;
    const { maxHttpBodyBytes, transportTimeoutMs } = upstream.gateway.limits;
    const read = await readBody(request, {
      max: maxHttpBodyBytes,
      limit: "maxHttpBodyBytes",
      timeoutMs: transportTimeoutMs,
      ticker,
    });
    if (!read.ok && read.error.kind === "late") return refused(408, "The body came too slowly");
    if (!read.ok && read.error.kind === "broken") return refused(400, "The body broke off");
    const frame = read.ok ? read.value : read.error.kind === "oversize" ? read.error.frame : null;
    if (frame === null) return refused(400, "There is no body");
    const place = await this.#place(request, principal);
    if (place === undefined) return sessionUnknown();
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
    const { session } = place;
    const reply = await this.#link.send({
      method: "GET",
      headers: [...passedHeaders(request.headers), ...sessionHeaders(session)],
    });
    if (reply.kind === "events") {
      return this.#exchange(request, principal, place).pump(reply.events, place.done);
    }
    place.done();
    if (reply.kind !== "failed") return refused(502, "The upstream server gave no stream");
    return await this.#failed(reply.status, session, "GET");
  }

  async #delete(request: Request, principal: Principal): Promise<Response> {
    const place = await this.#inSession(request, principal);
    if (place instanceof Response) return place;
    const { session } = place;
    place.done();
    const reply = await this.#link.send({
      method: "DELETE",
      headers: [...passedHeaders(request.headers), ...sessionHeaders(session)],
    });
    if (reply.kind === "failed") return await this.#failed(reply.status, session, "DELETE");
    if (reply.kind === "events") await reply.events.cancel();
    await this.#sessions.end(session);
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
    return place?.session === undefined ? sessionUnknown() : { ...place, session: place.session };
  }

  /** The channel of a request; undefined when it names a session that is not this principal's. */
  async #place(request: Request, principal: Principal): Promise<Place | undefined> {
    const { upstream } = this.#options;
    const id = isModern(request.headers) ? null : request.headers.get("mcp-session-id");
    if (id !== null) {
      const session = this.#sessions.find(id, principal);
      if (session === undefined) return undefined;
      const done = this.#sessions.hold(session);
      return { channel: session.channel, session, done, kept: true };
    }
    const channel = await upstream.gateway.openChannel({
      credentials: principal,
      upstream: upstream.name,
      transport: "http",
      memory: this.#memory,
      shared: true,
    });
    const place: Place = {
      channel,
      session: undefined,
      done: () => {
        if (!place.kept) void channel.close();
      },
      kept: false,
    };
    return place;
  }

  #exchange(request: Request, principal: Principal, place: Place): Exchange {
    const { settings, ticker, upstream } = this.#options;
    const { session, channel } = place;
    return new Exchange({
      channel,
      link: this.#link,
      headers: [...passedHeaders(request.headers), ...sessionHeaders(session)],
      modern: isModern(request.headers),
      // in the modern era a client that goes away has cancelled
      ...(isModern(request.headers) ? { signal: request.signal } : {}),
      stream: {
        ticker,
        keepAliveMs: settings.keepAliveMs,
        stallMs: upstream.gateway.limits.transportTimeoutMs,
      },
      challenge: (scopes) =>
        upstream.identity.refusal({ code: "insufficient_scope", scopes }).challenge,
      begin: (upstreamId) => {
        if (session !== undefined || this.#sessions.isFull) return undefined;
        place.kept = true;
        const begun = this.#sessions.begin({ principal, channel, upstreamId });
        return { "mcp-session-id": begun.id };
      },
      lost: async () => {
        if (session !== undefined) await this.#sessions.end(session);
      },
      track: (end) => {
        this.#streams.add(end);
        return () => this.#streams.delete(end);
      },
    });
  }

  /** Tells the upstream that a session has ended. */
  async #forgetUpstream(session: Session): Promise<void> {
    if (session.upstreamId === null) return;
    const reply = await this.#link.send({ method: "DELETE", headers: sessionHeaders(session) });
    if (reply.kind === "events") await reply.events.cancel();
  }
}
