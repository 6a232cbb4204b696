import assert from "node:assert/strict";
import fc from "fast-check";
import { AegisError } from "../../src/base/error.ts";
import type { Result } from "../../src/base/result.ts";
import { memoryStore } from "../../src/rate_limit/memory_store.ts";
import type { BucketStore, Draw, Shortage } from "../../src/rate_limit/store.ts";
import { FakeClock } from "./access_requests.ts";

const MINUTE = { capacity: 2, perMs: 60_000 };

function take(store: BucketStore, ...draws: readonly Draw[]): Result<void, Shortage> {
  const taken = store.take(draws);
  assert.ok(!(taken instanceof Promise));
  return taken;
}

function draw(key: string, cost = 1): Draw {
  return { key, rate: MINUTE, cost };
}

/** `ok`, or which bucket is short for how long. */
function told(taken: Result<void, Shortage>): string {
  return taken.ok ? "ok" : `${taken.error.key} ${taken.error.retryAfterMs}`;
}

Deno.test("memoryStore() keeps one bucket a key", () => {
  const store = memoryStore({ clock: new FakeClock() });
  assert.deepEqual(
    ["a", "a", "a", "b", "A", "a ", "__proto__"].map((key) => told(take(store, draw(key)))),
    ["ok", "ok", "a 30000", "ok", "ok", "ok", "ok"],
  );
});

Deno.test("memoryStore() draws from all buckets or from none", () => {
  const store = memoryStore({ clock: new FakeClock() });
  assert.equal(told(take(store, draw("b", 2))), "ok");
  for (let i = 0; i < 5; i++) {
    assert.equal(told(take(store, draw("a"), draw("b"), draw("c"))), "b 30000");
  }
  assert.equal(told(take(store, draw("a", 2), draw("c", 2))), "ok");
});

Deno.test("memoryStore() counts one bucket named twice in a draw twice", () => {
  const store = memoryStore({ clock: new FakeClock() });
  assert.equal(told(take(store, draw("a"), draw("a"), draw("a"))), "a 30000");
  assert.equal(told(take(store, draw("a"), draw("a"))), "ok");
  assert.equal(told(take(store, draw("a", 0))), "a 30000");
});

Deno.test("memoryStore() draws nothing for a cost of 0, and needs one token", () => {
  const store = memoryStore({ clock: new FakeClock() });
  for (let i = 0; i < 5; i++) assert.equal(told(take(store, draw("a", 0))), "ok");
  assert.equal(told(take(store, draw("a", 2))), "ok");
  assert.equal(told(take(store, draw("a", 0))), "a 30000");
});

Deno.test("memoryStore() by a clock that jumps back gives nothing away", () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock, maxBuckets: 2 });
  clock.nowMs = 100_000;
  take(store, draw("a", 2), draw("b", 2));
  for (const nowMs of [0, 129_999, 50_000, 100_000]) {
    clock.nowMs = nowMs;
    assert.notEqual(told(take(store, draw("a"))), "ok");
    assert.notEqual(told(take(store, draw("c"))), "ok");
  }
  clock.nowMs = 130_000;
  assert.equal(told(take(store, draw("a"))), "ok");
});

Deno.test("memoryStore() by a clock that jumps back gives nothing away of what it forgot", () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock, maxBuckets: 2 });
  take(store, draw("a", 2), draw("b", 2));
  clock.nowMs = 60_000;
  assert.equal(told(take(store, draw("c", 2))), "ok");
  clock.nowMs = 10;
  assert.equal(told(take(store, draw("c"))), "c 89990");
  assert.equal(told(take(store, draw("a", 2))), "ok");
  clock.nowMs = 60_000;
  assert.equal(told(take(store, draw("a"))), "a 30000");
});

Deno.test("memoryStore() throws for a time that is none, and recovers", () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock });
  take(store, draw("a", 2));
  clock.nowMs = NaN;
  assert.throws(() => take(store, draw("a")), RangeError);
  clock.nowMs = 30_000;
  assert.equal(told(take(store, draw("a"))), "ok");
  assert.equal(told(take(store, draw("a"))), "a 30000");
});

Deno.test("memoryStore() refuses a new key while no bucket is full, and resets nobody", () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock, maxBuckets: 2 });
  take(store, draw("a", 2), draw("b", 1));
  for (let i = 0; i < 100; i++) {
    assert.equal(told(take(store, draw(`new-${i}`))), `new-${i} 30000`);
  }
  assert.equal(told(take(store, draw("a"))), "a 30000");
  assert.equal(told(take(store, draw("b"))), "ok");
  assert.equal(told(take(store, draw("b"))), "b 30000");
});

