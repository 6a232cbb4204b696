/**
 * The edge: what a request must be before anybody asks what it says.
 * @module
 */

import type { Gateway } from "../../gateway/gateway.ts";
import { Endpoint } from "./endpoint.ts";
import { errorResponse, refused } from "./replies.ts";
import type { HttpSettings, HttpUpstream } from "./settings.ts";
import { Ticker } from "./ticker.ts";

/** Options of {@linkcode HttpHandler}. */
export interface HttpHandlerOptions extends HttpSettings {
  /** Proves who is asking, and records what is refused before any upstream is asked. */
  readonly gateway: Gateway;
  readonly upstreams: readonly HttpUpstream[];
  /** Documents that anybody may read, by path: the metadata of RFC 9728. */
  readonly documents?: ReadonlyMap<string, string>;
}

/** Answers requests of clients; one for all upstreams. */
export class HttpHandler implements AsyncDisposable {
  readonly #options: HttpHandlerOptions;
  readonly #ticker = new Ticker();
  readonly #endpoints: ReadonlyMap<string, Endpoint>;

  constructor(options: HttpHandlerOptions) {
    this.#options = options;
    const { upstreams } = options;
    this.#endpoints = new Map(upstreams.map((upstream) => [
      upstream.path,
      new Endpoint({ upstream, settings: options, ticker: this.#ticker }),
    ]));
  }

  /** Sessions and streams of all upstreams together. */
  get load(): { readonly sessions: number; readonly streams: number } {
    const all = { sessions: 0, streams: 0 };
    for (const { load } of this.#endpoints.values()) {
      all.sessions += load.sessions;
      all.streams += load.streams;
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

  /** Ends every session and stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ticker[Symbol.dispose]();
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
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
    const endpoint = this.#endpoints.get(url.pathname);
    if (endpoint === undefined) return refused(404, "There is nothing here");
    const shape = shapeFault(request);
    if (shape !== undefined) return await this.#refuse(request, url, shape);
    const who = await endpoint.principal(request);
    if (who.ok) return await endpoint.handle(request, who.value);
    const detail = who.error.code === "unauthenticated" ? who.error.detail : who.error.code;
    return await this.#refuse(request, url, endpoint.unidentified(who.error), detail);
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

/** What is wrong with the method or the media types of a request to an endpoint. */
function shapeFault({ method, headers }: Request): Response | undefined {
  switch (method) {
    case "POST": {
      const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
      if (type !== "application/json") return refused(415, "The body must be application/json");
      if (headers.has("content-encoding")) return refused(415, "The body must not be compressed");
      return accepts(headers, "application/json") && accepts(headers, "text/event-stream")
        ? undefined
        : refused(406, "The client must accept application/json and text/event-stream");
    }
    case "GET":
      return accepts(headers, "text/event-stream")
        ? undefined
        : refused(406, "The client must accept text/event-stream");
    case "DELETE":
      return undefined;
    default:
      return refused(405, "Only POST, GET and DELETE are taken", { allow: "POST, GET, DELETE" });
  }
}

function accepts(headers: Headers, type: string): boolean {
  const [family] = type.split("/");
  return (headers.get("accept") ?? "").split(",").some((range) => {
    const wanted = range.split(";", 1)[0]?.trim().toLowerCase();
    return wanted === type || wanted === "*/*" || wanted === `${family}/*`;
  });
}
