/**
 * One stream of the upstream, read to its end: its messages judged, its place kept.
 * @module
 */

import type { SseItem } from "../http/sse_item.ts";
import type { EventSource } from "../http/upstream_link.ts";
import type { Backoff } from "./backoff.ts";
import type { Answered, Came, Inbox } from "./inbox.ts";

/** How far a stream was read. */
export interface StreamPlace {
  /** The id of the last event that had one; undefined when the stream cannot be resumed. */
  lastId: string | undefined;
}

/** What is needed to read a stream. */
export interface StreamReading {
  readonly inbox: Inbox;
  readonly came: Came;
  readonly place: StreamPlace;
  readonly backoff: Backoff;
  /** Called with the answer to the request that the stream belongs to. */
  readonly onAnswer: (answered: "result" | "error") => void;
}

/** Reads events until the stream ends or breaks off, which tells nothing by itself. */
export async function readStream(events: EventSource, reading: StreamReading): Promise<void> {
  const { inbox, came, onAnswer } = reading;
  for await (const item of itemsOf(events)) {
    notePlace(item, reading);
    const frame = frameOf(item);
    if (frame === undefined) continue;
    const answered: Answered = await inbox.take(frame, came);
    if (answered !== undefined) onAnswer(answered);
  }
}

/** The items of a stream; a connection that breaks ends it. */
async function* itemsOf(events: EventSource): AsyncGenerator<SseItem> {
  const each = events[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<readonly SseItem[]>;
    try {
      next = await each.next();
    } catch {
      return; // broken off: whether that matters depends on what had come
    }
    if (next.done === true) return;
    yield* next.value;
  }
}

function notePlace(item: SseItem, { place, backoff }: StreamReading): void {
  if (item.kind !== "event") return;
  if (item.retry !== undefined) backoff.want(item.retry);
  if (item.id !== undefined) {
    place.lastId = item.id === "" || !isHeaderText(item.id) ? undefined : item.id;
  }
  if (item.data.length > 0) backoff.reset();
}

function frameOf(item: SseItem) {
  switch (item.kind) {
    case "comment":
    case "truncated":
      return undefined;
    case "oversize":
      return { ...item, oversize: true as const, limit: "maxSseBufferBytes" };
    case "event":
    case "unreadable":
      return item.data.length === 0 ? undefined : item.data;
  }
}

/** An id that no header can carry is none that could be asked for. */
function isHeaderText(id: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(id);
}
