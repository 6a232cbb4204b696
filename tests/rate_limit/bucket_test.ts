import assert from "node:assert/strict";
import fc from "fast-check";
import type { BucketRate } from "../../src/access/decision.ts";
import {
  type BucketState,
  fullAtMs,
  rateOf,
  requireRate,
  take,
} from "../../src/rate_limit/bucket.ts";

const RATE: BucketRate = { capacity: 3, perMs: 1000 };

/** Draws one after another; gives whether each was granted, or how long to wait. */
function play(rate: BucketRate, draws: readonly (readonly [number, number])[]): unknown[] {
  let state: BucketState | undefined;
  return draws.map(([nowMs, cost]) => {
    const taken = take(state, { rate, cost, nowMs });
    if (!taken.ok) return taken.error.retryAfterMs;
    state = taken.value;
    return "ok";
  });
}

Deno.test("take() grants the burst, then as fast as tokens come back", () => {
  assert.deepEqual(
    play(RATE, [[0, 1], [0, 1], [0, 1], [0, 1], [333, 1], [334, 1], [334, 1], [667, 1], [668, 1]]),
    ["ok", "ok", "ok", 334, 1, "ok", 333, "ok", 332],
  );
});

Deno.test("take() is all or nothing", () => {
  assert.deepEqual(play(RATE, [[0, 2], [0, 2], [0, 1], [0, 1]]), ["ok", 334, "ok", 334]);
});

Deno.test("take() never lets more than the burst gather", () => {
  assert.deepEqual(play(RATE, [[0, 3], [1e12, 3], [1e12, 1]]), ["ok", "ok", 334]);
});

Deno.test("take() of nothing draws nothing and asks for one token", () => {
  assert.deepEqual(
    play(RATE, [[0, 0], [0, 0], [0, 0], [0, 0], [0, 3], [0, 0], [334, 0], [334, 1], [334, 0]]),
    ["ok", "ok", "ok", "ok", "ok", 334, "ok", "ok", 333],
  );
});

Deno.test("take() of more than a bucket holds never succeeds", () => {
  assert.deepEqual(play(RATE, [[0, 4], [1e9, Number.MAX_SAFE_INTEGER]]), [Infinity, Infinity]);
});

Deno.test("take() counts a clock that goes back as one that stands still", () => {
  assert.deepEqual(
    play(RATE, [[5000, 3], [0, 1], [0, 0], [5000, 1], [5334, 1], [10, 1], [5334, 1], [5667, 1]]),
    ["ok", 5334, 5334, 334, "ok", 5657, 333, "ok"],
  );
});

Deno.test("take() gains nothing from a clock that swings", () => {
  const swings = Array.from({ length: 200 }, (_, at) => [at % 2 === 0 ? 1000 : 0, 1] as const);
  const granted = play(RATE, swings).filter((answer) => answer === "ok");
  assert.equal(granted.length, 3);
});

Deno.test("take() gives a full bucket nothing for the rest of its millisecond", () => {
  const rate = { capacity: 1000, perMs: 1 };
  assert.deepEqual(
    play(rate, [[0.9, 1000], [1, 1000], [2, 1000], [7.9, 1000], [8, 1], [8.9, 1], [9, 1000]]),
    ["ok", 1, "ok", "ok", 1, 1, "ok"],
  );
});

Deno.test("take() does not overflow at the largest rate and the longest time", () => {
  const rate = { capacity: 94_906_265, perMs: 94_906_265 };
  requireRate(rate);
  assert.deepEqual(
    play(rate, [[0, rate.capacity], [Number.MAX_SAFE_INTEGER, rate.capacity], [1, 1]]),
    ["ok", "ok", Number.MAX_SAFE_INTEGER],
  );
});

for (
  const rate of [
    { capacity: 0, perMs: 1000 },
    { capacity: -1, perMs: 1000 },
    { capacity: 1.5, perMs: 1000 },
    { capacity: 1, perMs: 0 },
    { capacity: 1, perMs: 0.1 },
    { capacity: NaN, perMs: 1000 },
    { capacity: Infinity, perMs: 1000 },
    { capacity: 1, perMs: Infinity },
    { capacity: 2 ** 40, perMs: 2 ** 40 },
  ]
) {
  Deno.test(`take() throws for the rate ${rate.capacity} per ${rate.perMs} ms`, () => {
    assert.throws(() => take(undefined, { rate, cost: 1, nowMs: 0 }), RangeError);
    assert.throws(() => requireRate(rate), RangeError);
  });
}

for (const cost of [-1, 0.5, NaN, Infinity]) {
  Deno.test(`take() throws for the cost ${cost}`, () => {
    assert.throws(() => take(undefined, { rate: RATE, cost, nowMs: 0 }), RangeError);
  });
}

for (const nowMs of [NaN, Infinity, -Infinity, 2 ** 60]) {
  Deno.test(`take() throws for the time ${nowMs}`, () => {
    assert.throws(() => take(undefined, { rate: RATE, cost: 1, nowMs }), RangeError);
  });
}

