/**
 * The question that every message becomes: may this principal do this to that?
 * @module
 */

import type { JsonObject } from "../base/json.ts";
import type { Principal } from "./principal.ts";

/** The verb of a request. `control` is protocol upkeep; `ask-client` is a server asking its client. */
export type Action = "read" | "write" | "delete" | "execute" | "control" | "ask-client";

/** The thing of a request. */
export interface Resource {
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
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
}

/** Which side sent the message. */
export type Direction = "client-to-upstream" | "upstream-to-client";

/** One access request, immutable from here on. */
export interface AccessRequest {
  readonly principal: Principal;
  /** From the method table; `execute` for `tools/call`, which policy classifies further. */
  readonly action: Action;
  readonly resource: Resource;
  readonly method: string;
  /** False for a method that is not in the table: only a rule with `methods:` can allow it. */
  readonly known: boolean;
  /** The arguments; `undefined` when they are unknown because a list item is being judged. */
  readonly arguments: JsonObject | undefined;
  readonly context: RequestContext;
}

/** Circumstances of a request. */
export interface RequestContext {
  readonly traceId: string;
  /** Monotonic milliseconds. */
  readonly receivedAtMs: number;
  readonly direction: Direction;
  readonly transport: "stdio" | "http";
  /** The negotiated or announced protocol revision, or null before it is known. */
  readonly revision: string | null;
  /** The tool's annotations as the server listed them, when it has. */
  readonly annotations?: ToolAnnotations;
}
