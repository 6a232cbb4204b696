/**
 * Reads an operator's file, never more of it than its limit.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { err, ok, type Result } from "../base/result.ts";
import { tooLarge } from "./text.ts";

/** Options of {@linkcode readBounded}. */
export interface ReadBoundedOptions {
  /** What the file is, for messages: `policy`. */
  readonly what: string;
  readonly maxBytes: number;
}

const CHUNK_BYTES = 64 * 1024;

/** The file's bytes, or why they cannot be had. A pipe is read to its end; size claims are not believed. */
export async function readBounded(
  path: string,
  { what, maxBytes }: ReadBoundedOptions,
): Promise<Result<Uint8Array, Diagnostic>> {
  try {
    using file = await Deno.open(path);
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (true) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const read = await file.read(chunk);
      if (read === null) break;
      size += read;
      if (size > maxBytes) return err(tooLarge({ file: path, what, maxBytes }));
      chunks.push(chunk.subarray(0, read));
    }
    return ok(joined(chunks, size));
  } catch (error) {
    return err(unreadable(path, { what, error }));
  }
}

/** A path that stands in a file, seen from where we are. */
export function besides(file: string, path: string): string {
  const isAbsolute = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
  const folder = /^.*[\\/]/.exec(file)?.[0] ?? "";
  return isAbsolute ? path : folder + path;
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function unreadable(
  path: string,
  { what, error }: { readonly what: string; readonly error: unknown },
): Diagnostic {
  const [code, reason, hint] = reasonOf(error);
  return {
    code,
    severity: "error",
    message: `Cannot read the ${what}: ${reason}`,
    file: path,
    line: 1,
    column: 1,
    path: "",
    hint,
  };
}

function reasonOf(error: unknown): readonly [code: string, reason: string, hint: string] {
  if (error instanceof Deno.errors.NotFound) {
    return [
      "not-found",
      "there is no such file",
      "Check the path; it is taken from the directory you start in",
    ];
  }
  if (error instanceof Deno.errors.IsADirectory || isDirectoryError(error)) {
    return ["is-directory", "it is a directory", "Name the file in it"];
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return [
      "not-readable",
      "it may not be read",
      "Make it readable for the user this program runs as",
    ];
  }
  const reason = error instanceof Error ? error.message : String(error);
  return ["not-readable", reason, "Check the path and the disk"];
}

/** Reading an opened directory fails with this (POSIX EISDIR). */
function isDirectoryError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EISDIR";
}
