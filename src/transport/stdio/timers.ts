/**
 * Waiting as a port, so that tests own it.
 * @module
 */

/** Runs something later. */
export interface Timers {
  /** Calls `run` once after `ms` milliseconds; the function it gives cancels that. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's timers. */
export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits for a promise, but no longer than `ms`. A rejection counts as its end. */
export async function atMost(
  promise: Promise<unknown>,
  { ms, timers }: { readonly ms: number; readonly timers: Timers },
): Promise<void> {
  let cancel = () => {};
  const timeUp = new Promise<void>((resolve) => cancel = timers.after(ms, resolve));
  await Promise.race([promise.then(() => {}, () => {}), timeUp]);
  cancel();
}
