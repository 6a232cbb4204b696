/**
 * What a frame of an upstream with one stream is about, at a first look: enough to find whose it is.
 *
 * Nothing is decided by it but where the frame is judged. A frame that lies about itself is judged
 * where nobody waits for it, and dropped.
 * @module
 */

import type { IncomingFrame } from "../../gateway/channel.ts";
import { IdFinder } from "../../jsonrpc/id_finder.ts";

type RequestId = string | number;

/** Whom a frame is for. */
export type Looked =
  /** It answers the request of this id. */
  | { readonly kind: "answer"; readonly id: RequestId }
  /** A notification that belongs to the request of this id. */
  | { readonly kind: "request"; readonly id: RequestId }
  /** A notification that belongs to the request with this progress token. */
  | { readonly kind: "progress"; readonly token: RequestId }
  /** No message of its own, and no answer to anything that it names. */
  | { readonly kind: "nameless" }
  /** It belongs to no request. */
  | { readonly kind: "other" };

/** A longer notification belongs to no request: those that do are short. */
const MAX_LOOK_BYTES = 64 * 1024;
const SUBSCRIPTION_ID_KEY = "io.modelcontextprotocol/subscriptionId";

const OTHER: Looked = { kind: "other" };
const DECODER = new TextDecoder();

/** Looks at a frame. Linear in its bytes; nothing long is parsed. */
export function lookAt(frame: IncomingFrame): Looked {
  const { id, hasMethod } = frame instanceof Uint8Array ? found(frame) : frame;
  if (!hasMethod) return id === undefined ? { kind: "nameless" } : { kind: "answer", id };
  const isShort = frame instanceof Uint8Array && frame.length <= MAX_LOOK_BYTES;
  return id === undefined && isShort ? notification(frame) : OTHER;
}

/** The code of an error; undefined for other messages, and for one too long to be looked at. */
export function errorCode(frame: Uint8Array): number | undefined {
  if (frame.length > MAX_LOOK_BYTES) return undefined;
  const code = member(member(parsed(frame), "error"), "code");
  return typeof code === "number" ? code : undefined;
}

function found(frame: Uint8Array): Pick<IdFinder, "id" | "hasMethod"> {
  const finder = new IdFinder();
  finder.push(frame);
  return finder;
}

function notification(frame: Uint8Array): Looked {
  const message = parsed(frame);
  const params = member(message, "params");
  if (member(message, "method") === "notifications/progress") {
    const token = asId(member(params, "progressToken"));
    return token === undefined ? OTHER : { kind: "progress", token };
  }
  const id = asId(member(member(params, "_meta"), SUBSCRIPTION_ID_KEY));
  return id === undefined ? OTHER : { kind: "request", id };
}

function parsed(frame: Uint8Array): unknown {
  try {
    return JSON.parse(DECODER.decode(frame));
  } catch {
    return undefined; // judged as what it is, wherever it goes
  }
}

function member(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined;
}

function asId(value: unknown): RequestId | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
