/**
 * The port behind which token buckets are kept.
 * @module
 */

import type { BucketRate } from "../access/decision.ts";
import type { Result } from "../base/result.ts";

/** Tokens wanted from one bucket. */
export interface Draw {
  /** Names the bucket; made from the verified principal and a rule, never from anything a client chooses. */
  readonly key: string;
  /** Size and refill of the bucket. */
  readonly rate: BucketRate;
  /** Tokens; 0 asks only whether one token is there. */
  readonly cost: number;
}

/** Which bucket was short, and when enough tokens will be back (milliseconds). */
export interface Shortage {
  /** The bucket that was short. */
  readonly key: string;
  /** Milliseconds until enough tokens are back. */
  readonly retryAfterMs: number;
}

/** Keeps buckets. */
export interface BucketStore extends AsyncDisposable {
  /** Takes from all buckets or from none. */
  take(draws: readonly Draw[]): Result<void, Shortage> | Promise<Result<void, Shortage>>;
}
