/**
 * Waiting that is mostly called off: a bound on something that nearly always ends before it.
 *
 * By `AbortSignal.timeout`: the first `setTimeout` of a run loads Node's timers, which costs 8–12 ms
 * of the start (measured, Deno 2.9.6). One signal serves all that wait, for none can be called off.
 * @module
 */

interface Waiting {
  readonly dueMs: number;
  readonly run: () => void;
}

const waiting = new Set<Waiting>();
/** The next to go off; it keeps the process alive as long as it is listened to. */
let armed: { readonly signal: AbortSignal; readonly atMs: number } | undefined;
let listening = false;

/** Calls `run` once after `ms` milliseconds; it must not throw. The function it gives cancels that. */
export function startDeadline(ms: number, run: () => void): () => void {
  const entry = { dueMs: performance.now() + ms, run };
  waiting.add(entry);
  arm(entry.dueMs);
  return () => {
    if (waiting.delete(entry) && waiting.size === 0) rest();
  };
}

/** Sees to it that the signal goes off no later than at a moment. */
function arm(dueMs: number): void {
  if (armed === undefined || armed.signal.aborted || armed.atMs > dueMs) {
    rest();
    const ms = Math.max(0, Math.ceil(dueMs - performance.now()));
    armed = { signal: AbortSignal.timeout(ms), atMs: dueMs };
  }
  if (listening) return;
  listening = true;
  armed.signal.addEventListener("abort", goOff);
}

function rest(): void {
  if (listening) armed?.signal.removeEventListener("abort", goOff);
  listening = false;
}

function goOff(): void {
  rest();
  armed = undefined;
  const nowMs = performance.now();
  const due = [...waiting].filter(({ dueMs }) => dueMs <= nowMs);
  for (const entry of due.sort((a, b) => a.dueMs - b.dueMs)) {
    if (waiting.delete(entry)) entry.run(); // unless one before it called it off
  }
  let nextMs = Infinity;
  for (const { dueMs } of waiting) nextMs = Math.min(nextMs, dueMs);
  if (nextMs < Infinity) arm(nextMs);
}
