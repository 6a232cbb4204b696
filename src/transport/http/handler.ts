/**
 * The edge: what a request must be before anybody asks what it says.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { callerOf, unidentified } from "./caller.ts";
import { namedPage, preflight, showTo } from "./cors.ts";
import { clientAddress, type TrustedProxies } from "./client_address.ts";
import type { Answerer, Exchanged, Peer } from "./connection.ts";
import { Endpoint } from "./endpoint.ts";
import { endpointParts } from "./endpoint_parts.ts";
import { InUse } from "./in_use.ts";
import { errorResponse, heldBytes, overloaded, refusalOf, refused } from "./replies.ts";
import { Refusals } from "./refusals.ts";
import type { HeadFault } from "./request_head.ts";
import type { HttpSettings, HttpUpstream } from "./settings.ts";
import { sseFault, streamableFault } from "./shape.ts";
import { SseEndpoint } from "./sse_endpoint.ts";
import { Ticker } from "./ticker.ts";
import type { UpstreamLinks } from "./upstream_link.ts";

/** Options of {@linkcode HttpHandler}. */
export interface HttpHandlerOptions extends HttpSettings {
  /** Proves who is asking, and records what is refused before any upstream is asked. */
  readonly gateway: Gateway;
  readonly upstreams: readonly HttpUpstream[];
  /** Documents that anybody may read, by path: the metadata of RFC 9728. */
  readonly documents?: ReadonlyMap<string, string>;
  /** Whose word on the client's address is taken. Default nobody's. */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** Counts what is answered. */
  readonly meter?: HttpMeter;
}

/** Told of every request that was answered. */
export interface HttpMeter {
  /** `path` is one of the upstreams', or `other`; `ms` until the response began. */
  answered(
    about: { readonly path: string; readonly method: string; readonly status: number; ms: number },
  ): void;
}

/** What stands under one path. */
interface Route {
  readonly upstream: HttpUpstream;
  readonly endpoint: Pick<Endpoint, "handle" | "windDown" | "close" | "load">;
  /** What is wrong with the method or the media types of a request. */
  readonly fault: (request: Request) => Response | undefined;
}

/** Who asks, as far as the connection says. */
const UNKNOWN: Exchanged = { address: "-", finished: Promise.resolve() };

/** Answers requests of clients; one for all upstreams. */
export class HttpHandler implements Answerer, AsyncDisposable {
  readonly #options: HttpHandlerOptions;
  readonly #ticker = new Ticker();
  readonly #routes = new Map<string, Route>();
  readonly #links: UpstreamLinks[] = [];
  readonly #refusals: Refusals;
  readonly #inUse: InUse;

