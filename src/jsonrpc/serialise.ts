/**
 * Messages → bytes: what was judged, and nothing else, on one line.
 * @module
 */

import type { JsonObject } from "../base/json.ts";
import { encode, utf8Length } from "./encode.ts";
import type { Message, RequestMessage } from "./message.ts";

/** A message as it is sent. */
export interface Serialised {
  /** One line of UTF-8 without its line end. */
  readonly bytes: Uint8Array;
  /** The part of `bytes` that is `params.arguments` of a request; a view, not a copy. */
  readonly argumentsBytes: Uint8Array | undefined;
}

/** Serialises one message. Numbers kept as text keep their digits. */
export function serialise(message: Message): Serialised {
  return message.kind === "request" && hasArguments(message.params)
    ? serialiseCall(message, message.params)
    : { bytes: encode(oneLine(textOf(message))), argumentsBytes: undefined };
}

/** Serialises several messages as one batch (revision 2025-03-26 only). */
export function serialiseBatch(messages: readonly Message[]): Uint8Array {
  return encode(oneLine(`[${messages.map(textOf).join(",")}]`));
}

function textOf(message: Message): string {
  const jsonrpc = "2.0";
  switch (message.kind) {
    case "request": {
      const { id, method, params } = message;
      return JSON.stringify({ jsonrpc, id, method, params });
    }
    case "notification": {
      const { method, params } = message;
      return JSON.stringify({ jsonrpc, method, params });
    }
    case "result":
      return JSON.stringify({ jsonrpc, id: message.id, result: message.result });
    case "error":
      return JSON.stringify({ jsonrpc, id: message.id, error: message.error });
  }
}

function hasArguments(params: JsonObject | undefined): params is JsonObject {
  return params !== undefined && Object.hasOwn(params, "arguments") &&
    params.arguments !== undefined;
}

/** Writes a request piece by piece, as the place of its arguments in the bytes is wanted. */
function serialiseCall({ id, method }: RequestMessage, params: JsonObject): Serialised {
  const written = typeof id === "number" ? `${id}` : quote(id);
  let before = `{"jsonrpc":"2.0","id":${written},"method":${quote(method)},"params":{`;
  let inside = "";
  let after = "";
  let comma = "";
  for (const name of Object.keys(params)) {
    const value = params[name];
    if (value === undefined) continue;
    if (name === "arguments") {
      before += `${comma}"arguments":`;
      inside = JSON.stringify(value);
    } else {
      const text = typeof value === "string" ? quote(value) : JSON.stringify(value);
      if (inside === "") before += `${comma}${quote(name)}:${text}`;
      else after += `,${quote(name)}:${text}`;
    }
    comma = ",";
  }
  after += "}}";
  const text = before + inside + after;
  let bytes = encode(text);
  let isAscii = bytes.length === text.length;
  // Only where it is not can something stand in it that is a line end to some readers.
  if (!isAscii && text !== oneLine(text)) {
    [before, inside, after] = [oneLine(before), oneLine(inside), oneLine(after)];
    const escaped = before + inside + after;
    bytes = encode(escaped);
    isAscii = bytes.length === escaped.length;
  }
  const start = isAscii ? before.length : utf8Length(before);
  const end = bytes.length - (isAscii ? after.length : utf8Length(after));
  const argumentsBytes = new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
  return { bytes, argumentsBytes };
}

/** A JSON string; for the short plain names of the protocol three times as fast as JSON.stringify. */
function quote(text: string): string {
  if (text.length > 64) return JSON.stringify(text);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/**
 * Escapes what some line readers end a line at and JSON.stringify leaves as it is: NEL, U+2028 and
 * U+2029 (Node's readline, Java's Scanner, Python's splitlines). They can only stand in strings.
 */
function oneLine(text: string): string {
  if (!text.includes("\u0085") && !text.includes("\u2028") && !text.includes("\u2029")) return text;
  return text.replaceAll("\u0085", "\\u0085").replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
