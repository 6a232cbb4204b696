/**
 * The only translator from reasons to what a client (or an upstream that asks) is told.
 *
 * Rules, positions and the way to allow something go to the audit, stderr and `explain`, never here.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import { eraOf } from "../mcp/revision.ts";
import type { ErrorMessage, JsonRpcError, RequestId, ResultMessage } from "../jsonrpc/message.ts";

/** JSON-RPC codes on the wire. −32000…−32099 belong to others, so the program's own start at −31400. */
export const WIRE_CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  unauthenticated: -31401,
  notPermitted: -31403,
  tooLarge: -31413,
  rateLimited: -31429,
  upstreamFailed: -31502,
  checkFailed: -31503,
  overloaded: -31504,
  /** The specification's own: the modern revision alone (MCP 2026-07-28, Streamable HTTP). */
  headerMismatch: -32020,
} as const;

/** The request a refusal answers. */
export interface Refused {
  /** Null when it could not be read. */
  readonly id: RequestId | null;
  readonly traceId: string;
  /** For `tools/call` that is no task: its refusal is a result that the model sees. */
  readonly toolCall?: {
    readonly tool: string;
    /** Revision 2026-07-28 and later, whose results carry a `resultType`. */
    readonly modern: boolean;
  };
}

/** Says no: as a tool result where a model can read it, as an error everywhere else. */
export function refusal(reason: DenyReason, to: Refused): ErrorMessage | ResultMessage {
  if (to.toolCall !== undefined && to.id !== null && isForTheModel(reason)) {
    return toolRefusal(reason, to.id, { ...to.toolCall, traceId: to.traceId });
  }
  return { kind: "error", id: to.id, error: wireError(reason, to.traceId) };
}

/** Reasons about the call itself; the rest are faults of the message or of the program. */
function isForTheModel({ code }: DenyReason): boolean {
  return code === "not_permitted" || code === "unsafe_argument" || code === "invalid_arguments" ||
    code === "rate_limited" || code === "insufficient_scope" || code === "unsafe_result" ||
    code === "tool_changed" || code === "unusable_tool";
}

function toolRefusal(
  reason: DenyReason,
  id: RequestId,
  { tool, modern, traceId }: { tool: string; modern: boolean; traceId: string },
): ResultMessage {
  const text = `Refused by MCP-Aegis: ${sentence(reason, `tool ${JSON.stringify(tool)}`)}`;
  return {
    kind: "result",
    id,
    result: {
      ...(modern ? { resultType: "complete" } : {}),
      content: [{ type: "text", text }],
      isError: true,
      _meta: details(reason, traceId),
    },
  };
}

function wireError(reason: DenyReason, traceId: string): JsonRpcError {
  return {
    code: wireCode(reason),
    message: sentence(reason, "this request"),
    data: details(reason, traceId),
  };
}

function details(reason: DenyReason, traceId: string): JsonObject {
  const about: Record<string, string | number> = { reason: reason.code, traceId };
  if (reason.code === "rate_limited" && Number.isFinite(reason.retryAfterMs)) {
    about.retryAfterMs = reason.retryAfterMs;
  }
  if (reason.code === "too_large" || reason.code === "overloaded") {
    about.limit = reason.limit;
    about.max = reason.max;
  }
  if ("pointer" in reason && reason.pointer !== undefined) about.pointer = reason.pointer;
  return about;
}

/** What HTTP says beside an error for a reason; a refusal that the model reads is a result, and all is well. */
export function statusOf(reason: DenyReason, revision: string | null): number {
  const isModern = eraOf(revision) === "modern";
  switch (reason.code) {
    case "malformed":
    case "header_mismatch":
      return 400;
    case "unauthenticated":
      return 401;
    case "insufficient_scope":
      return 403;
    case "unknown_method":
      return isModern ? 404 : 200;
    case "invalid_params":
      return isModern ? 400 : 200;
    case "too_large":
      return 413;
    case "upstream_failed":
      return 502;
    case "overloaded":
      return 503;
    case "not_permitted":
    case "unsafe_argument":
    case "invalid_arguments":
    case "tool_changed":
    case "unusable_tool":
    case "unsafe_result":
    case "rate_limited":
    case "id_in_flight":
    case "not_expected":
    case "check_failed":
    case "audit_failed":
      return 200;
  }
}