Deno.test("memoryStore() forgets a full bucket for a new key, and says when", () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock, maxBuckets: 2 });
  take(store, draw("a", 2), draw("b", 1));
  clock.nowMs = 29_500;
  assert.equal(told(take(store, draw("c"))), "c 500");
  clock.nowMs = 30_000;
  assert.equal(told(take(store, draw("c", 2))), "ok");
  assert.equal(told(take(store, draw("a", 2))), "a 30000");
  clock.nowMs = 60_000;
  assert.equal(told(take(store, draw("d"))), "ok");
  assert.equal(told(take(store, draw("c"))), "ok");
  assert.equal(told(take(store, draw("c"))), "c 30000");
});

Deno.test("memoryStore() looks again at a bucket that was drawn from since it was noted", () => {
  const clock = new FakeClock();
  const store = memoryStore({ clock, maxBuckets: 1 });
  take(store, draw("a"));
  clock.nowMs = 20_000;
  take(store, draw("a"));
  clock.nowMs = 30_000;
  assert.equal(told(take(store, draw("b"))), "b 30000");
  clock.nowMs = 60_000;
  assert.equal(told(take(store, draw("b"))), "ok");
});

Deno.test("memoryStore() keeps nothing for a key that only asks", () => {
  const store = memoryStore({ clock: new FakeClock(), maxBuckets: 1 });
  for (let i = 0; i < 10; i++) assert.equal(told(take(store, draw(`k${i}`, 0))), "ok");
  assert.equal(told(take(store, draw("a"))), "ok");
  assert.equal(told(take(store, draw("b", 0))), "ok");
});

Deno.test("memoryStore() draws from no bucket when one of several new keys finds no room", () => {
  const store = memoryStore({ clock: new FakeClock(), maxBuckets: 2 });
  take(store, draw("a"));
  assert.ok(!take(store, draw("a"), draw("b"), draw("c")).ok);
  assert.equal(told(take(store, draw("a"), draw("b"))), "ok");
  assert.equal(told(take(memoryStore({ maxBuckets: 1 }), draw("a"), draw("b"))), "a Infinity");
});

Deno.test("memoryStore() closed draws nothing more", async () => {
  const store = memoryStore({ clock: new FakeClock() });
  take(store, draw("a"));
  await store[Symbol.asyncDispose]();
  assert.throws(() => take(store, draw("a")), AegisError);
});

for (const maxBuckets of [0, -1, 1.5, NaN, Infinity]) {
  Deno.test(`memoryStore() throws for ${maxBuckets} buckets`, () => {
    assert.throws(() => memoryStore({ maxBuckets }), RangeError);
  });
}

Deno.test("memoryStore() throws for a bad rate and then has drawn nothing", () => {
  const store = memoryStore({ clock: new FakeClock() });
  const bad = { key: "b", rate: { capacity: 0, perMs: 1 }, cost: 1 };
  assert.throws(() => take(store, draw("a", 2), bad), RangeError);
  assert.equal(told(take(store, draw("a", 2))), "ok");
});

Deno.test("memoryStore() with few places grants only what one with room for all would", () => {
  const RATES = [
    { capacity: 1, perMs: 500 },
    { capacity: 3, perMs: 7000 },
    { capacity: 10, perMs: 1500 },
  ] as const;
  const move = fc.record({
    stepMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -500, max: 9000 })),
    draws: fc.array(
      fc.record({
        key: fc.integer({ min: 0, max: 8 }),
        cost: fc.integer({ min: 0, max: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (moves, max) => {
      const clock = new FakeClock();
      const small = memoryStore({ clock, maxBuckets: max });
      const large = memoryStore({ clock });
      for (const { stepMs, draws } of moves) {
        clock.nowMs += stepMs;
        const wanted = draws.map(({ key, cost }) => (
          { key: `${key}`, cost, rate: RATES[key % 3] ?? RATES[0] }
        ));
        // What the small one grants the large one grants too; where it refuses, nothing is drawn.
        if (take(small, ...wanted).ok) assert.ok(take(large, ...wanted).ok);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("memoryStore() goes on finding room under a flood of new keys", () => {
  const clock = new FakeClock();
  const places = 500;
  const store = memoryStore({ clock, maxBuckets: places });
  let granted = 0;
  for (let i = 0; i < 40_000; i++) {
    clock.nowMs = i / 2;
    if (take(store, { key: `k${i}`, rate: { capacity: 1, perMs: 1000 }, cost: 1 }).ok) granted++;
  }
  // In 20 s a place serves a new key a second at most, and one in two seconds at least.
  assert.ok(granted <= 20 * places && granted >= 10 * places, `${granted}`);
});
