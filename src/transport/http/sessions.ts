/**
 * Sessions of the legacy revisions: an id of ours for each, bound to the principal that began it.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Channel } from "../../gateway/channel.ts";
import type { Ticker } from "./ticker.ts";

/** One session with a client. */
export interface Session {
  /** Ours; 256 random bits in small letters, which survives whoever folds header values. */
  readonly id: string;
  readonly principal: Pick<Principal, "id" | "kind">;
  readonly channel: Channel;
  /** The upstream's own session id, null when it has none. */
  readonly upstreamId: string | null;
}

/** Options of {@linkcode Sessions}. */
export interface SessionsOptions {
  /** The most sessions at once. */
  readonly max: number;
  /** Milliseconds without a request and without a stream after which a session ends. */
  readonly idleMs: number;
  readonly ticker: Ticker;
  /** Called when a session ends for being idle. */
  readonly onIdle: (session: Session) => void;
}

/** What is kept of a session beside itself. */
interface Kept {
  readonly session: Session;
  lastMs: number;
  /** Requests and streams under way. */
  busy: number;
}

/** All sessions of one upstream. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #unwatch: () => void;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#unwatch = options.ticker.add((nowMs) => this.#reap(nowMs));
  }

  /** How many there are. */
  get size(): number {
    return this.#kept.size;
  }

  /** Whether no more can begin. */
  get isFull(): boolean {
    return this.#kept.size >= this.#options.max;
  }

  /** Begins a session. */
  begin(about: Omit<Session, "id">): Session {
    const session = { ...about, id: newSessionId() };
    this.#kept.set(session.id, { session, lastMs: performance.now(), busy: 0 });
    return session;
  }

  /** The session of this id when it is this principal's; to anybody else it does not exist. */
  find(id: string, { id: who, kind }: Pick<Principal, "id" | "kind">): Session | undefined {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    const { principal } = kept.session;
    if (principal.id !== who || principal.kind !== kind) return undefined;
    kept.lastMs = performance.now();
    return kept.session;
  }

  /** Keeps a session from being idle until the function it gives is called. */
  hold({ id }: Session): () => void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return () => {};
    kept.busy++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      kept.busy--;
      kept.lastMs = performance.now();
    };
  }

  /** Ends a session; its id is unknown from now on. True when it was there. */
  async end({ id, channel }: Session): Promise<boolean> {
    const was = this.#kept.delete(id);
    if (was) await channel.close();
    return was;
  }

  /** Ends all. */
  async close(): Promise<void> {
    this.#unwatch();
    await Promise.all([...this.#kept.values()].map(({ session }) => this.end(session)));
  }

  #reap(nowMs: number): void {
    for (const { session, busy, lastMs } of this.#kept.values()) {
      if (busy > 0 || nowMs - lastMs < this.#options.idleMs) continue;
      this.#options.onIdle(session);
      this.end(session).catch(() => {});
    }
  }
}

function newSessionId(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
