/**
 * Sessions of the legacy revisions: an id of ours for each, bound to the principal that began it.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Logger } from "../../base/log.ts";
import type { Channel } from "../../gateway/channel.ts";
import type { Ticker } from "./ticker.ts";
import type { UpstreamLink } from "./upstream_link.ts";

/** One session with a client. */
export interface Session {
  /** Ours; 256 random bits in small letters, which survives whoever folds header values. */
  readonly id: string;
  readonly principal: Pick<Principal, "id" | "kind">;
  readonly channel: Channel;
  /** Its own way to the upstream, which ends with it. */
  readonly link: UpstreamLink;
}

/** Options of {@linkcode Sessions}. */
export interface SessionsOptions {
  /** The most sessions at once. */
  readonly max: number;
  /** Milliseconds without a request and without a stream after which a session ends. */
  readonly idleMs: number;
  readonly ticker: Ticker;
  readonly log: Logger;
}

/** What is kept of a session beside itself. */
interface Kept {
  readonly session: Session;
  lastMs: number;
  /** Requests and streams under way. */
  busy: number;
  /** It has ended; its channel closes when nothing is under way any more. */
  isOver: boolean;
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

  /** Whether a principal may begin one more. Nobody takes the place of all others. */
  hasRoom(principal: Session["principal"]): boolean {
    if (this.#kept.size >= this.#options.max) return false;
    const { isUsedUp, idlest } = this.#shareOf(principal);
    return !isUsedUp || idlest !== undefined;
  }

  /** What a principal has of its share of all sessions, and which it has not used for the longest time. */
  #shareOf(
    principal: Session["principal"],
  ): { readonly isUsedUp: boolean; readonly idlest: Session | undefined } {
    let count = 0;
    let idlest: Kept | undefined;
    for (const kept of this.#kept.values()) {
      if (!isSame(kept.session.principal, principal)) continue;
      count++;
      if (kept.busy === 0 && kept.lastMs < (idlest?.lastMs ?? Infinity)) idlest = kept;
    }
    const isUsedUp = count >= Math.ceil(this.#options.max / SHARES);
    return { isUsedUp, idlest: idlest?.session };
  }

  /** Begins a session; it ends when the upstream ends it. Who had its share loses the one it used least. */
  begin(about: Omit<Session, "id">): Session {
    const { isUsedUp, idlest } = this.#shareOf(about.principal);
    if (isUsedUp && idlest !== undefined) void this.#endQuietly(idlest);
    const session = { ...about, id: newSessionId() };
    this.#kept.set(session.id, { session, lastMs: performance.now(), busy: 0, isOver: false });
    void session.link.ended?.then(() => this.#endQuietly(session));
    return session;
  }

  /** The session of this id when it is this principal's; to anybody else it does not exist. */
  find(id: string, principal: Session["principal"]): Session | undefined {
    const kept = this.#kept.get(id);
    if (kept === undefined || !isSame(kept.session.principal, principal)) return undefined;
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
      if (!kept.isOver || kept.busy > 0) return;
      void quietly(() => kept.session.channel.close(), this.#options.log);
    };
  }

  /** Ends a session; its id is unknown from now on. What is under way comes to its end. */
  async end({ id, channel, link }: Session): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    kept.isOver = true;
    if (kept.busy === 0) await channel.close();
    await link[Symbol.asyncDispose]();
  }

  /** Ends all. */
  async close(): Promise<void> {
    this.#unwatch();
    await Promise.all([...this.#kept.values()].map(({ session }) => this.end(session)));
  }

  #reap(nowMs: number): void {
    for (const { session, busy, lastMs } of this.#kept.values()) {
      if (busy > 0 || nowMs - lastMs < this.#options.idleMs) continue;
      void this.#endQuietly(session);
    }
  }

  #endQuietly(session: Session): Promise<void> {
    return quietly(() => this.end(session), this.#options.log);
  }
}

/** No principal has more than one of so many parts of all sessions. */
const SHARES = 10;

function isSame(a: Session["principal"], b: Session["principal"]): boolean {
  return a.id === b.id && a.kind === b.kind;
}

/** Ends what nobody waits for: what goes wrong with it must not end the program, and is told. */
export async function quietly(
  end: () => void | Promise<void> | PromiseLike<void>,
  log: Logger,
): Promise<void> {
  try {
    await end();
  } catch (error) {
    log.log("ERROR", "Cannot end a conversation in order", {
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

function newSessionId(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
