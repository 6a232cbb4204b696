/**
 * Bytes of an operator's file into text: bounded, UTF-8 and nothing else.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { err, ok, type Result } from "../base/result.ts";
import { Problems } from "./problems.ts";

/** Options of {@linkcode decode}. */
export interface DecodeOptions {
  readonly file: string;
  /** What the file is, for messages: `policy`. */
  readonly what: string;
  readonly maxBytes: number;
}

/** Decodes a file's bytes, without its byte order mark. */
export function decode(
  source: string | Uint8Array,
  { file, what, maxBytes }: DecodeOptions,
): Result<string, Diagnostic> {
  const size = typeof source === "string" ? utf8Length(source) : source.length;
  if (size > maxBytes) return err(tooLarge({ file, what, maxBytes }));
  if (typeof source === "string") return ok(source.startsWith("\ufeff") ? source.slice(1) : source);
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(source));
  } catch {
    // The only thing it throws for is bytes that are no UTF-8.
    return err(notUtf8(source, { file, what }));
  }
}

/** A file over its limit. */
export function tooLarge({ file, what, maxBytes }: DecodeOptions): Diagnostic {
  return {
    code: "too-large",
    severity: "error",
    message: `The ${what} is larger than ${maxBytes} bytes`,
    file,
    line: 1,
    column: 1,
    path: "",
    hint: "Split it, or raise AEGIS_MAX_POLICY_FILE_BYTES",
  };
}

function notUtf8(
  bytes: Uint8Array,
  { file, what }: { readonly file: string; readonly what: string },
): Diagnostic {
  const text = new TextDecoder().decode(bytes);
  const position = new Problems(file, text).position(firstReplaced(text, bytes));
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) ||
    (bytes[0] === 0xfe && bytes[1] === 0xff);
  return {
    code: "not-utf8",
    severity: "error",
    message: `The ${what} is not UTF-8${isWide ? ": it starts like UTF-16" : ""}`,
    file,
    ...position,
    path: "",
    hint: "Save it as UTF-8",
  };
}

/** The first U+FFFD that stands for bytes which were no UTF-8, and not for itself. */
function firstReplaced(text: string, bytes: Uint8Array): number {
  let byte = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let at = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (
      point === 0xfffd &&
      !(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)
    ) {
      return at;
    }
    byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    at += character.length;
  }
  return at;
}

function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) i++, length += 4;
    else length += 3;
  }
  return length;
}
