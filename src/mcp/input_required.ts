/**
 * Questions to the client that ride on answers: `inputRequests` of a modern result, of a task or of
 * a task's notification, and the error −32042 of 2025-11-25, which asks for a visit to a URL.
 * @module
 */

import { isObject, type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import type { JsonRpcError } from "../jsonrpc/message.ts";
import { type Ask, askOf } from "./methods.ts";
import { type Misshapen, misshapen, pointerTo } from "./misshapen.ts";
import { lookalike } from "./spelling.ts";

/** One question to the client. */
export interface InputAsk {
  /** JSON pointer of the question in what carries it. */
  readonly pointer: string;
  readonly method: string;
  /** What is asked; `undefined` for a method that no server may ask with, which must be refused. */
  readonly ask: Ask | undefined;
  readonly params: JsonObject;
}

/** URLElicitationRequiredError, MCP 2025-11-25 only. */
const URL_ELICITATION_REQUIRED = -32042;

const NOTHING: JsonObject = {};

/** True for a modern result that is no answer yet: the client is to answer its questions and try again. */
export function isInputRequired(result: JsonObject): boolean {
  return member(result, "resultType") === "input_required";
}

/**
 * Reads the questions in a result, or in the params of `notifications/tasks`.
 *
 * They are found by `inputRequests` alone, whatever `resultType` or `status` says, so that no label
 * hides them. `requestState` is never read.
 */
export function inputAsks(holder: JsonObject): Result<readonly InputAsk[], Misshapen> {
  if (lookalike(holder, "inputRequests") !== undefined) {
    return misshapen("", 'holds a look-alike of "inputRequests"');
  }
  const requests = member(holder, "inputRequests");
  if (requests === undefined) return ok([]);
  if (!isObject(requests)) return misshapen("/inputRequests", "must be an object");
  const asks: InputAsk[] = [];
  for (const [key, request] of Object.entries(requests)) {
    const pointer = `/inputRequests${pointerTo(key)}`;
    if (!isObject(request)) return misshapen(pointer, "must be an object");
    const method = stringMember(request, "method");
    if (method === undefined) return misshapen(`${pointer}/method`, "must be a string");
    if (lookalike(request, "method") !== undefined) {
      return misshapen(pointer, 'holds a look-alike of "method"');
    }
    const params = objectMember(request, "params") ?? NOTHING;
    asks.push({ pointer, method, ask: askOf(method), params });
  }
  return ok(asks);
}

/** Reads the questions in an error: those of −32042, each an elicitation. */
export function errorAsks({ code, data }: JsonRpcError): Result<readonly InputAsk[], Misshapen> {
  if (code !== URL_ELICITATION_REQUIRED) return ok([]);
  const elicitations = isObject(data) ? member(data, "elicitations") : undefined;
  if (isObject(data) && lookalike(data, "elicitations") !== undefined) {
    return misshapen("/data", 'holds a look-alike of "elicitations"');
  }
  if (!Array.isArray(elicitations)) {
    return misshapen("/data/elicitations", "must be an array");
  }
  const asks: InputAsk[] = [];
  for (const params of elicitations) {
    const pointer = `/data/elicitations/${asks.length}`;
    if (!isObject(params)) return misshapen(pointer, "must be an object");
    asks.push({ pointer, method: "elicitation/create", ask: "elicitation", params });
  }
  return ok(asks);
}
