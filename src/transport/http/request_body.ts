/**
 * The body of one request as a stream, in either framing of HTTP/1.1 (RFC 9112 §6 and §7.1).
 * @module
 */

import type { Intake } from "./intake.ts";

/** A body on its way. */
export interface RequestBody {
  /** null when there is none; bytes when all of it is here. */
  readonly content: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null;
  /** Whether it was read to its end, so that another request may follow. */
  readonly isRead: () => boolean;
}

/** Options of {@linkcode bodyOf}. */
export interface RequestBodyOptions {
  readonly length: number | "chunked";
  /** Called before the first read, when the client waits for that. */
  readonly onFirstRead: (() => Promise<void>) | undefined;
  /** Called when all was read. */
  readonly onRead: () => void;
}

/** Hex digits of the longest chunk: 4 GiB. */
const MAX_SIZE_LINE = 8;
const SIZE = /^[0-9a-fA-F]{1,8}$/;
const CHUNK_BYTES = 64 * 1024;

/** The body of the request whose head was taken last. */
export function bodyOf(
  intake: Intake,
  { length, onFirstRead, onRead }: RequestBodyOptions,
): RequestBody {
  if (length === 0) return { content: null, isRead: () => true };
  const whole = length === "chunked" ? undefined : intake.whole(length);
  if (whole !== undefined) return { content: whole, isRead: () => true };
  const parts = length === "chunked" ? chunksOf(intake) : bytesOf(intake, length);
  let isRead = false;
  let isFirst = true;
  const content = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (isFirst) await onFirstRead?.();
      isFirst = false;
      const { done, value } = await parts.next();
      if (!done) return controller.enqueue(value);
      isRead = true;
      controller.close();
      onRead();
    },
  }, { highWaterMark: 0 });
  return { content, isRead: () => isRead };
}

async function* bytesOf(intake: Intake, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let left = length; left > 0;) {
    const part = await intake.some(Math.min(left, CHUNK_BYTES));
    if (part === undefined) throw new Error("the connection ended within the body");
    left -= part.length;
    yield part;
  }
}

/** Extensions and trailers mean nothing to MCP; those who read them differently are kept apart. */
async function* chunksOf(intake: Intake): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (;;) {
    const several = wholeChunks(intake);
    if (several.length > 0) yield several;
    const size = await lineOf(intake);
    if (!SIZE.test(size)) throw new Error("a chunk has no plain size");
    const length = Number.parseInt(size, 16);
    if (length > 0) yield* bytesOf(intake, length);
    if (await lineOf(intake) !== "") {
      throw new Error(length === 0 ? "there are trailers" : "a chunk is longer than its size");
    }
    if (length === 0) return;
  }
}

/**
 * What is in the chunks that are here whole, up to the first one that is not, is the last or is faulty.
 *
 * Of a body of many small chunks each would cost a turn, and room of its own.
 */
function wholeChunks(intake: Intake): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(intake.waiting);
  let bytes = 0;
  intake.takeSome((here) => {
    let taken = 0;
    for (;;) {
      const digits = hexDigits(here, taken);
      const size = digits.value;
      const from = digits.end + 2;
      const to = from + size;
      if (size === 0 || to + 2 > here.length) return taken;
      if (!isLineEnd(here, digits.end) || !isLineEnd(here, to)) return taken;
      for (let at = from; at < to; at++) content[bytes++] = here[at] ?? 0;
      taken = to + 2;
    }
  });
  return content.subarray(0, bytes);
}

/** The number that begins there; 0 when there is none, or one of too many digits. */
function hexDigits(
  bytes: Uint8Array,
  from: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = from; at <= from + MAX_SIZE_LINE; at++) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit < 0) return { value, end: at };
    value = value * 16 + digit;
  }
  return { value: 0, end: from };
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20; // a to f in either case
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

function isLineEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x0d && bytes[at + 1] === 0x0a;
}

async function lineOf(intake: Intake): Promise<string> {
  const line = await intake.before("line", MAX_SIZE_LINE);
  if (line === undefined) throw new Error("the connection ended within the body");
  return line === "long" ? "long" : String.fromCharCode(...line);
}
