/**
 * Gives each frame of an upstream with one stream to the one stream of a client that it belongs to.
 *
 * An answer goes to whoever asked, progress and what belongs to a subscription likewise. The rest
 * goes to the stream for it (the GET of Streamable HTTP), else to the newest request under way, else
 * it waits.
 * @module
 */

import type { IncomingFrame } from "../../gateway/channel.ts";
import type { WireNames } from "../../gateway/wire_ids.ts";
import { lookAt, type Looked } from "./look.ts";
import { RoutedStream } from "./routed_stream.ts";

type RequestId = string | number;

/** Options of {@linkcode MessageRouter}. */
export interface RouterOptions {
  /** What may wait for a stream for it, in frames and in bytes. */
  readonly kept: { readonly frames: number; readonly bytes: number };
  /** Called for each frame that is forgotten: it waited too long, or nobody may wait for it. */
  readonly onForgotten: () => void;
}

/** The streams of one upstream with one stream. */
export class MessageRouter {
  readonly #options: RouterOptions;
  readonly #asked = new Map<RequestId, RoutedStream>();
  readonly #tokens = new Map<RequestId, RoutedStream>();
  #rest: RoutedStream | undefined;
  #waiting: IncomingFrame[] = [];
  #waitingBytes = 0;
  #isOver = false;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** Whether no stream is open. */
  get isIdle(): boolean {
    return this.#asked.size === 0 && this.#rest === undefined;
  }

  /** Opens the stream of a request. */
  ask({ id, progressToken }: WireNames): RoutedStream {
    const stream = new RoutedStream(() => this.#close(id));
    this.#asked.set(id, stream);
    if (progressToken !== undefined) this.#tokens.set(progressToken, stream);
    if (this.#isOver) stream.finish();
    return stream;
  }

  /** Ends the stream of a request that was given up. */
  giveUp(id: RequestId): void {
    const stream = this.#asked.get(id);
    this.#close(id);
    stream?.finish();
  }

  /** Opens the stream for the rest, and ends the one before it: a client that comes back is to be heard. */
  listen(): RoutedStream {
    this.#rest?.finish();
    const stream = new RoutedStream(() => {
      if (this.#rest === stream) this.#rest = undefined;
    });
    this.#rest = stream;
    for (const frame of this.#waiting) void stream.put(frame);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#isOver) stream.finish();
    return stream;
  }

  /** Gives a frame to its stream; the promise is there while its reader has to catch up. */
  route(frame: IncomingFrame): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    const looked = lookAt(frame);
    const stream = this.#streamOf(looked) ?? this.#rest ?? this.#newest();
    if (stream === undefined) return this.#wait(frame);
    const put = stream.put(frame);
    if (looked.kind === "answer" && this.#asked.get(looked.id) === stream) this.giveUp(looked.id);
    return put;
  }

  /** Nothing more will come: every stream ends. */
  end(): void {
    this.#isOver = true;
    for (const stream of this.#asked.values()) stream.finish();
    this.#rest?.finish();
    this.#asked.clear();
    this.#tokens.clear();
    this.#rest = undefined;
    this.#waiting = [];
  }

  #streamOf(looked: Looked): RoutedStream | undefined {
    switch (looked.kind) {
      case "answer":
      case "request":
        return this.#asked.get(looked.id);
      case "progress":
        return this.#tokens.get(looked.token);
      case "nameless":
        // with one request under way it can be meant for that one alone
        return this.#asked.size === 1 ? this.#newest() : undefined;
      case "other":
        return undefined;
    }
  }

  #newest(): RoutedStream | undefined {
    return [...this.#asked.values()].at(-1);
  }

  #close(id: RequestId): void {
    const stream = this.#asked.get(id);
    this.#asked.delete(id);
    for (const [token, each] of this.#tokens) if (each === stream) this.#tokens.delete(token);
  }

  /** Keeps a frame until somebody listens, forgetting the oldest when there are too many. */
  #wait(frame: IncomingFrame): undefined {
    const { kept, onForgotten } = this.#options;
    this.#waiting.push(frame instanceof Uint8Array ? frame.slice() : frame);
    this.#waitingBytes += sizeOf(frame);
    while (this.#waiting.length > kept.frames || this.#waitingBytes > kept.bytes) {
      this.#waitingBytes -= sizeOf(this.#waiting.shift());
      onForgotten();
    }
    return undefined;
  }
}

function sizeOf(frame: IncomingFrame | undefined): number {
  return frame instanceof Uint8Array ? frame.length : 0;
}