  constructor(options: HttpHandlerOptions) {
    this.#options = options;
    for (const upstream of options.upstreams) {
      const parts = endpointParts(upstream, { settings: options, ticker: this.#ticker });
      this.#links.push(parts.links);
      const { path, ssePath } = upstream;
      if (path !== null) {
        const endpoint = new Endpoint(parts);
        this.#routes.set(path, { upstream, endpoint, fault: streamableFault });
      }
      if (ssePath !== null) {
        const endpoint = new SseEndpoint(parts, ssePath);
        this.#routes.set(ssePath, { upstream, endpoint, fault: sseFault });
      }
    }
    const { gateway } = options;
    this.#refusals = new Refusals(gateway);
    this.#inUse = new InUse(gateway.limits);
    this.#ticker.add(() => void this.#refusals.tick());
  }

  /** Requests under way. */
  get requests(): number {
    return this.#inUse.requests;
  }

  /** Sessions and streams of all upstreams together. */
  get load(): { readonly sessions: number; readonly streams: number } {
    const all = { sessions: 0, streams: 0 };
    for (const { endpoint } of this.#routes.values()) {
      all.sessions += endpoint.load.sessions;
      all.streams += endpoint.load.streams;
    }
    return all;
  }

  /** Answers one request. Never throws. */
  async handle(request: Request, exchanged: Exchanged = UNKNOWN): Promise<Response> {
    const startMs = performance.now();
    const path = URL.parse(request.url)?.pathname ?? "-";
    const response = await this.#recorded(request, path, exchanged);
    const page = namedPage(request.headers, this.#options.pages);
    if (page !== undefined) showTo(page, response);
    this.#options.meter?.answered({
      path: this.#routes.has(path) ? path : "other",
      method: request.method,
      status: response.status,
      ms: performance.now() - startMs,
    });
    return response;
  }

  /** Records what was no request. */
  noteRefusal({ status, detail }: HeadFault, { address }: Peer): void {
    void this.#refusals.note({ status, detail, method: "-", path: "-", client: address });
    this.#options.meter?.answered({ path: "other", method: "-", status, ms: 0 });
  }

  /** Ends what keeps connections open although nobody waits for an answer on them. */
  windDown(): void {
    for (const { endpoint } of this.#routes.values()) endpoint.windDown();
  }

  /** Ends every session and stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ticker[Symbol.dispose]();
    await Promise.all([...this.#routes.values()].map(({ endpoint }) => endpoint.close()));
    await Promise.all(this.#links.map((links) => links[Symbol.asyncDispose]()));
    await this.#refusals.rest();
  }

  // INVARIANT: Every message leaves exactly one audit entry: what no channel saw, one here.
  async #recorded(request: Request, path: string, exchanged: Exchanged): Promise<Response> {
    const response = await this.#guarded(request, exchanged);
    const detail = refusalOf(response);
    // what an upstream failed to take has an entry of its own
    if (detail !== undefined && response.status !== 502) {
      await this.#refusals.note({
        status: response.status,
        detail,
        method: request.method,
        path,
        client: clientAddress(
          exchanged.address,
          request.headers,
          this.#options.trustedProxies,
        ),
      });
    }
    return response;
  }

  async #guarded(request: Request, exchanged: Exchanged): Promise<Response> {
    const release = this.#inUse.request();
    if (release === undefined) return overloaded("There are too many requests at the moment");
    try {
      const response = await this.#handle(request, exchanged);
      // a stream that answers no request is counted by its principal
      if (request.method === "GET") release();
      else void exchanged.finished.then(release);
      return response;
    } catch (error) {
      release();
      this.#options.gateway.log.log("ERROR", "Cannot answer a request: it is refused", {
        error: error instanceof Error ? error.message : String(error),
      });
      return errorResponse(500, -31503, "The request could not be judged, so it is refused.");
    }
  }

  async #handle(request: Request, exchanged: Exchanged): Promise<Response> {
    const url = new URL(request.url);
    const fault = this.#edgeFault(request, url);
    if (fault !== undefined) return fault;
    const document = this.#options.documents?.get(url.pathname);
    if (document !== undefined && request.method === "GET") {
      return new Response(document, {
        headers: { "content-type": "application/json", "cache-control": "max-age=300" },
      });
    }
    const route = this.#routes.get(url.pathname);
    if (route === undefined) return refused(404, "There is nothing here");
    const asked = preflight(request);
    if (asked !== undefined && namedPage(request.headers, this.#options.pages) !== undefined) {
      return asked;
    }
    const shape = route.fault(request);
    if (shape !== undefined) return shape;
    const who = await callerOf(request, route.upstream);
    if (!who.ok) return unidentified(who.error, route.upstream);
    const response = await this.#ask(route.endpoint, { request, principal: who.value, exchanged });
    // INVARIANT: What all frames in hand hold is bounded: an answer too, until the client has taken it.
    const bytes = heldBytes(response);
    if (bytes === 0) return response;
    const { budget } = route.upstream.gateway;
    budget.hold(bytes);
    void exchanged.finished.then(() => budget.release(bytes));
    return response;
  }

  /** Asks an endpoint; streams without a request are counted for each principal. */
  async #ask(
    endpoint: Route["endpoint"],
    { request, principal, exchanged }: {
      readonly request: Request;
      readonly principal: Principal;
      readonly exchanged: Exchanged;
    },
  ): Promise<Response> {
    if (request.method !== "GET") return await endpoint.handle(request, principal);
    const release = this.#inUse.stream(principal);
    if (release === undefined) return overloaded("You have too many streams open");
    try {
      const response = await endpoint.handle(request, principal);
      if (response.status < 400) void exchanged.finished.then(release);
      else release();
      return response;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** What is wrong before the path is looked at. */
  #edgeFault({ headers }: Request, url: URL): Response | undefined {
    const { hosts, origins } = this.#options;
    const host = headers.get("host")?.toLowerCase();
    if (hosts !== undefined && (host === undefined || !hosts.has(host))) {
      return refused(403, "This host name is not served here");
    }
    const origin = headers.get("origin");
    if (origin !== null && !origins.has(origin.toLowerCase())) {
      return refused(403, "Pages of this origin may not ask");
    }
    if (url.searchParams.has("access_token")) {
      return refused(400, "A token must not stand in the address");
    }
    return undefined;
  }
}
