/**
 * Where messages for a client go that has a stream: the two ways to write them.
 * @module
 */

import type { Cleared } from "../../gateway/clear.ts";
import type { ClientStream } from "./client_stream.ts";
import type { SseFields } from "./sse_item.ts";
import { encodeComment, encodeEvent } from "./sse_writer.ts";

/** Takes messages in order; a promise is there while the client has to catch up. */
export interface MessageSink {
  /** One message, with the fields of the event it came in. */
  message(cleared: Cleared, fields?: Partial<SseFields>): Promise<void> | undefined;
  /** An event without a message: it moves the client's place in the stream. */
  mark(fields: SseFields): Promise<void> | undefined;
  comment(text: string): Promise<void> | undefined;
}

/** Streams of Streamable HTTP: the upstream's event ids are the client's. */
export function streamableSink(stream: ClientStream): MessageSink {
  return {
    message: (cleared, fields = {}) =>
      stream.write(encodeEvent({ ...fields, hasData: true, data: cleared.bytes })),
    mark: (fields) => stream.write(encodeEvent(fields)),
    comment: (text) => stream.write(encodeComment(text)),
  };
}

/** The one stream of HTTP+SSE (MCP 2024-11-05), which cannot be resumed. */
export function sseSink(stream: ClientStream): MessageSink {
  return {
    message: (cleared) => stream.write(encodeEvent({ event: "message", data: cleared.bytes })),
    mark: () => undefined,
    comment: (text) => stream.write(encodeComment(text)),
  };
}
