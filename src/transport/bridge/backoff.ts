/**
 * How long to wait before a stream is asked for again, and how often at most.
 * @module
 */

/** The first wait when the server named none; a server that closes a stream wants a pause. */
const FIRST_MS = 1_000;
const FACTOR = 2;
const LONGEST_MS = 30_000;
/** A server may ask for longer, but not for ever. */
const LONGEST_WANTED_MS = 600_000;
/** In a row, without anything that came of them: four minutes with the waits above. */
const MAX_TRIES = 10;

/** Waits between tries to resume one stream. */
export class Backoff {
  #wantedMs: number | undefined;
  #tries = 0;

  /** Takes the `retry` of an event (WHATWG HTML §9.2.6), in milliseconds. */
  want(ms: number): void {
    this.#wantedMs = Math.min(ms, LONGEST_WANTED_MS);
  }

  /** Something came: the tries count from the start. */
  reset(): void {
    this.#tries = 0;
  }

  /** Milliseconds before the next try; never less than the server wants, undefined when it was tried enough. */
  next(): number | undefined {
    if (this.#tries >= MAX_TRIES) return undefined;
    const own = Math.min(FIRST_MS * FACTOR ** this.#tries, LONGEST_MS);
    const isFirst = this.#tries === 0;
    this.#tries++;
    if (this.#wantedMs === undefined) return own;
    return isFirst ? this.#wantedMs : Math.max(own, this.#wantedMs);
  }
}
