/**
 * The edge: what a request must be before anybody asks what it says.
 * @module
 */

import type { Gateway } from "../../gateway/gateway.ts";
import { callerOf, unidentified } from "./caller.ts";
import { Endpoint } from "./endpoint.ts";
import { endpointParts } from "./endpoint_parts.ts";
import { errorResponse, refused } from "./replies.ts";
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
}

/** What stands under one path. */
interface Route {
  readonly upstream: HttpUpstream;
  readonly endpoint: Pick<Endpoint, "handle" | "windDown" | "close" | "load">;
  /** What is wrong with the method or the media types of a request. */
  readonly fault: (request: Request) => Response | undefined;
}

/** Answers requests of clients; one for all upstreams. */
export class HttpHandler implements AsyncDisposable {
  readonly #options: HttpHandlerOptions;
  readonly #ticker = new Ticker();
  readonly #routes = new Map<string, Route>();
  readonly #links: UpstreamLinks[] = [];

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
  async handle(request: Request): Promise<Response> {
    try {
      return await this.#handle(request);
    } catch (error) {
      this.#options.gateway.log.log("ERROR", "Cannot answer a request: it is refused", {
        error: error instanceof Error ? error.message : String(error),
      });
      return errorResponse(500, -31503, "The request could not be judged, so it is refused.");
    }
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
  }

  async #handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const fault = this.#edgeFault(request, url);
    if (fault !== undefined) return await this.#refuse(request, url, fault);
    const document = this.#options.documents?.get(url.pathname);
    if (document !== undefined && request.method === "GET") {
      return new Response(document, {
        headers: { "content-type": "application/json", "cache-control": "max-age=300" },
      });
    }
    const route = this.#routes.get(url.pathname);
    if (route === undefined) return refused(404, "There is nothing here");
    const shape = route.fault(request);
    if (shape !== undefined) return await this.#refuse(request, url, shape);
    const who = await callerOf(request, route.upstream);
    if (who.ok) return await route.endpoint.handle(request, who.value);
    const detail = who.error.code === "unauthenticated" ? who.error.detail : who.error.code;
    return await this.#refuse(request, url, unidentified(who.error, route.upstream), detail);
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

  // INVARIANT: Every message leaves exactly one audit entry.
  async #refuse(
    request: Request,
    url: URL,
    response: Response,
    detail?: string,
  ): Promise<Response> {
    await this.#options.gateway.event("http-refused", {
      method: request.method.slice(0, 16),
      path: url.pathname.slice(0, 200),
      status: response.status,
      ...(detail === undefined ? {} : { detail }),
    });
    return response;
  }
}
