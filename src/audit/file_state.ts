/**
 * Looks at an audit file that is already there: can its chain go on, and from where?
 * @module
 */

import type { ChainEnd, Continues } from "./chain_writer.ts";
import { sha256Hex } from "./digest.ts";
import { MAX_LINE_BYTES } from "./line.ts";
import type { Seal } from "./seal.ts";
import {
  isTornHeader,
  LINE_START,
  readLine,
  type StoredHeader,
  type StoredLine,
} from "./stored_line.ts";

/** What an existing file is. */
export type FileState =
  /** Nothing is in it, or only the torn beginning of its first line. */
  | { readonly kind: "blank"; readonly bytes: number }
  /** It holds something else, and is not to be touched. */
  | { readonly kind: "foreign" }
  /** An audit whose chain this writer cannot go on with. */
  | { readonly kind: "closed"; readonly why: string }
  /** An audit that can go on; `torn` is what stands behind its last whole line. */
  | {
    readonly kind: "open";
    readonly header: StoredHeader;
    readonly end: ChainEnd;
    readonly bytes: number;
    readonly torn: Continues["torn"];
  };

const FIRST_BYTES = 16 * 1024; // a header is a few hundred bytes
const TAIL_BYTES = 2 * MAX_LINE_BYTES;
const NEWLINE = 0x0a;

/** Reads the first line and at most 2 MiB of the end of a file open for reading. */
export function fileState(file: Deno.FsFile, seal: Seal): FileState {
  const bytes = file.statSync().size;
  const first = readAt(file, { from: 0, to: Math.min(bytes, FIRST_BYTES) });
  const newline = first.indexOf(NEWLINE);
  if (newline === -1) {
    return isTornHeader(first) ? { kind: "blank", bytes } : { kind: "foreign" };
  }
  const line = readLine(first.subarray(0, newline));
  if (line?.header === undefined) {
    return looksLikeAudit(first)
      ? { kind: "closed", why: "its first line is damaged" }
      : { kind: "foreign" };
  }
  if (line.header.seal !== seal.name) {
    return { kind: "closed", why: `it is sealed with ${line.header.seal}` };
  }
  if (!isSound(line, seal)) return { kind: "closed", why: "its key is another" };
  const from = Math.max(0, bytes - TAIL_BYTES);
  return stateOfTail(readAt(file, { from, to: bytes }), {
    header: line.header,
    bytes,
    seal,
  });
}

/** Tells whether the hash of a line is the hash of its content. */
export function isSound(line: StoredLine, seal: Seal): boolean {
  return seal.hex(line.content) === line.hash;
}

function stateOfTail(
  tail: Uint8Array,
  { header, bytes, seal }: {
    readonly header: StoredHeader;
    readonly bytes: number;
    readonly seal: Seal;
  },
): FileState {
  for (let end = tail.lastIndexOf(NEWLINE); end > 0;) {
    const before = tail.lastIndexOf(NEWLINE, end - 1);
    const line = readLine(tail.subarray(before + 1, end));
    if (line !== undefined && isSound(line, seal)) {
      const rest = tail.subarray(end + 1);
      const torn = rest.length === 0 ? undefined : { bytes: rest.length, sha256: sha256Hex(rest) };
      return { kind: "open", header, end: { seq: line.seq, hash: line.hash }, bytes, torn };
    }
    end = before;
  }
  return { kind: "closed", why: "no whole line was found at its end" };
}

function looksLikeAudit(bytes: Uint8Array): boolean {
  const start = new TextEncoder().encode(LINE_START);
  return start.every((byte, i) => bytes[i] === byte);
}

function readAt(
  file: Deno.FsFile,
  { from, to }: { readonly from: number; readonly to: number },
): Uint8Array {
  file.seekSync(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(to - from);
  let length = 0;
  while (length < bytes.length) {
    const read = file.readSync(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
