/**
 * Audit files by their first line: which chain they belong to, and which come after them.
 * @module
 */

import { baseName, directoryOf, segmentNumbers, segmentPath } from "./file_name.ts";
import { readLine, type StoredHeader } from "./stored_line.ts";

/** A file and what its first line says. */
export interface AuditFile {
  readonly path: string;
  readonly header: StoredHeader;
}

const FIRST_BYTES = 16 * 1024; // a header is a few hundred bytes
const MAX_FILES_BESIDE = 1000;

/** The header among the first bytes of a file. */
export function headerIn(first: Uint8Array): StoredHeader | undefined {
  const newline = first.indexOf(0x0a);
  return newline === -1 ? undefined : readLine(first.subarray(0, newline))?.header;
}

/** Reads the bytes in which a header stands. */
export async function firstBytes(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const bytes = new Uint8Array(FIRST_BYTES);
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/** The file beside `first` in which the chain goes on behind `last`, if there is one. */
export async function nextFileBeside(
  first: AuditFile,
  last: AuditFile,
): Promise<string | undefined> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directoryOf(first.path))) names.push(name);
  } catch {
    return undefined; // who may read the files only is not told of others
  }
  for (const number of segmentNumbers(first.path, names).slice(0, MAX_FILES_BESIDE)) {
    const path = segmentPath(first.path, number);
    const header = await firstBytes(path).then(headerIn, () => undefined);
    if (header?.chain === last.header.chain && header.part === last.header.part + 1) {
      return header.continues?.file === baseName(last.path) ? path : undefined;
    }
  }
  return undefined;
}