function wireCode(reason: DenyReason): number {
  switch (reason.code) {
    case "unauthenticated":
      return WIRE_CODES.unauthenticated;
    case "insufficient_scope":
    case "not_permitted":
    case "unsafe_argument":
    case "invalid_arguments":
    case "tool_changed":
    case "unusable_tool":
    case "unsafe_result":
      return WIRE_CODES.notPermitted;
    case "rate_limited":
      return WIRE_CODES.rateLimited;
    case "too_large":
      return WIRE_CODES.tooLarge;
    case "overloaded":
      return WIRE_CODES.overloaded;
    case "unknown_method":
      return WIRE_CODES.methodNotFound;
    case "malformed":
      return reason.parse ? WIRE_CODES.parseError : WIRE_CODES.invalidRequest;
    case "invalid_params":
      return WIRE_CODES.invalidParams;
    case "id_in_flight":
    case "not_expected":
      return WIRE_CODES.invalidRequest;
    case "header_mismatch":
      return WIRE_CODES.headerMismatch;
    case "check_failed":
    case "audit_failed":
      return WIRE_CODES.checkFailed;
    case "upstream_failed":
      return WIRE_CODES.upstreamFailed;
  }
}

/** One sentence a model or a person can act on. */
export function sentence(reason: DenyReason, thing: string): string {
  switch (reason.code) {
    case "unauthenticated":
      return "Credentials are missing or not valid.";
    case "insufficient_scope":
      return `${capital(thing)} needs the scope ${reason.scopes.join(" ")}.`;
    case "not_permitted":
      return `${capital(thing)} is not permitted (policy; do not retry unchanged).`;
    case "unsafe_argument":
    case "invalid_arguments":
      return `Argument ${reason.pointer || "(all)"} of ${thing} is refused: ${reason.detail} ` +
        "(policy; do not retry unchanged).";
    case "tool_changed":
      return `${capital(thing)} is refused: it ${reason.detail}.`;
    case "unusable_tool":
      return `${capital(thing)} cannot be called: ${reason.detail}.`;
    case "unsafe_result":
      return `The answer of ${thing} is refused: it ${reason.detail} (policy; do not retry unchanged).`;
    case "rate_limited":
      return Number.isFinite(reason.retryAfterMs)
        ? `Too many calls; retry in ${Math.ceil(reason.retryAfterMs / 1000)} s.`
        : `${capital(thing)} costs more than its rate limit ever holds (policy; do not retry).`;
    case "too_large":
      return `Over the limit ${reason.limit} = ${reason.max}` +
        (reason.pointer === undefined ? "." : ` at ${reason.pointer}.`);
    case "overloaded":
      return `Over the limit ${reason.limit} = ${reason.max}; retry when earlier requests are answered.`;
    case "unknown_method":
      return "This method is unknown or not allowed.";
    case "malformed":
      return `Not a valid message: ${reason.detail}.`;
    case "invalid_params":
      return `Invalid params at ${reason.pointer || "(all)"}: ${reason.detail}.`;
    case "header_mismatch":
      return `A header and the body disagree: ${reason.detail}.`;
    case "id_in_flight":
      return "A request with this id is still in flight.";
    case "not_expected":
      return `Not expected: ${reason.detail}.`;
    case "check_failed":
      return `The check "${reason.check}" could not be completed, so the request is refused.`;
    case "audit_failed":
      return "The audit could not be written, so the request is refused.";
    case "upstream_failed":
      return `The upstream server failed: ${reason.detail}.`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
