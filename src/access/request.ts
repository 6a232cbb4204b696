/**
 * The question that every message becomes: may this principal do this to that?
 * @module
 */

import type { JsonObject, JsonValue } from "../base/json.ts";
import type { Principal } from "./principal.ts";

/** The verb of a request. `control` is protocol upkeep; `ask-client` is a server asking its client. */
export type Action = "read" | "write" | "delete" | "execute" | "control" | "ask-client";

/** The thing of a request. */
export interface Resource {
  /** What sort of thing it is. */
  readonly kind: "tool" | "prompt" | "resource" | "server";
  /** The upstream's name by the operator (`--name`, a preset, configuration), or null when it has none. */
  readonly server: string | null;
  /** Tool name, prompt name, resource URI; for `ask-client` one of `sampling`, `elicitation`, `roots`. */
  readonly name: string;
  /** True when `name` is a URI template of a list: any expansion of it may be meant. */
  readonly template?: boolean;
}

/** What the server says of its own tool: hints from the accused. */
export interface ToolAnnotations {
  /** The tool says that it changes nothing. */
  readonly readOnlyHint?: boolean;
  /** The tool says that it may destroy. */
  readonly destructiveHint?: boolean;
}

/**
 * A tool as its server listed it: the word of the accused. The same object for every call until
 * the server lists it otherwise, so that what is derived from it can be kept beside it.
 */
export interface ToolListing {
  /** Its name, exactly. */
  readonly name: string;
  /** What it is for, in the server's words. */
  readonly description: string | undefined;
  /** The schema of its arguments, unchecked; undefined when it lists none. */
  readonly inputSchema: JsonValue | undefined;
  /** What the server lists is more than is kept: its schema is not known. */
  readonly tooLarge?: true;
}

/** Which side sent the message. */
export type Direction = "client-to-upstream" | "upstream-to-client";

/** One access request, immutable from here on. */
export interface AccessRequest {
  /** Who asks. */
  readonly principal: Principal;
  /** From the method table; `execute` for `tools/call`, which policy classifies further. */
  readonly action: Action;
  /** What is asked for. */
  readonly resource: Resource;
  /** The JSON-RPC method. */
  readonly method: string;
  /** False for a method that is not in the table: only a rule with `methods:` can allow it. */
  readonly known: boolean;
  /** The arguments; `undefined` when they are unknown because a list item is being judged. */
  readonly arguments: JsonObject | undefined;
  /** The client's answers to what the server asked for to go on (MCP 2026-07-28), when there are some. */
  readonly inputResponses?: JsonObject;
  /** The circumstances. */
  readonly context: RequestContext;
}

/** Circumstances of a request. */
export interface RequestContext {
  /** 32 hex digits, the same in the answer to the client, the audit and the log. */
  readonly traceId: string;
  /** Monotonic milliseconds. */
  readonly receivedAtMs: number;
  /** Which way the message goes. */
  readonly direction: Direction;
  /** How it came. */
  readonly transport: "stdio" | "http";
  /** The negotiated or announced protocol revision, or null before it is known. */
  readonly revision: string | null;
  /** The tool's annotations as the server listed them, when it has. */
  readonly annotations?: ToolAnnotations;
  /** The tool as the server listed it, when it has. */
  readonly listing?: ToolListing;
}
