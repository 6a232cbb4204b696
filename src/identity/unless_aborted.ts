/**
 * Waiting for work that others may be waiting for, too.
 * @module
 */

/** Options of {@linkcode unlessAborted}. */
export interface Patience<Value> {
  /** Ends the waiting, not the work. */
  readonly signal: AbortSignal | undefined;
  /** What it comes to then. */
  readonly otherwise: Value;
}

/** Waits for work until a caller wants it no longer. */
export function unlessAborted<Value>(
  work: Promise<Value>,
  { signal, otherwise }: Patience<Value>,
): Promise<Value> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const gone = () => resolve(otherwise);
    if (signal.aborted) gone();
    signal.addEventListener("abort", gone, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", gone));
  });
}
