/**
 * Protocol revisions: which there are, which era one belongs to, and where a message names its own.
 * @module
 */

import { type JsonObject, objectMember, stringMember } from "../base/json.ts";

/** Every released revision, oldest first. */
export const REVISIONS = [
  "2024-11-05",
  "2025-03-26",
  "2025-06-18",
  "2025-11-25",
  "2026-07-28",
] as const;

/** A released revision. */
export type Revision = typeof REVISIONS[number];

/** `legacy`: one handshake, then a session. `modern`: every request says all there is to know. */
export type Era = "legacy" | "modern";

/** The revision with which the modern era begins. */
const FIRST_MODERN: Revision = "2026-07-28";

/** Where a modern request names its revision, in `params._meta`. */
export const PROTOCOL_VERSION_KEY = "io.modelcontextprotocol/protocolVersion";

/** Tells whether a text is a released revision. */
export function isRevision(text: string): text is Revision {
  return (REVISIONS as readonly string[]).includes(text);
}

/** The era of a revision, released or not; revisions are dates and compare as text. An unknown one (`null`) is legacy. */
export function eraOf(revision: string | null): Era {
  return revision !== null && revision >= FIRST_MODERN ? "modern" : "legacy";
}

/** The revision that an `initialize` request asks for, which the answer may not grant. */
export function announcedRevision(params: JsonObject | undefined): string | undefined {
  return stringMember(params, "protocolVersion");
}

/** The revision that the answer to `initialize` settles on. */
export function negotiatedRevision(result: JsonObject): string | undefined {
  return stringMember(result, "protocolVersion");
}

/** The revision that a modern request names itself; absent in legacy ones. */
export function requestRevision(params: JsonObject | undefined): string | undefined {
  return stringMember(objectMember(params, "_meta"), PROTOCOL_VERSION_KEY);
}

/** Only 2025-03-26 has JSON-RPC batches, and only once it is negotiated. */
export function allowsBatches(negotiated: string | null): boolean {
  return negotiated === "2025-03-26";
}
