/**
 * A stream of events that is made of frames which came by another way.
 * @module
 */

import type { IncomingFrame } from "../../gateway/channel.ts";
import type { SseItem } from "./sse_item.ts";
import type { EventSource } from "./upstream_link.ts";

/** Bytes that may wait to be read before whoever puts them has to. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Frames for one reader, in order. */
export class RoutedStream implements EventSource {
  readonly #onCancel: () => void;
  #items: SseItem[] = [];
  #bytes = 0;
  #isOver = false;
  #arrived = Promise.withResolvers<void>();
  #drained: PromiseWithResolvers<void> | undefined;

  /** @param onCancel called when the reader wants no more. */
  constructor(onCancel: () => void) {
    this.#onCancel = onCancel;
  }

  /** Puts a frame in line; the promise is there while the reader has to catch up. */
  put(frame: IncomingFrame): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    const item = itemOf(frame);
    this.#items.push(item);
    this.#bytes += sizeOf(item);
    this.#arrived.resolve();
    if (this.#bytes <= HIGH_WATER_BYTES) return undefined;
    this.#drained ??= Promise.withResolvers<void>();
    return this.#drained.promise;
  }

  /** Nothing more will come. */
  finish(): void {
    this.#isOver = true;
    this.#arrived.resolve();
    this.#drain();
  }

  cancel(): Promise<void> {
    if (!this.#isOver) this.#onCancel();
    this.#items = [];
    this.finish();
    return Promise.resolve();
  }

  /** Settles when something is there to be read, or nothing will be. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  /** What there is when nothing more will come. */
  get whole(): readonly SseItem[] | undefined {
    return this.#isOver ? this.#items : undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly SseItem[]> {
    for (;;) {
      await this.#arrived.promise;
      const items = this.#items;
      this.#items = [];
      this.#bytes = 0;
      if (!this.#isOver) this.#arrived = Promise.withResolvers();
      this.#drain();
      if (items.length > 0) yield items;
      else if (this.#isOver) return;
    }
  }

  #drain(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }
}

/** A frame as an event; the frame itself may be written over after this. */
export function itemOf(frame: IncomingFrame): SseItem {
  if (!(frame instanceof Uint8Array)) {
    const { bytes, limit, max, id, hasMethod } = frame;
    return { kind: "oversize", bytes, limit, max, id, hasMethod };
  }
  const fields = { hasData: true, event: undefined, id: undefined, retry: undefined };
  return { kind: "event", data: frame.slice(), ...fields };
}

/** What an item holds, in bytes. */
function sizeOf(item: SseItem): number {
  return item.kind === "event" ? item.data.length : 0;
}
