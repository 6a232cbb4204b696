/**
 * Waiting as a port, so that tests own it.
 * @module
 */

/** Runs something later. */
export interface Timers {
  /** Calls `run` once after `ms` milliseconds; the function it gives cancels that. */
  after(ms: number, run: () => void): () => void;
}

/**
 * The machine's timers.
 *
 * By `AbortSignal.timeout`: the first `setTimeout` of a run loads Node's timers, which costs 5–9 ms
 * of the start (measured, Deno 2.9.6). A signal keeps the process alive as long as it is listened to.
 */
export const systemTimers: Timers = {
  after(ms, run) {
    const signal = AbortSignal.timeout(Math.max(0, Math.ceil(ms)));
    const fire = () => run();
    signal.addEventListener("abort", fire, { once: true });
    return () => signal.removeEventListener("abort", fire);
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
