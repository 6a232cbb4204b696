/**
 * Where a client finds a server: a command, or a URL.
 * @module
 */

import type { Launch } from "./harness.ts";

/** A server that is reached over HTTP. */
export interface HttpEndpoint {
  readonly url: string;
  /** Streamable HTTP, or the HTTP+SSE of revision 2024-11-05. */
  readonly transport: "http" | "sse";
}

/** A command that speaks stdio, or a URL. */
export type Endpoint = Launch | HttpEndpoint;

/** Whether it is reached over HTTP. */
export function isHttp(endpoint: Endpoint): endpoint is HttpEndpoint {
  return "url" in endpoint;
}
