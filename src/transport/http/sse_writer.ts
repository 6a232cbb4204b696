/**
 * Writes server-sent events (WHATWG HTML §9.2.5).
 * @module
 */

import type { SseFields } from "./sse_item.ts";
import { CR, LF } from "./line_ends.ts";

/** What {@linkcode encodeEvent} writes; only `data` has to be there. */
export type SseEventInit = Pick<SseFields, "data"> & Partial<SseFields>;

const ENCODER = new TextEncoder();

/**
 * The bytes of one event with the empty line that ends it.
 *
 * `data` is one line: JSON as it is serialised. A data line is written for empty data too, unless
 * `hasData` is false.
 *
 * @throws {RangeError} when a line end is in `data`, when `event` or `id` has one, a NUL or a lone
 * surrogate, or when `retry` is no whole number of milliseconds.
 */
export function encodeEvent(
  { data, hasData = true, event, id, retry }: SseEventInit,
): Uint8Array<ArrayBuffer> {
  if (data.includes(LF) || data.includes(CR)) {
    throw new RangeError("Cannot write the event: its data has a line end");
  }
  if (!hasData && data.length > 0) {
    throw new RangeError("Cannot write the event: it has data, and hasData says it has none");
  }
  const head = ENCODER.encode(
    line("id", id) + line("event", event) + retryLine(retry) + (hasData ? "data: " : ""),
  );
  const bytes = new Uint8Array(head.length + data.length + (hasData ? 2 : 1));
  bytes.set(head);
  bytes.set(data, head.length);
  bytes.fill(LF, head.length + data.length);
  return bytes;
}

/**
 * The bytes of one comment, such as a sign of life, and of the empty line after it.
 *
 * @throws {RangeError} when the text has a line end or a lone surrogate.
 */
export function encodeComment(text: string): Uint8Array<ArrayBuffer> {
  if (/[\r\n]/.test(text) || !text.isWellFormed()) {
    throw new RangeError("Cannot write the comment: it has a line end or a lone surrogate");
  }
  return ENCODER.encode(text === "" ? ":\n\n" : `: ${text}\n\n`);
}

/** A NUL makes readers ignore the id (§9.2.6). */
function line(name: "id" | "event", value: string | undefined): string {
  if (value === undefined) return "";
  if (/[\0\r\n]/.test(value) || !value.isWellFormed()) {
    throw new RangeError(
      `Cannot write the event: its ${name} has a line end, a NUL or a lone surrogate`,
    );
  }
  return `${name}: ${value}\n`;
}

function retryLine(retry: number | undefined): string {
  if (retry === undefined) return "";
  if (!Number.isSafeInteger(retry) || retry < 0) {
    throw new RangeError(
      `Cannot write the event: retry must be a whole number >= 0 (ms): current value is ${retry}`,
    );
  }
  return `retry: ${retry}\n`;
}
