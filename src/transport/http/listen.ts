/**
 * A listener that drains.
 * @module
 */

import type { HttpHandler } from "./handler.ts";

/** Options of {@linkcode listen}. */
export interface ListenOptions {
  /** Default 127.0.0.1: nobody else can connect. */
  readonly hostname?: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** PEM texts of the certificate chain and its key. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A listener that is open. */
export interface HttpListener {
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** Settles when it is closed. */
  readonly finished: Promise<void>;
  /**
   * Takes no more connections, and waits for requests under way, but no longer than this. Whatever
   * is left is cut off.
   *
   * @returns whether everything came to its end.
   */
  drain(graceMs: number): Promise<boolean>;
}

/** Opens a listener; its requests go to the handler. */
export function listen(handler: HttpHandler, options: ListenOptions): HttpListener {
  const server = Deno.serve({
    hostname: options.hostname ?? "127.0.0.1",
    port: options.port,
    ...(options.tls === undefined ? {} : options.tls),
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  }, (request) => handler.handle(request));
  return {
    hostname: server.addr.hostname,
    port: server.addr.port,
    finished: server.finished,
    async drain(graceMs) {
      const ended = server.shutdown().then(() => true);
      handler.windDown();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), graceMs);
      });
      const isWhole = await Promise.race([ended, late]);
      clearTimeout(timer);
      // streams that are still open end here, and the connections with them
      await handler[Symbol.asyncDispose]();
      await ended;
      return isWhole;
    },
  };
}
