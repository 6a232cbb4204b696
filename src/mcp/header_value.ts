/**
 * How a value of a body stands in a header.
 *
 * MCP 2026-07-28, Streamable HTTP, "Value Encoding" and "Server Validation"; RFC 9110 §5.5.
 * @module
 */

import { isRawNumber, type JsonValue, type RawNumber } from "../base/json.ts";

/** What a header can say at all. */
export type HeaderScalar = string | number | boolean | RawNumber;

const PREFIX = "=?base64?";
const SUFFIX = "?=";
const ASCII = /^[\t -~]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** What stands in a header is a decimal; an exponent only where JavaScript prints one. */
const DECIMAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** Tells whether a text can stand in a header as it is: visible ASCII, with spaces and tabs inside. */
export function isPlain(text: string): boolean {
  return ASCII.test(text) && withoutOuterSpace(text) === text;
}

/** Tells whether a value of a body can be said in a header: it is no object, array or `null`. */
export function isHeaderScalar(value: JsonValue | undefined): value is HeaderScalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ||
    isRawNumber(value);
}

/** Removes the white space around a field value, which is no part of it (RFC 9110 §5.5). */
export function withoutOuterSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value.charCodeAt(start))) start++;
  while (end > start && isSpace(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

/**
 * Writes a text as `Mcp-Name` or `Mcp-Param-*` carry it: as it is, or as Base64 when it is not plain
 * ASCII, is empty, has white space around it, or looks like Base64 of that kind itself.
 */
export function encodeHeaderText(text: string): string {
  const marked = text.startsWith(PREFIX) && text.endsWith(SUFFIX);
  if (text !== "" && isPlain(text) && !marked) return text;
  return `${PREFIX}${new TextEncoder().encode(text).toBase64()}${SUFFIX}`;
}

/**
 * Reads what {@linkcode encodeHeaderText} wrote, once: what comes out is never decoded again.
 * `undefined` when it holds characters that no header may, or is marked as Base64 and is not
 * canonical Base64 of UTF-8.
 */
export function decodeHeaderText(value: string): string | undefined {
  if (!isPlain(value)) return undefined;
  if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX)) return value;
  if (value.length < PREFIX.length + SUFFIX.length) return undefined; // they share the "?"
  const base64 = value.slice(PREFIX.length, -SUFFIX.length);
  if (!BASE64.test(base64)) return undefined; // fromBase64 would skip white space
  try {
    const bytes = Uint8Array.fromBase64(base64, { lastChunkHandling: "strict" });
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // a SyntaxError of the first or a TypeError of the second: it is malformed
  }
}

/**
 * The text of a value in a header, before encoding. `undefined` for an integer beyond ±(2^53 − 1),
 * which must not stand there.
 */
export function headerText(value: HeaderScalar): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  const number = Number(numberText(value));
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? undefined : String(number);
}

/**
 * Tells whether a decoded header says the value: numbers are compared by their value (`42.0` is 42),
 * all else by each character. An integer beyond ±(2^53 − 1) has to have the same digits.
 */
export function saysValue(text: string, value: HeaderScalar): boolean {
  if (typeof value === "string" || typeof value === "boolean") return text === String(value);
  const digits = numberText(value);
  const printed = headerText(value);
  if (printed === undefined) return text === digits;
  return text === printed || (DECIMAL.test(text) && Number(text) === Number(digits));
}

function numberText(value: number | RawNumber): string {
  return typeof value === "number" ? String(value) : value.rawJSON;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
