/**
 * What a client announces that a server may ask of it, cut down to what the policy grants.
 * @module
 */

import { type JsonObject, objectMember } from "../base/json.ts";
import type { RequestMessage } from "../jsonrpc/message.ts";
import type { Ask } from "./methods.ts";

/** Where a modern request announces the client's capabilities, in `params._meta`. */
export const CLIENT_CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

/** Params without what is not granted. */
export interface Announcement {
  /** The same object when nothing was removed. */
  readonly params: JsonObject | undefined;
  /** What was removed: `sampling`, `tasks.requests.elicitation`. */
  readonly removed: readonly string[];
}

const ASKS: readonly Ask[] = ["sampling", "elicitation", "roots"];

/**
 * Removes from a client's request the capabilities by which a server would ask what the policy does
 * not grant: from `params.capabilities` of `initialize`, and from `_meta` of any request.
 */
export function announceOnly(
  { method, params }: Pick<RequestMessage, "method" | "params">,
  granted: ReadonlySet<Ask>,
): Announcement {
  if (params === undefined) return { params, removed: [] };
  const removed: string[] = [];
  let announced = params;
  if (method === "initialize") {
    announced = replaced(announced, "capabilities", (all) => restricted(all, granted, removed));
  }
  announced = replaced(
    announced,
    "_meta",
    (meta) => replaced(meta, CLIENT_CAPABILITIES_KEY, (all) => restricted(all, granted, removed)),
  );
  return { params: announced, removed };
}

/** Client capabilities without what is not granted; names what it takes out in `removed`. */
function restricted(
  capabilities: JsonObject,
  granted: ReadonlySet<Ask>,
  removed: string[],
): JsonObject {
  const refused = ASKS.filter((ask) => !granted.has(ask));
  const direct = without(capabilities, { names: refused, path: "", removed });
  return replaced(
    direct,
    "tasks",
    (tasks) =>
      replaced(
        tasks,
        "requests",
        (requests) => without(requests, { names: refused, path: "tasks.requests.", removed }),
      ),
  );
}

function without(
  object: JsonObject,
  { names, path, removed }: {
    readonly names: readonly string[];
    readonly path: string;
    readonly removed: string[];
  },
): JsonObject {
  const present = names.filter((name) => Object.hasOwn(object, name));
  if (present.length === 0) return object;
  removed.push(...present.map((name) => path + name));
  return Object.fromEntries(Object.entries(object).filter(([name]) => !present.includes(name)));
}

/** The object with one of its object members changed; the same object when it is not there or stays. */
function replaced(
  object: JsonObject,
  name: string,
  change: (value: JsonObject) => JsonObject,
): JsonObject {
  const before = objectMember(object, name);
  if (before === undefined) return object;
  const after = change(before);
  return after === before ? object : { ...object, [name]: after };
}
