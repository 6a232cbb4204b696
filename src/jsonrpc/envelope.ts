/**
 * From a parsed value to a message: the shape that JSON-RPC 2.0 and MCP ask for.
 *
 * Members that neither knows are dropped: they were not judged, so they are not sent on.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";
import { confusableInEnvelope, confusableInParams } from "./confusable.ts";
import type {
  ErrorMessage,
  FrameItem,
  JsonRpcError,
  Message,
  ParseFault,
  RequestId,
  Sender,
} from "./message.ts";

/** Who sent a value and how it was read. */
export interface EnvelopeOptions {
  readonly sender: Sender;
  readonly limits: Limits;
  readonly repaired: boolean;
  /** A CR or LF stands between tokens. */
  readonly lineBreaks: boolean;
}

/** Makes a message of a parsed value, or says why it is none. */
export function readEnvelope(value: JsonValue, options: EnvelopeOptions): FrameItem {
  if (Array.isArray(value)) return fault({ code: "batch" });
  if (!isObject(value)) return fault(notAMessage("a message must be an object"));
  const { sender, limits } = options;
  const { jsonrpc, id, method, params, result, error } = pick(value);
  const isId = isRequestId(id, limits.maxIdBytes);
  const told = { id: isId ? id : undefined, hasMethod: method !== undefined };
  const key = confusableInEnvelope(value);
  if (key !== undefined) return fault({ code: "confusable_key", key }, told);
  if (jsonrpc !== "2.0") return fault(notAMessage('"jsonrpc" must be "2.0"'), told);
  const mayLackId = error !== undefined && sender === "upstream";
  if (id !== undefined && !isId && !(mayLackId && id === null)) {
    return fault({ code: "bad_id" }, told);
  }
  const kinds = count(method) + count(result) + count(error);
  if (kinds !== 1) {
    const detail = "a message must have exactly one of method, result and error";
    return fault(notAMessage(detail), told);
  }
  let message: Message;
  let known = 2 + count(id); // jsonrpc, and the one of method, result and error
  if (method !== undefined) {
    if (typeof method !== "string") return fault(notAMessage("method must be a string"), told);
    if (params !== undefined) {
      if (!isObject(params)) return fault(notAMessage("params must be an object"), told);
      const key = sender === "client" ? confusableInParams(params) : undefined;
      if (key !== undefined) return fault({ code: "confusable_key", key }, told);
      known++;
    }
    message = isId
      ? { kind: "request", id, method, params }
      : { kind: "notification", method, params };
  } else if (result !== undefined) {
    if (!isId) return fault({ code: "bad_id" }, told);
    if (!isObject(result)) return fault(notAMessage("result must be an object"), told);
    message = { kind: "result", id, result };
  } else {
    if (!isId && !mayLackId) return fault({ code: "bad_id" }, told);
    const read = readError(error);
    if (read === undefined) {
      return fault(notAMessage("error must have an integer code and a string message"), told);
    }
    message = { kind: "error", id: isId ? id : null, error: read } satisfies ErrorMessage;
    if (Object.keys(read).length !== Object.keys(error as JsonObject).length) known = -1;
  }
  const verbatim = !options.repaired && !options.lineBreaks &&
    Object.keys(value).length === known;
  return { ok: true, message, repaired: options.repaired, verbatim };
}

/** Tells whether a value may be a request id: a string of at most `maxBytes`, or a safe integer. */
export function isRequestId(value: JsonValue | undefined, maxBytes: number): value is RequestId {
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value !== "string" || value.length > maxBytes) return false;
  return 3 * value.length <= maxBytes || new TextEncoder().encode(value).length <= maxBytes;
}

type Envelope = { readonly [name in EnvelopeName]: JsonValue | undefined };
type EnvelopeName = "jsonrpc" | "id" | "method" | "params" | "result" | "error";

function pick(value: JsonObject): Envelope {
  return {
    jsonrpc: member(value, "jsonrpc"),
    id: member(value, "id"),
    method: member(value, "method"),
    params: member(value, "params"),
    result: member(value, "result"),
    error: member(value, "error"),
  };
}

function count(value: JsonValue | undefined): number {
  return value === undefined ? 0 : 1;
}

function readError(value: JsonValue | undefined): JsonRpcError | undefined {
  if (!isObject(value)) return undefined;
  const code = member(value, "code");
  const message = member(value, "message");
  const data = member(value, "data");
  if (typeof code !== "number" || !Number.isSafeInteger(code)) return undefined;
  if (typeof message !== "string") return undefined;
  return data === undefined ? { code, message } : { code, message, data };
}

function notAMessage(detail: string): ParseFault {
  return { code: "not_a_message", detail };
}

function fault(
  fault: ParseFault,
  told: { readonly id: RequestId | undefined; readonly hasMethod: boolean } = NOTHING,
): FrameItem {
  return { ok: false, fault, ...told };
}

const NOTHING = { id: undefined, hasMethod: false };
