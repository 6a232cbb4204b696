/**
 * Reads one line of an audit file back.
 * @module
 */

import { isObject, type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import type { Continues } from "./chain_writer.ts";
import type { SealName } from "./seal.ts";

/** A line that has the shape of an audit line; whether its hash is right is another question. */
export interface StoredLine {
  readonly type: LineType;
  readonly seq: number;
  /** In hex. */
  readonly prev: string;
  /** In hex. */
  readonly hash: string;
  /** The bytes that the hash is taken over. */
  readonly content: Uint8Array;
  /** On the first line of a file. */
  readonly header: StoredHeader | undefined;
}

/** What the first line of a file says. */
export interface StoredHeader {
  readonly chain: string;
  readonly part: number;
  readonly seal: SealName;
  readonly continues: Continues | undefined;
}

/** The `type` of a line. */
export type LineType = "chain" | "message" | "noise" | "event";

const TYPES: ReadonlySet<string> = new Set<LineType>(["chain", "message", "noise", "event"]);
const HASH_BYTES = 75; // ,"hash":"<64>"}
const PREV_BYTES = 74; // ,"prev":"<64>"
const CLOSING = /^,"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What every line begins with. */
export const LINE_START = '{"v":1,"type":"';

/** Reads a line without its newline; `undefined` when it is no audit line. Never throws. */
export function readLine(bytes: Uint8Array): StoredLine | undefined {
  const contentBytes = bytes.length - HASH_BYTES;
  if (contentBytes < PREV_BYTES) return undefined;
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    // Whatever is no UTF-8 or no JSON is no audit line.
    return undefined;
  }
  const closing = CLOSING.exec(text.slice(-(PREV_BYTES + HASH_BYTES)));
  if (closing === null || !isObject(value) || member(value, "v") !== 1) return undefined;
  const [, prev = "", hash = ""] = closing;
  const type = stringMember(value, "type");
  const seq = member(value, "seq");
  if (!isLineType(type) || typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) {
    return undefined;
  }
  const header = type === "chain" ? readHeader(value) : undefined;
  if (type === "chain" && header === undefined) return undefined;
  return { type, seq, prev, hash, content: bytes.subarray(0, contentBytes), header };
}

/** Tells whether bytes at the end of a file look like the beginning of a line that was cut off. */
export function isTornLine(bytes: Uint8Array): boolean {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--; // what a file system never filled
  const written = bytes.subarray(0, length);
  if (written.includes(0x0a)) return false;
  const start = new TextEncoder().encode(LINE_START);
  if (!written.every((byte, i) => i >= start.length || byte === start[i])) return false;
  const end = new TextDecoder().decode(written.subarray(-HASH_BYTES - 8));
  return !/"hash":"[0-9a-f]{64}"\}/.test(end);
}

/** Tells whether all that a file holds is the beginning of its first line: a crash may cut it anywhere, also right before its newline. */
export function isTornHeader(bytes: Uint8Array): boolean {
  return isTornLine(bytes) || readLine(bytes)?.header !== undefined;
}

function readHeader(line: JsonObject): StoredHeader | undefined {
  const chain = stringMember(line, "chain");
  const part = member(line, "part");
  const seal = stringMember(line, "seal");
  if (chain === undefined || typeof part !== "number" || !Number.isSafeInteger(part) || part < 1) {
    return undefined;
  }
  if (seal !== "sha256" && seal !== "hmac-sha256") return undefined;
  return { chain, part, seal, continues: readContinues(objectMember(line, "continues")) };
}

function readContinues(value: JsonObject | undefined): Continues | undefined {
  const file = stringMember(value, "file");
  if (file === undefined) return undefined;
  const torn = objectMember(value, "torn");
  const bytes = member(torn, "bytes");
  const sha256 = stringMember(torn, "sha256");
  return typeof bytes === "number" && sha256 !== undefined
    ? { file, torn: { bytes, sha256 } }
    : { file };
}

function isLineType(type: string | undefined): type is LineType {
  return type !== undefined && TYPES.has(type);
}
