/**
 * What a server in front of one or several upstreams is told.
 * @module
 */

import type { Credentials } from "../../access/principal.ts";
import type { DenyReason } from "../../access/verdict.ts";
import type { Result } from "../../base/result.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import type { OwnHeaders } from "./upstream_link.ts";

/** One upstream and the paths under which clients find it. */
export interface HttpUpstream {
  /** Where clients of Streamable HTTP find it, `/mcp` for one; null for nowhere. */
  readonly path: string | null;
  /** Where clients of HTTP+SSE (MCP 2024-11-05) do, `/sse` for one. */
  readonly ssePath: string | null;
  readonly target: UpstreamTarget;
  /** How its clients show who they are. */
  readonly identity: HttpIdentity;
  /** Judges what goes to it and comes from it. */
  readonly gateway: Gateway;
  /** Its name by the operator, or null. */
  readonly name: string | null;
}

/** What an upstream speaks, and where. */
export type UpstreamTarget = UrlTarget | CommandTarget;

/** Streamable HTTP, or HTTP+SSE (MCP 2024-11-05). */
export interface UrlTarget {
  readonly kind: "http" | "sse";
  /** Its endpoint; of HTTP+SSE its stream. */
  readonly url: URL;
  /** The proxy's own credential towards it. */
  readonly headers?: OwnHeaders;
}

/** A command whose server speaks stdio: one child for each session, and for each principal outside of sessions. */
export interface CommandTarget {
  readonly kind: "stdio";
  readonly argv: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Marks its lines on stderr. */
  readonly label: string;
  /** Receives each line of its stderr, newline included; must not block. */
  readonly note: (line: string) => void;
  /** The most children at once. */
  readonly maxChildren: number;
}

/** How clients show who they are: a port, which `identity/http_identity.ts` fills. */
export interface HttpIdentity {
  /** The credentials that a request shows, or why it shows none. */
  credentials(headers: Headers): Result<Credentials, DenyReason>;
  /** The status of a refusal, and its `WWW-Authenticate` header where one helps. */
  refusal(reason: DenyReason): { readonly status: number; readonly challenge?: string };
}

/** What is taken where nothing is said. */
export const HTTP_DEFAULTS = {
  keepAliveMs: 15_000,
  sessionIdleMs: 30 * 60_000,
  maxSessions: 10_000,
} as const;

/** What all upstreams of one server have in common. */
export interface HttpSettings {
  /** `Host` headers that are answered, in small letters, each with its port; undefined for any. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** `Origin` headers that are answered. */
  readonly origins: ReadonlySet<string>;
  /** Of these, the ones whose pages may read the answers (CORS). Default: none. */
  readonly pages?: ReadonlySet<string>;
  /** Silence of a stream after which a comment is sent, in milliseconds; 0 never sends one. */
  readonly keepAliveMs: number;
  /** Sessions without requests and streams end after this, in milliseconds. */
  readonly sessionIdleMs: number;
  /** The most sessions of one upstream at once. */
  readonly maxSessions: number;
}
