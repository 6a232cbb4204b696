/**
 * Bodies within their bounds: of a client's requests, and of an upstream's answers.
 * @module
 */

import { err, ok, type Result } from "../../base/result.ts";
import { IdFinder } from "../../jsonrpc/id_finder.ts";
import type { OversizeFrame } from "../../gateway/channel.ts";
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
}

/** Why there is no body. */
export type BodyFault =
  | { readonly kind: "oversize"; readonly frame: OversizeFrame }
  /** The sender was too slow. */
  | { readonly kind: "late" }
  /** The connection ended, or the framing was broken. */
  | { readonly kind: "broken"; readonly detail: string };

/** 100 kB a second: who sends less takes longer than any honest network does. */
const LEAST_BYTES_PER_MS = 100;

/** Reads a whole body, holding no more than it may have and one chunk. */
export async function readBody(
  from: Request | Response,
  bounds: BodyBounds,
): Promise<Result<Uint8Array, BodyFault>> {
  const announced = Number(from.headers.get("content-length") ?? Infinity);
  // The platform reads a body of known length in one go, for a third of what a stream costs; it never
  // gives more than was announced.
  if (announced <= bounds.max) return await readAnnounced(from, announced, bounds);
  return from.body === null ? ok(new Uint8Array(0)) : await readStream(from.body, bounds);
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
  { max, limit, timeoutMs, ticker }: BodyBounds,
): Promise<Result<Uint8Array, BodyFault>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const started = performance.now();
  let isLate = false;
  const unwatch = ticker.add((nowMs) => {
    if (nowMs - started <= timeoutMs + bytes / LEAST_BYTES_PER_MS) return;
    isLate = true;
    reader.cancel("too slow").catch(() => {});
  });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return err({ kind: "late" });
      if (done) return ok(joined(chunks, bytes));
      bytes += value.length;
      chunks.push(value);
      if (bytes > max) {
        reader.cancel("too large").catch(() => {});
        return err({ kind: "oversize", frame: oversize(chunks, { bytes, limit, max }) });
      }
    }
  } catch (error) {
    return err(isLate ? { kind: "late" } : { kind: "broken", detail: messageOf(error) });
  } finally {
    unwatch();
  }
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** What is known of a body that is too large, by what was read of it. */
function oversize(
  chunks: readonly Uint8Array[],
  { bytes, limit, max }: { readonly bytes: number; readonly limit: string; readonly max: number },
): OversizeFrame {
  const finder = new IdFinder();
  for (const chunk of chunks) {
    finder.push(chunk);
    if (finder.id !== undefined && finder.hasMethod) break;
  }
  return { oversize: true, bytes, limit, max, id: finder.id, hasMethod: finder.hasMethod };
}

/** What an exception says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
