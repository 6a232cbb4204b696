/**
 * The wires to one upstream: one for each session, one for each principal outside of sessions, and
 * never more than there may be.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Logger } from "../../base/log.ts";
import { type OpenWire, RoutedLink, type Wire, type WireListener } from "./routed_link.ts";
import type { RouterOptions } from "./router.ts";
import type { Ticker } from "./ticker.ts";
import type { UpstreamLink, UpstreamLinks, UpstreamRequest } from "./upstream_link.ts";

/** Options of {@linkcode RoutedLinks}. */
export interface RoutedLinksOptions {
  readonly open: OpenWire;
  /** The most wires at once. */
  readonly maxWires: number;
  /** Milliseconds after which a wire outside of sessions that nobody uses is closed; 5 minutes at most. */
  readonly idleMs: number;
  readonly ticker: Ticker;
  readonly log: Logger;
}

/** What may wait for a client that has no stream open. */
const KEPT: RouterOptions["kept"] = { frames: 256, bytes: 1024 * 1024 };
/** Outside of sessions there is no stream to wait for. */
const KEPT_OUTSIDE: RouterOptions["kept"] = { frames: 0, bytes: 0 };

/** A client that asks once which era a server is of should not keep one for long. */
const MAX_IDLE_MS = 5 * 60_000;

/** The wire of a principal outside of sessions. */
interface Shared {
  readonly link: RoutedLink;
  users: number;
  lastMs: number;
}

/** Gives links over wires. */
export class RoutedLinks implements UpstreamLinks {
  /** A session has its wire to itself. */
  readonly sharesIds = { session: false, single: true };
  readonly #options: RoutedLinksOptions;
  readonly #wires = new Set<Promise<Wire>>();
  readonly #shared = new Map<string, Shared>();
  readonly #unwatch: () => void;
  #isClosed = false;

  constructor(options: RoutedLinksOptions) {
    this.#options = options;
    this.#unwatch = options.ticker.add((nowMs) => this.#reap(nowMs));
  }

  session(): UpstreamLink {
    return this.#link({ isSession: true, kept: KEPT });
  }

  single({ kind, id }: Principal): UpstreamLink {
    const key = `${kind} ${id}`;
    const shared = this.#shared.get(key) ?? this.#share(key);
    shared.users++;
    let isReleased = false;
    return {
      cancelsInWords: true,
      send: (request: UpstreamRequest) => shared.link.send(request),
      [Symbol.asyncDispose]: () => {
        if (!isReleased) shared.users--;
        isReleased = true;
        shared.lastMs = performance.now();
        return Promise.resolve();
      },
    };
  }

  /** Closes every wire, and waits until nothing of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#unwatch();
    this.#shared.clear();
    await Promise.all([...this.#wires].map(async (opening) => {
      const wire = await opening.catch(() => undefined); // it never was
      wire?.close({ hurried: true });
      await wire?.gone;
    }));
  }

  #share(key: string): Shared {
    const link = this.#link({ isSession: false, kept: KEPT_OUTSIDE });
    const shared = { link, users: 0, lastMs: performance.now() };
    this.#shared.set(key, shared);
    void link.ended.then(() => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    });
    return shared;
  }

  #link(how: { readonly isSession: boolean; readonly kept: RouterOptions["kept"] }): RoutedLink {
    const { log } = this.#options;
    return new RoutedLink({ ...how, log, open: (listener) => this.#open(listener) });
  }

  #open(listener: WireListener): Promise<Wire> | undefined {
    if (this.#isClosed || this.#wires.size >= this.#options.maxWires) return undefined;
    const opening = this.#options.open(listener);
    this.#wires.add(opening);
    opening.then((wire) => wire.gone).catch(() => {}) // told to whoever asked for it
      .finally(() => this.#wires.delete(opening));
    return opening;
  }

  #reap(nowMs: number): void {
    const idleMs = Math.min(this.#options.idleMs, MAX_IDLE_MS);
    for (const { link, users, lastMs } of this.#shared.values()) {
      if (users === 0 && nowMs - lastMs >= idleMs) link.close({ hurried: false });
    }
  }
}
