/**
 * Bodies within their bounds: of a client's requests, and of an upstream's answers.
 * @module
 */

import { err, ok, type Result } from "../../base/result.ts";
import { IdFinder } from "../../jsonrpc/id_finder.ts";
import type { OversizeFrame } from "../../gateway/channel.ts";
import { ServedRequest } from "./served_request.ts";
import type { Ticker } from "./ticker.ts";

/** What bounds a body. */
export interface BodyBounds {
  /** The most bytes it may have. */
  readonly max: number;
  /** The name of that limit. */
  readonly limit: string;
  /** Milliseconds that it may take; the slower of this and {@linkcode LEAST_BYTES_PER_MS}. */
  readonly timeoutMs: number;
  /** Tells that time passes. */
  readonly ticker: Ticker;
  /** What all bodies that are being read may hold together with all that is in flight. */
  readonly budget?: BodyBudget;
}

/** Counts bytes that are held. */
export interface BodyBudget {
  /** Takes bytes, or takes nothing and says no. */
  take(bytes: number): boolean;
  /** Gives bytes back. */
  release(bytes: number): void;
}

/** Why there is no body. */
export type BodyFault =
  | { readonly kind: "oversize"; readonly frame: OversizeFrame }
  /** The sender was too slow. */
  | { readonly kind: "late" }
  /** What is held already leaves no room for it. */
  | { readonly kind: "overloaded" }
  /** The connection ended, or the framing was broken. */
  | { readonly kind: "broken"; readonly detail: string };

/** 100 kB a second: who sends less takes longer than any honest network does. */
const LEAST_BYTES_PER_MS = 100;
/** Of a body that is announced as too large, so much is searched for the id of its request. */
const SEARCHED_BYTES = 64 * 1024;

/** Reads a whole body, holding no more than twice what has come of it. */
export function readBody(
  from: Request | Response,
  bounds: BodyBounds,
): Promise<Result<Uint8Array, BodyFault>> | Result<Uint8Array, BodyFault> {
  const { max, limit } = bounds;
  if (from instanceof ServedRequest && from.whole !== undefined) {
    const { whole } = from;
    if (whole.length <= max) return ok(whole);
    return err({ kind: "oversize", frame: oversize(whole, { bytes: whole.length, limit, max }) });
  }
  const announced = Number(from.headers.get("content-length") ?? Infinity);
  // The platform reads a body of known length in one go, for a third of what a stream costs; it never
  // gives more than was announced.
  if (announced <= max && bounds.budget === undefined) {
    return readAnnounced(from, announced, bounds);
  }
  if (from.body === null) return ok(new Uint8Array(0));
  const declared = announced === Infinity ? 0 : announced;
  return readStream(from.body, { ...bounds, declared });
}

async function readAnnounced(
  from: Request | Response,
  length: number,
  { timeoutMs, ticker }: BodyBounds,
): Promise<Result<Uint8Array, BodyFault>> {
  const started = performance.now();
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const unwatch = ticker.add((nowMs) => {
    if (nowMs - started > timeoutMs + length / LEAST_BYTES_PER_MS) resolve(undefined);
  });
  try {
    const bytes = await Promise.race([from.bytes(), late]);
    return bytes === undefined ? err({ kind: "late" }) : ok(bytes);
  } catch (error) {
    return err({ kind: "broken", detail: messageOf(error) });
  } finally {
    unwatch();
  }
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  bounds: BodyBounds & { readonly declared: number },
): Promise<Result<Uint8Array, BodyFault>> {
  const { max, limit, timeoutMs, ticker, declared, budget } = bounds;
  const reader = body.getReader();
  const kept = new Kept(Math.min(max, declared === 0 ? max : declared), budget);
  const started = performance.now();
  let isLate = false;
  const unwatch = ticker.add((nowMs) => {
    if (nowMs - started <= timeoutMs + kept.bytes / LEAST_BYTES_PER_MS) return;
    isLate = true;
    reader.cancel("too slow").catch(() => {});
  });
  const isTooLarge = () => kept.bytes > max || (declared > max && kept.bytes >= SEARCHED_BYTES);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return err({ kind: "late" });
      if (done) return ok(kept.whole());
      if (!kept.add(value)) return err({ kind: "overloaded" });
      if (isTooLarge()) {
        reader.cancel("too large").catch(() => {});
        const bytes = Math.max(declared, kept.bytes);
        return err({ kind: "oversize", frame: oversize(kept.whole(), { bytes, limit, max }) });
      }
    }
  } catch (error) {
    return err(isLate ? { kind: "late" } : { kind: "broken", detail: messageOf(error) });
  } finally {
    unwatch();
    kept.release();
  }
}

/** What has come of a body, in one piece: many small chunks would cost more than their bytes. */
class Kept {
  readonly #expected: number;
  readonly #budget: BodyBudget | undefined;
  #only: Uint8Array | undefined;
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #taken = 0;
  bytes = 0;

  /** @param expected bytes beyond which no room is made before they come. */
  constructor(expected: number, budget: BodyBudget | undefined) {
    this.#expected = expected;
    this.#budget = budget;
  }

  /** False when there is no room for it. */
  add(chunk: Uint8Array): boolean {
    if (this.bytes === 0) {
      if (!this.#hold(chunk.length)) return false;
      this.#only = chunk;
      this.bytes = chunk.length;
      return true;
    }
    const bytes = this.bytes + chunk.length;
    if (bytes > this.#buffer.length && !this.#grow(bytes)) return false;
    this.#buffer.set(chunk, this.bytes);
    this.bytes = bytes;
    return true;
  }

  whole(): Uint8Array {
    return this.#only ?? this.#buffer.subarray(0, this.bytes);
  }

  release(): void {
    this.#budget?.release(this.#taken);
    this.#taken = 0;
  }

  #grow(least: number): boolean {
    const size = Math.max(least, Math.min(2 * this.bytes, this.#expected));
    if (!this.#hold(size - this.#taken)) return false;
    // the buffer grows where it is when it can: no copy stands beside it
    this.#buffer = new Uint8Array(this.#buffer.buffer.transfer(size));
    if (this.#only !== undefined) this.#buffer.set(this.#only);
    this.#only = undefined;
    return true;
  }

  #hold(bytes: number): boolean {
    if (this.#budget?.take(bytes) === false) return false;
    this.#taken += bytes;
    return true;
  }
}

/** What is known of a body that is too large, by what was read of it. */
function oversize(
  start: Uint8Array,
  { bytes, limit, max }: { readonly bytes: number; readonly limit: string; readonly max: number },
): OversizeFrame {
  const finder = new IdFinder();
  for (let at = 0; at < start.length; at += SEARCHED_BYTES) {
    finder.push(start.subarray(at, at + SEARCHED_BYTES));
    if (finder.id !== undefined && finder.hasMethod) break;
  }
  return { oversize: true, bytes, limit, max, id: finder.id, hasMethod: finder.hasMethod };
}

/** What an exception says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
