/**
 * Requests of our own to an authorization server: no redirect, a bounded body, a bounded time.
 * @module
 */

import { err, ok, type Result } from "../base/result.ts";

/** Sends a request; `fetch` of the platform is one. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** Why a request gave nothing, in words for the operator. */
export type FetchFault = string;

/** Options of {@linkcode fetchBytes}. */
export interface GuardedRequest {
  readonly fetch: Fetch;
  /** Longest body, after decompression. */
  readonly maxBytes: number;
  /** From the request to the last byte. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Default: a GET for JSON. */
  readonly init?: RequestInit;
}

/** Gives the body of an answer with status 200; whatever else comes is a fault. */
export async function fetchBytes(
  url: URL,
  { fetch, maxBytes, timeoutMs, signal, init }: GuardedRequest,
): Promise<Result<Uint8Array, FetchFault>> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      ...init,
      redirect: "manual",
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    });
    if (response.status === 200 && !response.redirected) return await readBody(response, maxBytes);
    await response.body?.cancel();
    return err(
      response.status >= 300 && response.status < 400 || response.redirected
        ? "it redirects, which is not followed"
        : `it answers with status ${response.status}`,
    );
  } catch (error) {
    // The platform throws for every network failure and for the two signals.
    if (late.signal.aborted) return err(`it did not answer within ${timeoutMs} ms`);
    return err(
      signal?.aborted === true
        ? "the request was ended"
        : `it cannot be reached (${nameOf(error)})`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** The kind of a failure; its message may hold what was sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "no error";
}

async function readBody(
  response: Response,
  maxBytes: number,
): Promise<Result<Uint8Array, FetchFault>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (length > maxBytes) return err(`its answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return ok(bytes);
}
