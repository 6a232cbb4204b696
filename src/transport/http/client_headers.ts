/**
 * The headers of a client that mean something to MCP.
 * @module
 */

import type { Header } from "./upstream_link.ts";

/** The first revision without sessions; revisions are dates and compare as text. */
const FIRST_MODERN = "2026-07-28";
const REVISION = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** Whether a revision is one of the modern era. */
export function isModernRevision(revision: string | null): boolean {
  return revision !== null && REVISION.test(revision) && revision >= FIRST_MODERN;
}

/** Whether a request says that it is of the modern era; the gateway sees to it that the body agrees. */
export function isModern(headers: Headers): boolean {
  return isModernRevision(headers.get("mcp-protocol-version"));
}

/** Headers that go on to the upstream: those of the protocol, and no others. */
export function passedHeaders(headers: Headers): readonly Header[] {
  const passed: Header[] = [];
  for (const [name, value] of headers) {
    const isPassed = name === "mcp-protocol-version" || name === "last-event-id" || isClaim(name);
    if (isPassed) passed.push([name, value]);
  }
  return passed;
}

// INVARIANT: `Mcp-*` headers are claims that must agree: what nobody compared goes no further.
/** Of headers that are passed on, those for a message of a revision: only modern ones were compared with it. */
export function comparedHeaders(
  headers: readonly Header[],
  revision: string | null,
): readonly Header[] {
  return isModernRevision(revision) ? headers : headers.filter(([name]) => !isClaim(name));
}

function isClaim(name: string): boolean {
  return name === "mcp-method" || name === "mcp-name" || name.startsWith("mcp-param-");
}
