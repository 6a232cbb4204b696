import assert from "node:assert/strict";

const SMALL = 10_000; // UTF-16 units, about
const FACTOR = 8;
/** Linear time gives FACTOR, quadratic time its square; the rest is for a busy machine. */
const MOST = FACTOR * 4;
/** Below this a clock tells nothing. */
const QUICK_MS = 20;

/** Asserts that the time grows with the size of a text made of one part, and not with its square. */
export function assertLinear(run: (text: string) => unknown, part: string): void {
  if (leastMs(run, { text: repeated(part, SMALL * FACTOR), turns: 1 }) < QUICK_MS) return;
  const [small = 0, large = 0] = [SMALL, SMALL * FACTOR].map((size) =>
    leastMs(run, { text: repeated(part, size), turns: 3 })
  );
  assert.ok(
    large < QUICK_MS || large <= small * MOST,
    `${JSON.stringify(part)}: ${small} ms, then ${large} ms for ${FACTOR} times as much`,
  );
}

function repeated(part: string, size: number): string {
  return part.repeat(Math.ceil(size / part.length));
}

function leastMs(
  run: (text: string) => unknown,
  { text, turns }: { readonly text: string; readonly turns: number },
): number {
  let least = Infinity;
  for (let turn = 0; turn < turns; turn++) {
    const start = performance.now();
    run(text);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
