/**
 * The wires to one upstream: one for each session, one for each principal outside of sessions, and
 * never more than there may be.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Logger } from "../../base/log.ts";
import {
  type OpenWire,
  RoutedLink,
  type RoutedLinkOptions,
  type Wire,
  type WireListener,
} from "./routed_link.ts";
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
  /** Milliseconds after which a wire that nobody uses may have to make room for another. Default 30 s. */
  readonly yieldMs?: number;
  readonly ticker: Ticker;
  readonly log: Logger;
}

/** What may wait for a client that has no stream open. */
const KEPT: RouterOptions["kept"] = { frames: 256, bytes: 1024 * 1024 };
/** Outside of sessions there is no stream to wait for. */
const KEPT_OUTSIDE: RouterOptions["kept"] = { frames: 0, bytes: 0 };
/** A client that asks once which era a server is of should not keep one for long. */
const MAX_IDLE_MS = 5 * 60_000;
/** Most clients leave without a word: their sessions are not to lock others out. */
const YIELD_MS = 30_000;
/** How long a wire may take to end for another; a child that has to be killed takes 3 s. */
const ROOM_MS = 4_000;

/** The wire of a principal outside of sessions. */
interface Shared {
  readonly link: RoutedLink;
  users: number;
}

/** A place that a wire takes. */
interface Slot {
  isClosing: boolean;
  /** Settles when nothing of the wire is left. */
  readonly gone: PromiseWithResolvers<void>;
  wire?: Wire;
}

/** Gives links over wires. */
export class RoutedLinks implements UpstreamLinks {
  /** A session has its wire to itself. */
  readonly sharesIds = { session: false, single: true };
  readonly #options: RoutedLinksOptions;
  readonly #slots = new Set<Slot>();
  /** Every link that may have a wire. */
  readonly #links = new Set<RoutedLink>();
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
        return Promise.resolve();
      },
    };
  }

  /** Closes every wire, and waits until nothing of them is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#unwatch();
    this.#shared.clear();
    await Promise.all([...this.#slots].map(async ({ wire, gone }) => {
      wire?.close({ hurried: true });
      await gone.promise;
    }));
  }

  #share(key: string): Shared {
    const link = this.#link({ isSession: false, kept: KEPT_OUTSIDE });
    const shared = { link, users: 0 };
    this.#shared.set(key, shared);
    void link.ended.then(() => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    });
    return shared;
  }

  #link(how: Pick<RoutedLinkOptions, "isSession" | "kept">): RoutedLink {
    const { log } = this.#options;
    const link = new RoutedLink({
      ...how,
      log,
      open: (listener) => {
        this.#links.add(link);
        return this.#open(listener);
      },
    });
    void link.ended.then(() => this.#links.delete(link));
    return link;
  }

  async #open(listener: WireListener): Promise<Wire | undefined> {
    if (this.#isFull) await this.#makeRoom();
    if (this.#isClosed || this.#isFull) return undefined;
    const slot: Slot = { isClosing: false, gone: Promise.withResolvers() };
    this.#slots.add(slot);
    const leave = () => {
      this.#slots.delete(slot);
      slot.gone.resolve();
    };
    try {
      const wire = await this.#options.open(listener);
      void wire.gone.then(leave);
      slot.wire = {
        ...wire,
        close: (how) => {
          slot.isClosing = true;
          wire.close(how);
        },
      };
      if (this.#isClosed) slot.wire.close({ hurried: true });
      return slot.wire;
    } catch (error) {
      leave();
      throw error;
    }
  }

  get #isFull(): boolean {
    return this.#slots.size >= this.#options.maxWires;
  }

  /** Waits for a wire that is ending; when none is, ends the one that was idle the longest. */
  async #makeRoom(): Promise<void> {
    const isEnding = [...this.#slots].some(({ isClosing }) => isClosing);
    if (!isEnding) await this.#idlest()?.close({ hurried: false });
    const ending = [...this.#slots].filter(({ isClosing }) => isClosing);
    if (ending.length === 0) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, ROOM_MS);
    await Promise.race([late.promise, ...ending.map(({ gone }) => gone.promise)]);
    clearTimeout(timer);
  }

  #idlest(): RoutedLink | undefined {
    const latestMs = performance.now() - (this.#options.yieldMs ?? YIELD_MS);
    let found: { readonly link: RoutedLink; readonly sinceMs: number } | undefined;
    for (const link of this.#links) {
      const sinceMs = link.idleSinceMs;
      if (sinceMs === undefined || sinceMs > (found?.sinceMs ?? latestMs)) continue;
      found = { link, sinceMs };
    }
    return found?.link;
  }

  #reap(nowMs: number): void {
    const idleMs = Math.min(this.#options.idleMs, MAX_IDLE_MS);
    for (const { link, users } of this.#shared.values()) {
      const sinceMs = link.idleSinceMs ?? nowMs;
      if (users === 0 && nowMs - sinceMs >= idleMs) void link.close({ hurried: false });
    }
  }
}
