/**
 * What all frames in hand may hold together.
 * @module
 */

/** Counts bytes that are held and refuses what would go over. Shared by all channels of a gateway. */
export class Budget {
  readonly max: number;
  #held = 0;

  /** @param max bytes, counted as what frames cost parsed. */
  constructor(max: number) {
    this.max = max;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  /** Takes bytes, or takes nothing and says no. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.max) return false;
    this.#held += bytes;
    return true;
  }

  /** Takes bytes that are there already, such as an answer: what comes after them has less room. */
  hold(bytes: number): void {
    this.#held += bytes;
  }

  /** Gives bytes back. */
  release(bytes: number): void {
    this.#held -= bytes;
  }
}
