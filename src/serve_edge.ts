/**
 * What stands around the proxy of a `serve` run: its certificate, its declared proxies, its numbers.
 * @module
 */

import type { AuditSink } from "./audit/sink.ts";
import { WatchedSink } from "./audit/watched_sink.ts";
import { systemClock } from "./base/clock.ts";
import { AegisError } from "./base/error.ts";
import type { Limits } from "./base/limits.ts";
import type { Logger } from "./base/log.ts";
import { Metrics } from "./base/metrics.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { holdsAddress, type Network, readAddresses, readNetwork } from "./grammar/address.ts";
import { AdminHandler } from "./transport/http/admin.ts";
import type { TrustedProxies } from "./transport/http/client_address.ts";
import { edgeMeter } from "./transport/http/edge_metrics.ts";
import type { HttpHandler, HttpMeter } from "./transport/http/handler.ts";
import { type HttpListener, listen } from "./transport/http/listen.ts";
import { readTls, type TlsFiles, type TlsPair, watchTls } from "./transport/http/tls_files.ts";
import type { TlsLayer } from "./transport/http/tls_layer.ts";

/** What a run is told of its edge. */
export interface EdgePlan {
  /** undefined listens without TLS. */
  readonly tls: TlsFiles | undefined;
  /** Port of the listener for monitoring, on 127.0.0.1; 0 takes any free one, undefined opens none. */
  readonly adminPort: number | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/** Where the proxy listens. */
export interface EdgeListening {
  readonly hostname: string;
  readonly port: number;
  readonly limits: Limits;
  readonly gateways: readonly Gateway[];
}

/** The edge of one run. */
export class ServeEdge implements AsyncDisposable {
  /** Counts requests. */
  readonly meter: HttpMeter;
  /** undefined when no proxy was declared. */
  readonly trustedProxies: TrustedProxies | undefined;
  readonly #plan: EdgePlan;
  readonly #tls: { readonly pair: TlsPair; readonly layer: TlsLayer } | undefined;
  readonly #log: Logger;
  readonly #metrics = new Metrics();
  #audit: WatchedSink | undefined;
  #listener: HttpListener | undefined;
  #handler: HttpHandler | undefined;
  #admin: HttpListener | undefined;
  #gateways: readonly Gateway[] = [];
  #unwatch: (() => void) | undefined;
  #isDraining = false;

  private constructor(plan: EdgePlan, { tls, log }: {
    readonly tls: { readonly pair: TlsPair; readonly layer: TlsLayer } | undefined;
    readonly log: Logger;
  }) {
    this.#plan = plan;
    this.#tls = tls;
    this.#log = log;
    this.trustedProxies = trusted(plan.trustedProxies);
    this.meter = edgeMeter(this.#metrics, () => ({
      ...this.#handler?.load ?? { sessions: 0, streams: 0 },
      requests: this.#handler?.requests ?? 0,
      connections: this.#listener?.connections ?? 0,
      bytesInFlight: this.#gateways.reduce((bytes, { budget }) => bytes + budget.held, 0),
    }));
  }

  /**
   * Reads what it is told to read.
   *
   * @throws {AegisError} `tls-files` or `trusted-proxy`.
   */
  static async open(plan: EdgePlan, log: Logger): Promise<ServeEdge> {
    const { tls: files } = plan;
    if (files === undefined) return new ServeEdge(plan, { tls: undefined, log });
    const pair = await readTls(files);
    const { tlsLayer } = await import("./transport/http/tls_layer.ts");
    return new ServeEdge(plan, { tls: { pair, layer: tlsLayer(pair) }, log });
  }

  /** `https` with a certificate. */
  get scheme(): "http" | "https" {
    return this.#tls === undefined ? "http" : "https";
  }

  /** The port of the listener for monitoring, once it is open. */
  get adminPort(): number | undefined {
    return this.#admin?.port;
  }

  /** Counts the verdicts of an audit from now on. */
  watch(audit: AuditSink): AuditSink {
    this.#audit = new WatchedSink(audit, {
      metrics: this.#metrics,
      wallMs: () => systemClock.wallMs(),
    });
    return this.#audit;
  }

  /**
   * Opens the listeners.
   *
   * @throws {AegisError} `cannot-listen` when a port cannot be taken.
   */
  listen(handler: HttpHandler, { hostname, port, limits, gateways }: EdgeListening): HttpListener {
    const listener = listen(handler, {
      hostname,
      port,
      maxConnections: limits.maxConnections,
      bounds: { stallMs: limits.transportTimeoutMs },
      log: this.#log,
      ...(this.#tls === undefined ? {} : { tls: this.#tls.layer }),
    });
    this.#handler = handler;
    this.#listener = listener;
    this.#gateways = gateways;
    const { tls, adminPort } = this.#plan;
    if (tls !== undefined && this.#tls !== undefined) {
      const { pair, layer } = this.#tls;
      const replace = (next: TlsPair) => layer.replace(next);
      this.#unwatch = watchTls(tls, { current: pair, replace, log: this.#log });
    }
    if (adminPort !== undefined) {
      const admin = new AdminHandler({ metrics: this.#metrics, unready: () => this.#unready() });
      this.#admin = listen(admin, { port: adminPort, maxConnections: 100, log: this.#log });
    }
    return listener;
  }

  /** Is not ready from now on, and lets what is under way come to its end. */
  async drain(graceMs: number, signal: AbortSignal): Promise<boolean> {
    this.#isDraining = true;
    this.#unwatch?.();
    return await this.#listener?.drain(graceMs, signal) ?? true;
  }

  /** Closes the listener for monitoring. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#unwatch?.();
    await this.#admin?.drain(0);
  }

  async #unready(): Promise<string | undefined> {
    if (this.#isDraining) return "draining";
    // the policy was read before anything listened
    return await this.#audit?.isWritable() ?? true ? undefined : "the audit cannot be written";
  }
}

function trusted(networks: readonly string[]): TrustedProxies | undefined {
  if (networks.length === 0) return undefined;
  const read = networks.map((text): Network => {
    const network = readNetwork(text);
    if (network === undefined) {
      throw new AegisError(
        "trusted-proxy",
        `Cannot use --trusted-proxy ${JSON.stringify(text)}: it is no address and no network`,
      );
    }
    return network;
  });
  return (text) => {
    const [address, ...others] = readAddresses(text);
    return address !== undefined && others.length === 0 &&
      read.some((network) => holdsAddress(network, address));
  };
}
