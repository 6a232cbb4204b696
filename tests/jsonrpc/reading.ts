/**
 * Short ways to read frames in tests.
 * @module
 */

import assert from "node:assert/strict";
import { DEFAULT_LIMITS, type Limits } from "../../src/base/limits.ts";
import type {
  FrameItem,
  Message,
  ParseFault,
  RequestId,
  Sender,
} from "../../src/jsonrpc/message.ts";
import { readFrame } from "../../src/jsonrpc/read.ts";

const encoder = new TextEncoder();

/** Text or bytes as bytes. */
export function bytesOf(frame: string | Uint8Array): Uint8Array {
  return typeof frame === "string" ? encoder.encode(frame) : frame;
}

/** Reads a frame that is no batch. */
export function read(
  frame: string | Uint8Array,
  { sender = "client", limits = {} }: { sender?: Sender; limits?: Partial<Limits> } = {},
): FrameItem {
  const options = { sender, limits: { ...DEFAULT_LIMITS, ...limits }, batches: false };
  const read = readFrame(bytesOf(frame), options);
  if (read.kind !== "single") assert.fail("is a batch");
  return read.item;
}

/** Reads a frame that must hold a message. */
export function messageOf(frame: string | Uint8Array, sender: Sender = "client"): Message {
  const item = read(frame, { sender });
  if (!item.ok) assert.fail(`${item.fault.code}: ${JSON.stringify(item.fault)}`);
  return item.message;
}

/** Reads a frame that must be refused. */
export function faultOf(
  frame: string | Uint8Array,
  options: { sender?: Sender; limits?: Partial<Limits> } = {},
): ParseFault {
  const item = read(frame, options);
  if (item.ok) assert.fail(`was read: ${JSON.stringify(item.message)}`);
  return item.fault;
}

/** The code of the fault, or `ok`. */
export function codeOf(
  frame: string | Uint8Array,
  options: { sender?: Sender; limits?: Partial<Limits> } = {},
): ParseFault["code"] | "ok" {
  const item = read(frame, options);
  return item.ok ? "ok" : item.fault.code;
}

/** The id that a refused frame was told to have. */
export function faultId(
  frame: string | Uint8Array,
  sender: Sender = "client",
): RequestId | undefined {
  const item = read(frame, { sender });
  assert.equal(item.ok, false);
  return item.ok ? undefined : item.id;
}

/** A call of a tool with these arguments, given as JSON text. */
export function call(args: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":${args}}}`;
}

/** A result with this text for a member. */
export function result(text: string): string {
  return `{"jsonrpc":"2.0","id":1,"result":{"a":${text}}}`;
}