Deno.test("take() keeps whole tokens when the rate has changed, at most a full bucket", () => {
  const before = take(undefined, { rate: { capacity: 10, perMs: 1000 }, cost: 5, nowMs: 0 });
  assert.ok(before.ok);
  const wide = take(before.value, { rate: { capacity: 100, perMs: 1e6 }, cost: 6, nowMs: 0 });
  assert.ok(!wide.ok);
  assert.equal(wide.error.retryAfterMs, 1e4);
  const narrow = take(before.value, { rate: { capacity: 2, perMs: 1000 }, cost: 2, nowMs: 0 });
  assert.ok(narrow.ok);
  assert.equal(narrow.value.credit, 0);
});

Deno.test("fullAtMs() is the first millisecond of a full bucket", () => {
  const drawn = take(undefined, { rate: RATE, cost: 2, nowMs: 100 });
  assert.ok(drawn.ok);
  assert.equal(fullAtMs(drawn.value), 767);
  assert.ok(take(drawn.value, { rate: RATE, cost: 3, nowMs: 767 }).ok);
  assert.ok(!take(drawn.value, { rate: RATE, cost: 3, nowMs: 766 }).ok);
});

Deno.test("rateOf() rounds the time to fill up", () => {
  assert.deepEqual(rateOf({ capacity: 60, refillPerSecond: 1 }), { capacity: 60, perMs: 60_000 });
  for (let capacity = 1; capacity < 1000; capacity++) {
    const minute = rateOf({ capacity, refillPerSecond: capacity / 60 });
    assert.deepEqual(minute, { capacity, perMs: 60_000 });
  }
  assert.deepEqual(rateOf({ capacity: 60, refillPerSecond: 7 }), { capacity: 60, perMs: 8572 });
  assert.throws(() => rateOf({ capacity: 60, refillPerSecond: 0 }), RangeError);
  assert.throws(() => rateOf({ capacity: 60, refillPerSecond: -1 }), RangeError);
  assert.throws(() => rateOf({ capacity: 0.5, refillPerSecond: 1 }), RangeError);
});

const rates = fc.record({
  capacity: fc.integer({ min: 1, max: 1000 }),
  perMs: fc.integer({ min: 1, max: 100_000 }),
});
/** Steps of the clock, some of them back, and costs. In 1/1024 ms, so that their sums are exact. */
const steps = fc.array(
  fc.tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 3 * 1024 }).map((step) => step / 1024),
      fc.integer({ min: 0, max: 50_000 * 1024 }).map((step) => step / 1024),
      fc.integer({ min: -20_000, max: 0 }),
    ),
    fc.integer({ min: 0, max: 40 }),
  ),
  { minLength: 1, maxLength: 60 },
);

Deno.test("take() never grants more than capacity + elapsed * rate in any window", () => {
  fc.assert(
    fc.property(rates, steps, (rate, moves) => {
      let state: BucketState | undefined;
      let nowMs = 1e6;
      let latestMs = -Infinity;
      const granted: { atMs: number; cost: number }[] = [];
      for (const [step, cost] of moves) {
        nowMs += step;
        const taken = take(state, { rate, cost, nowMs });
        // a refused draw leaves no state, so the bucket has not seen its time
        if (!taken.ok) continue;
        state = taken.value;
        latestMs = Math.max(latestMs, nowMs);
        assert.ok(state.credit >= 0 && state.credit <= rate.capacity * rate.perMs);
        assert.ok(Number.isSafeInteger(state.credit) && Number.isSafeInteger(state.atMs));
        granted.push({ atMs: latestMs, cost });
      }
      for (const [from, first] of granted.entries()) {
        let sum = 0;
        for (const { atMs, cost } of granted.slice(from)) {
          sum += cost;
          const most = rate.capacity + (atMs - first.atMs) * rate.capacity / rate.perMs;
          assert.ok(sum <= most + 1e-6, `${sum} of at most ${most}`);
        }
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("take() says when to come back: then it succeeds, a millisecond earlier it does not", () => {
  fc.assert(
    fc.property(rates, steps, (rate, moves) => {
      let state: BucketState | undefined;
      let nowMs = 1e6;
      for (const [step, cost] of moves) {
        nowMs += step;
        const taken = take(state, { rate, cost, nowMs });
        if (taken.ok) {
          state = taken.value;
          continue;
        }
        const { retryAfterMs } = taken.error;
        if (retryAfterMs === Infinity) {
          assert.ok(cost > rate.capacity);
          continue;
        }
        assert.ok(Number.isSafeInteger(retryAfterMs) && retryAfterMs >= 1);
        assert.ok(take(state, { rate, cost, nowMs: nowMs + retryAfterMs }).ok);
        assert.ok(!take(state, { rate, cost, nowMs: nowMs + retryAfterMs - 1 }).ok);
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("take() wastes nothing: one token a time comes back as often as the rate says", () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 3000 }), (rate, forMs) => {
      let state: BucketState | undefined;
      let granted = 0;
      for (let nowMs = 0; nowMs <= forMs;) {
        const taken = take(state, { rate, cost: 1, nowMs });
        if (taken.ok) {
          state = taken.value;
          granted++;
        } else nowMs += taken.error.retryAfterMs;
      }
      assert.equal(granted, rate.capacity + Math.floor(forMs * rate.capacity / rate.perMs));
    }),
    { numRuns: 60 },
  );
});
