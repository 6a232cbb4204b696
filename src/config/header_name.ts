/**
 * Headers that the proxy may show an upstream of its own.
 * @module
 */

/** A field name (RFC 9110 §5.6.2). */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
}

/** Whether the protocol or the connection needs a header for itself. */
export function isTakenHeader(name: string): boolean {
  return TAKEN.test(name.toLowerCase());
}

const TAKEN =
  /^(?:accept|accept-.*|connection|content-.*|expect|host|keep-alive|last-event-id|mcp-.*|te|trailer|transfer-encoding|upgrade)$/;
