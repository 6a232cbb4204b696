/**
 * Reads the key that seals an audit.
 * @module
 */

import { AegisError } from "../base/error.ts";
import { Secret } from "../base/secret.ts";
import { MIN_KEY_BYTES } from "./seal.ts";

const MAX_KEY_BYTES = 4096;

/**
 * Reads the key from a file: its text without the line breaks at the end.
 *
 * @throws {AegisError} `audit-key` when the file cannot be read, is larger than 4096 bytes, is not
 * UTF-8, or the key is shorter than 16 bytes.
 */
export async function readAuditKey(path: string): Promise<Secret> {
  const where = `from ${JSON.stringify(path)}`;
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AegisError("audit-key", `Cannot read the audit key ${where}: ${why}`, { cause });
  }
  if (bytes.length > MAX_KEY_BYTES) {
    throw new AegisError(
      "audit-key",
      `Cannot read the audit key ${where}: it is larger than ${MAX_KEY_BYTES} bytes`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AegisError(
      "audit-key",
      `Cannot read the audit key ${where}: it is not UTF-8 text; write random bytes as hex`,
      { cause },
    );
  }
  return auditKey(text, where);
}

/**
 * Makes a key from text; `where` says in the error where it came from.
 *
 * @throws {AegisError} `audit-key` when it is shorter than 16 bytes.
 */
export function auditKey(text: string, where: string): Secret {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "\n" || text[end - 1] === "\r")) end--;
  const key = text.slice(0, end);
  const bytes = new TextEncoder().encode(key).length;
  if (bytes < MIN_KEY_BYTES) {
    throw new AegisError(
      "audit-key",
      `Cannot use the audit key ${where}: it must be at least ${MIN_KEY_BYTES} bytes, it is ${bytes}`,
    );
  }
  return new Secret(key);
}

/** At most one byte more than a key may have. */
async function readBounded(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const bytes = new Uint8Array(MAX_KEY_BYTES + 1);
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
