/**
 * One stream of server-sent events towards a client.
 * @module
 */

import { encodeComment } from "./sse_writer.ts";
import type { Ticker } from "./ticker.ts";

/** Options of {@linkcode ClientStream}. */
export interface ClientStreamOptions {
  readonly ticker: Ticker;
  /** Silence after which a comment is sent, in milliseconds; 0 never sends one. */
  readonly keepAliveMs: number;
  /** How long a client may take no bytes while some wait for it, in milliseconds. */
  readonly stallMs: number;
  /** Called once when the client goes away or takes no bytes. */
  readonly onGone: () => void;
}

/** Bytes that may wait for the client before the writer has to. */
const HIGH_WATER_BYTES = 64 * 1024;
const KEEP_ALIVE = encodeComment("keep-alive");

/** A body that is written event by event, no faster than the client reads. */
export class ClientStream {
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: ClientStreamOptions;
  readonly #unwatch: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #drained: PromiseWithResolvers<void> | undefined;
  #lastMs = performance.now();

  constructor(options: ClientStreamOptions) {
    this.#options = options;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#drain(),
      cancel: () => this.#gone(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }));
    this.#unwatch = options.ticker.add((nowMs) => this.#tick(nowMs));
  }

  /** False once it was closed or the client is gone: what is written then is lost. */
  get isOpen(): boolean {
    return this.#controller !== undefined;
  }

  /** Writes whole events; the promise is there while the client has to catch up. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const controller = this.#controller;
    if (controller === undefined) return undefined;
    controller.enqueue(bytes);
    this.#lastMs = performance.now();
    if ((controller.desiredSize ?? 0) > 0) return undefined;
    this.#drained ??= Promise.withResolvers<void>();
    return this.#drained.promise;
  }

  /** Ends it after what was written. */
  close(): void {
    const controller = this.#controller;
    this.#end();
    controller?.close();
  }

  #tick(nowMs: number): void {
    const { keepAliveMs, stallMs } = this.#options;
    const silent = nowMs - this.#lastMs;
    if (this.#drained !== undefined) {
      if (silent <= stallMs) return;
      this.#controller?.error(new Error("the client takes no bytes"));
      this.#gone();
    } else if (keepAliveMs > 0 && silent >= keepAliveMs) this.write(KEEP_ALIVE);
  }

  #gone(): void {
    if (this.#controller === undefined) return;
    this.#end();
    this.#options.onGone();
  }

  #end(): void {
    this.#controller = undefined;
    this.#unwatch();
    this.#drain();
  }

  #drain(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }
}
