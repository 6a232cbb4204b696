/**
 * A response as the bytes of HTTP/1.1.
 * @module
 */

import type { Carrier } from "./carrier.ts";

type Sink = Pick<Carrier, "write">;

/** Options of {@linkcode writeResponse}. */
export interface WriteOptions {
  /** 0 for a client that knows no chunks. */
  readonly minor: 0 | 1;
  /** The answer to HEAD, which has no body. */
  readonly headOnly: boolean;
  /** Whether the connection ends with it. Asked last, when the head is written. */
  readonly isLast: () => boolean;
  /** Told whenever the client has taken bytes. */
  readonly onProgress: (bytes: number) => void;
  /** Told of a stream before its first event, with what ends it. */
  readonly onStream: (end: () => void) => void;
  /** Told when a stream has nothing that waits for the client. */
  readonly onQuiet: () => void;
}

const encoder = new TextEncoder();
const LAST_CHUNK = encoder.encode("0\r\n\r\n");
const LINE_END = encoder.encode("\r\n");
/** Below this one write costs less than two. */
const JOINED_BYTES = 64 * 1024;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  417: "Expectation Failed",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
};

/** Writes all of it; rejects when the connection breaks. */
export async function writeResponse(
  sink: Sink,
  response: Response,
  options: WriteOptions,
): Promise<void> {
  if (response.headers.get("content-type") === "text/event-stream") {
    return await writeStream(sink, response, options);
  }
  // to look at "body" would make a stream of what is bytes
  const body = await response.bytes();
  const head = headBytes(response, {
    last: options.isLast(),
    framing: response.status === 204 ? undefined : `content-length: ${body.length}`,
  });
  if (body.length === 0 || options.headOnly) {
    return await writeAll(sink, head, options);
  }
  if (head.length + body.length <= JOINED_BYTES) {
    return await writeAll(sink, joined(head, body), options);
  }
  await writeAll(sink, head, options);
  await writeAll(sink, body, options);
}

async function writeStream(sink: Sink, response: Response, options: WriteOptions): Promise<void> {
  const isChunked = options.minor === 1;
  const reader = (response.body ?? new Blob([]).stream()).getReader();
  options.onStream(() => void reader.cancel().catch(() => {}));
  try {
    await writeAll(
      sink,
      headBytes(response, {
        last: options.isLast(),
        framing: isChunked ? "transfer-encoding: chunked" : undefined,
      }),
      options,
    );
    for (;;) {
      options.onQuiet();
      const { done, value } = await reader.read();
      if (done) break;
      if (value.length === 0) continue;
      if (!isChunked) await writeAll(sink, value, options);
      else await writeChunk(sink, value, options);
    }
    if (isChunked) await writeAll(sink, LAST_CHUNK, options);
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
}

async function writeChunk(sink: Sink, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  const size = encoder.encode(`${bytes.length.toString(16)}\r\n`);
  if (bytes.length <= JOINED_BYTES) {
    return await writeAll(sink, joined(size, bytes, LINE_END), options);
  }
  await writeAll(sink, size, options);
  await writeAll(sink, bytes, options);
  await writeAll(sink, LINE_END, options);
}

async function writeAll(
  sink: Sink,
  bytes: Uint8Array,
  { onProgress }: Pick<WriteOptions, "onProgress">,
): Promise<void> {
  onProgress(0);
  for (let at = 0; at < bytes.length;) {
    // parts, so that a slow client is seen to take bytes at all
    const written = await sink.write(
      at === 0 && bytes.length <= JOINED_BYTES ? bytes : bytes.subarray(at, at + JOINED_BYTES),
    );
    at += written;
    onProgress(written);
  }
}

function headBytes(
  { status, headers }: Response,
  { last, framing }: { readonly last: boolean; readonly framing: string | undefined },
): Uint8Array {
  let text = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  text += `date: ${dateText()}\r\n`;
  if (framing !== undefined) text += `${framing}\r\n`;
  if (last) text += "connection: close\r\n";
  return encoder.encode(`${text}\r\n`);
}

let date = { second: 0, text: "" };

/** RFC 9110 §6.6.1; made once a second. */
function dateText(): string {
  const nowMs = Date.now();
  const second = Math.floor(nowMs / 1000);
  if (date.second !== second) date = { second, text: new Date(nowMs).toUTCString() };
  return date.text;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, { length }) => bytes + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
