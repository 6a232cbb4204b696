/**
 * One clock beat for everything that waits in a server: slow bodies, idle streams, idle sessions.
 * @module
 */

/** Calls its listeners about every `everyMs` milliseconds. */
export class Ticker implements Disposable {
  readonly #listeners = new Set<(nowMs: number) => void>();
  readonly #timer: ReturnType<typeof setInterval>;

  /** Starts; `everyMs` is how late anything may be told. */
  constructor(everyMs = 500) {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      for (const listener of this.#listeners) listener(nowMs);
    }, everyMs);
  }

  /** Adds a listener, told monotonic milliseconds; the function it gives takes it away. */
  add(listener: (nowMs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }
}
