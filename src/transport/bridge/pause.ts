/**
 * A wait that can be cut short.
 * @module
 */

import type { Timers } from "../stdio/timers.ts";

/** Waits of one stream, one at a time. */
export class Pause {
  readonly #timers: Timers;
  #end = () => {};
  #isOver = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Waits `ms` milliseconds, or until {@linkcode Pause.over}. */
  wait(ms: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#timers.after(ms, resolve);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Ends the wait under way, and all later ones. */
  over(): void {
    this.#isOver = true;
    this.#end();
  }
}
