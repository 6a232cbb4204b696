import { deepEqual, equal } from "node:assert/strict";
import { Backoff } from "../../../src/transport/bridge/backoff.ts";

function waits(backoff: Backoff, count: number): (number | undefined)[] {
  return Array.from({ length: count }, () => backoff.next());
}

Deno.test("Backoff waits ever longer, and gives up", () => {
  deepEqual(
    waits(new Backoff(), 11),
    [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000, 30000, undefined],
  );
});

Deno.test("Backoff waits as long as the server wants, never less, and not for ever", () => {
  const backoff = new Backoff();
  backoff.want(50);
  deepEqual(waits(backoff, 3), [50, 2000, 4000]);
  backoff.want(10_000);
  deepEqual(waits(backoff, 2), [10_000, 16_000]);
  backoff.want(86_400_000);
  equal(backoff.next(), 600_000);
});

Deno.test("Backoff starts again once something came", () => {
  const backoff = new Backoff();
  waits(backoff, 20);
  backoff.reset();
  equal(backoff.next(), 1000);
});
