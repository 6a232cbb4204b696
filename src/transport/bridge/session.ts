/**
 * What the upstream has to be told with each request of one session.
 * @module
 */

import type { Header } from "../http/upstream_link.ts";

const NO_HEADERS: readonly Header[] = [];

/** One session of a legacy revision; also what stands before the first, without an id. */
export class UpstreamSession {
  /** The upstream's name of it, null when it has none. Never written down: who knows it may use it. */
  id: string | null = null;
  /** The upstream has forgotten it. */
  isLost = false;
  #version: readonly Header[] = NO_HEADERS;

  /** Keeps the header of the negotiated revision, for requests that carry no message. */
  noteVersion(headers: readonly Header[] | undefined): void {
    if (headers !== undefined && headers.length > 0) this.#version = headers;
  }

  /** The header that names it. */
  get own(): readonly Header[] {
    return this.id === null ? NO_HEADERS : [["mcp-session-id", this.id]];
  }

  /** All headers of a request that carries no message of the client. */
  get all(): readonly Header[] {
    return [...this.#version, ...this.own];
  }
}
