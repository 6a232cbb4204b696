/**
 * A clock that tests own; wall and monotonic time go together.
 * @module
 */

import type { Clock } from "../../src/base/clock.ts";

export class FakeClock implements Clock {
  /** 2030-01-01T00:00:00Z. */
  nowMs = 1_893_456_000_000;
  wallMs(): number {
    return this.nowMs;
  }
  monotonicMs(): number {
    return this.nowMs - 1_893_000_000_000;
  }
  get nowSeconds(): number {
    return this.nowMs / 1000;
  }
}
