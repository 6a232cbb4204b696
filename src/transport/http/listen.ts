/**
 * A listener that bounds its connections and drains.
 *
 * Own code in place of `Deno.serve`, which has no time limit for the head of a request, no limit of
 * connections and no way to another certificate, and of `node:http`, whose own share of a request is
 * twice as much and which takes heads that this one refuses (measured, ARCHITECTURE.md).
 * @module
 */

import { AegisError } from "../../base/error.ts";
import { type Logger, silentLogger } from "../../base/log.ts";
import { type Answerer, Connection, type ConnectionBounds } from "./connection.ts";
import type { HeadFault } from "./request_head.ts";
import { Ticker } from "./ticker.ts";
import type { TlsLayer } from "./tls_layer.ts";

/** Options of {@linkcode listen}. */
export interface ListenOptions {
  /** Default 127.0.0.1: nobody else can connect. */
  readonly hostname?: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** What makes connections secret. */
  readonly tls?: TlsLayer;
  /** The most connections at once. Default 10,000. */
  readonly maxConnections?: number;
  /** What bounds each. Defaults: 32 KiB, 10 s, 1 s, 120 s, 30 s. */
  readonly bounds?: Partial<ConnectionBounds>;
  readonly log?: Logger;
}

/** A listener that is open. */
export interface HttpListener {
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** Settles when it is closed. */
  readonly finished: Promise<void>;
  /** Connections at the moment. */
  readonly connections: number;
  /**
   * Takes no more connections, and waits for requests under way, but no longer than this. Whatever
   * is left is cut off. Streams that answer no request end at once.
   *
   * @param signal cuts the waiting short.
   * @returns whether everything came to its end.
   */
  drain(graceMs: number, signal?: AbortSignal): Promise<boolean>;
}

const MAX_CONNECTIONS = 10_000;
const BOUNDS: ConnectionBounds = {
  maxHeadBytes: 32 * 1024, // a token of 16 KiB, the longest that directories of users issue, fits twice
  headMs: 10_000,
  patienceMs: 1000,
  idleMs: 120_000, // above the 90 s for which Deno's and reqwest's pools keep one
  stallMs: 30_000,
};
const ACCEPT_PAUSE_MS = 100;
/** What is cut off still has its own end to write down. */
const CUT_OFF_MS = 500;
const TOO_MANY: HeadFault = { status: 503, detail: "There are too many connections" };
const FULL = new TextEncoder().encode(
  "HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
);

/**
 * Opens a listener; its requests go to the answerer, which ends with it.
 *
 * @throws {AegisError} `cannot-listen` when the port cannot be taken.
 */
export function listen(
  answerer: Answerer & AsyncDisposable,
  options: ListenOptions,
): HttpListener {
  return new Listener(answerer, options);
}

class Listener implements HttpListener {
  readonly #answerer: Answerer & AsyncDisposable;
  readonly #options: ListenOptions;
  readonly #bounds: ConnectionBounds;
  readonly #log: Logger;
  readonly #ticker = new Ticker(250);
  readonly #connections = new Set<Connection>();
  /** Those that wait for a request, the longest first. */
  readonly #waiting = new Set<Connection>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #listening: Deno.TcpListener;
  #isOpen = true;
  #onEmpty: (() => void) | undefined;

  constructor(answerer: Answerer & AsyncDisposable, options: ListenOptions) {
    this.#answerer = answerer;
    this.#options = options;
    this.#bounds = { ...BOUNDS, ...options.bounds };
    this.#log = options.log ?? silentLogger;
    try {
      this.#listening = bind(options);
    } catch (error) {
      this.#ticker[Symbol.dispose]();
      throw error;
    }
    this.#ticker.add((nowMs) => {
      for (const connection of this.#connections) connection.tick(nowMs);
    });
    this.#accept();
  }

  get hostname(): string {
    return this.#listening.addr.hostname;
  }

  get port(): number {
    return this.#listening.addr.port;
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  get connections(): number {
    return this.#connections.size;
  }

  async drain(graceMs: number, signal?: AbortSignal): Promise<boolean> {
    this.#close();
    for (const connection of this.#connections) connection.finish();
    this.#answerer.windDown?.();
    const isWhole = await this.#emptied(graceMs, signal);
    for (const connection of this.#connections) connection.destroy();
    await this.#answerer[Symbol.asyncDispose]();
    await this.#emptied(Math.min(graceMs, CUT_OFF_MS), undefined);
    this.#ticker[Symbol.dispose]();
    this.#finished.resolve();
    return isWhole;
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listening.close();
  }

  async #emptied(graceMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#connections.size === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const giveUp = () => resolve(false);
    const timer = setTimeout(giveUp, graceMs);
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
    this.#onEmpty = () => resolve(true);
    const isEmpty = await promise;
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    return isEmpty;
  }

  async #accept(): Promise<void> {
    while (this.#isOpen) {
      try {
        const conn = await this.#listening.accept();
        try {
          this.#begin(conn);
        } catch {
          // it broke before it began; nobody else has to wait for that
          close(conn);
        }
      } catch (error) {
        if (!this.#isOpen) return;
        // no file descriptors left, mostly: those who are connected go on
        this.#log.log("ERROR", "Cannot take a connection", {
          error: error instanceof Error ? error.message : String(error),
        });
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
      }
    }
  }

  #begin(conn: Deno.TcpConn): void {
    const { maxConnections = MAX_CONNECTIONS, tls } = this.#options;
    const { hostname } = conn.remoteAddr;
    if (this.#connections.size >= maxConnections && !this.#makeRoom()) {
      this.#answerer.noteRefusal?.(TOO_MANY, { address: hostname });
      return turnAway(conn, tls !== undefined);
    }
    conn.setNoDelay(true);
    const connection = new Connection(tls?.wrap(conn) ?? conn, {
      answerer: this.#answerer,
      bounds: this.#bounds,
      peer: { address: hostname },
      onWaiting: (isWaiting) => {
        if (isWaiting) this.#waiting.add(connection);
        else this.#waiting.delete(connection);
      },
    });
    this.#connections.add(connection);
    connection.run().finally(() => {
      this.#connections.delete(connection);
      if (this.#connections.size === 0) this.#onEmpty?.();
    });
  }

  /** Ends the connection that has waited longest: an idle one, or one that is slow to ask. */
  #makeRoom(): boolean {
    const nowMs = performance.now();
    for (const connection of this.#waiting) {
      const { isMidway, waitingMs = nowMs } = connection;
      if (isMidway && nowMs - waitingMs < this.#bounds.patienceMs) continue;
      connection.destroy();
      this.#connections.delete(connection);
      return true;
    }
    return false;
  }
}

function bind({ hostname = "127.0.0.1", port }: ListenOptions): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse
      ? "another program listens there"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new AegisError("cannot-listen", `Cannot listen on ${hostname} port ${port}: ${why}`, {
      cause: error,
    });
  }
}

/** Says no without looking at what is asked. */
function turnAway(conn: Deno.TcpConn, isSecret: boolean): void {
  const end = () => close(conn);
  if (isSecret) return end();
  conn.write(FULL).then(end, end);
}

function close(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // it is closed already
  }
}
