/**
 * What operators and their monitoring ask of a server, on a listener of its own.
 * @module
 */

import type { Metrics } from "../../base/metrics.ts";
import type { Answerer } from "./connection.ts";
import { refused } from "./replies.ts";

/** Options of {@linkcode AdminHandler}. */
export interface AdminOptions {
  readonly metrics: Metrics;
  /** Why no requests should be sent here; undefined when they may. */
  readonly unready: () => Promise<string | undefined>;
}

/** A page of another origin whose name leads here must not read what is said. */
const HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]+)?$/i;

/** Answers `/healthz`, `/readyz` and `/metrics`. */
export class AdminHandler implements Answerer, AsyncDisposable {
  readonly #options: AdminOptions;

  constructor(options: AdminOptions) {
    this.#options = options;
  }

  /** Answers one request. */
  async handle(request: Request): Promise<Response> {
    if (!HOSTS.test(request.headers.get("host") ?? "")) {
      return refused(403, "This host name is not served here");
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return refused(405, "Only GET is taken", { allow: "GET, HEAD" });
    }
    switch (new URL(request.url).pathname) {
      case "/healthz":
        return said("alive");
      case "/readyz": {
        const why = await this.#options.unready();
        return why === undefined ? said("ready") : refused(503, why);
      }
      case "/metrics":
        return said(this.#options.metrics.render(), "text/plain; version=0.0.4; charset=utf-8");
      default:
        return refused(404, "There are /healthz, /readyz and /metrics");
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function said(text: string, type = "text/plain; charset=utf-8"): Response {
  return new Response(text.endsWith("\n") ? text : `${text}\n`, {
    headers: { "content-type": type, "cache-control": "no-store" },
  });
}
