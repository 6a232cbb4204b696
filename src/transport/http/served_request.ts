/**
 * A `Request` of our own listener, which makes only what somebody asks for.
 * @module
 */

import type { RequestHead } from "./request_head.ts";

/** What {@linkcode ServedRequest} is made of. */
export interface ServedRequestInit {
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null;
}

/** A request with its body at hand, where all of it came with the head. */
export class ServedRequest extends Request {
  /** The whole body; undefined when it is a stream. */
  readonly whole: Uint8Array | undefined;
  #abort: AbortController | undefined;
  #isAborted = false;

  constructor(url: string, { method, headers, body }: ServedRequestInit) {
    const whole = body instanceof ReadableStream ? undefined : body ?? new Uint8Array(0);
    super(url, {
      method,
      headers: headers as [string, string][],
      ...(body === null ? {} : { body }),
    });
    this.whole = whole;
  }

  /** Aborts when the client goes away. A signal costs more than the rest, and few ask for it. */
  override get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isAborted) this.#abort.abort();
    return this.#abort.signal;
  }

  /** The client has gone away. */
  abort(): void {
    this.#isAborted = true;
    this.#abort?.abort();
  }
}

/**
 * The request of a head and the body behind it.
 *
 * undefined when its host is none: 256.256.256.256 and xn--a have the letters of one.
 */
export function servedRequest(
  { method, host, target, headers }: RequestHead,
  body: ServedRequestInit["body"],
): ServedRequest | undefined {
  const url = `http://${host}${target}`;
  return URL.canParse(url) ? new ServedRequest(url, { method, headers, body }) : undefined;
}
