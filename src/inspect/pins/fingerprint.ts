/**
 * What a tool was when it was pinned.
 * @module
 */

import { canonicalJson } from "../../base/canonical_json.ts";
import type { JsonObject } from "../../base/json.ts";

/** A tool as it was listed once. */
export interface ToolPin {
  /** Of its name and definition: `sha256:` and hex. */
  readonly hash: string;
  /** What the hash is of beside the name, to show what changed; undefined where it is too large to keep. */
  readonly definition: JsonObject | undefined;
}

/** The pins of one server, by the name of the tool. */
export type ServerPins = ReadonlyMap<string, ToolPin>;

/** Gives a digest as text, such as `sha256:…`. */
export type Digest = (bytes: Uint8Array) => string;

/**
 * What may change freely: pictures, notes for programs, and whether a call may be a task. Everything
 * else counts, also what the protocol does not know: a client that ignores case reads `Description`.
 */
const FREE: ReadonlySet<string> = new Set(["name", "icons", "_meta", "execution"]);
const MAX_DEFINITION = 64 * 1024; // UTF-16 units of canonical JSON

/** Pins a tool as a server lists it. The order of members does not matter; long numbers keep their digits. */
export function fingerprintTool(
  tool: JsonObject,
  { name, digest }: { readonly name: string; readonly digest: Digest },
): ToolPin {
  const fields = Object.entries(tool).filter(([member]) => !FREE.has(member));
  const definition: JsonObject = Object.fromEntries(fields);
  const text = canonicalJson({ name, definition });
  const hash = digest(new TextEncoder().encode(text));
  return { hash, definition: text.length > MAX_DEFINITION ? undefined : definition };
}
