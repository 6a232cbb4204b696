/**
 * What is refused at the edge, for the audit: each at once, but a flood of equal ones summarised.
 * @module
 */

import type { Gateway } from "../../gateway/gateway.ts";

/** One refusal before any message was read. */
export interface Refusal {
  readonly status: number;
  /** What the client was told, or why it was told nothing. */
  readonly detail: string;
  /** `-` when there was none that could be read. */
  readonly method: string;
  readonly path: string;
  /** The address of the client. */
  readonly client: string;
}

/** What equal refusals since the last entry amount to. */
interface Tally {
  /** The first of them; the one that is written when there is no other. */
  first: Refusal;
  count: number;
  clients: Set<string>;
  lastMs: number;
}

const INTERVAL_MS = 1000;
/** Sorts of refusal that are told apart; a client could invent paths without end. */
const MAX_SORTS = 64;
const MAX_CLIENTS = 16;
const METHOD_CHARACTERS = 16;
const PATH_CHARACTERS = 200;

/** Records refusals: the first of a sort at once, further ones once a second with their count. */
export class Refusals {
  readonly #gateway: Pick<Gateway, "event" | "clock" | "log">;
  readonly #tallies = new Map<string, Tally>();

  constructor(gateway: Pick<Gateway, "event" | "clock" | "log">) {
    this.#gateway = gateway;
  }

  /** Notes one. The promise is there when its entry is being written; it never rejects. */
  note(refusal: Refusal): Promise<void> | undefined {
    const nowMs = this.#gateway.clock.monotonicMs();
    const key = this.#keyOf(refusal);
    const tally = this.#tallies.get(key);
    if (tally === undefined) {
      this.#tallies.set(key, { first: refusal, count: 0, clients: new Set(), lastMs: nowMs });
      return this.#write(refusal, 1, 1);
    }
    if (tally.count === 0) tally.first = refusal;
    tally.count++;
    if (tally.clients.size < MAX_CLIENTS) tally.clients.add(refusal.client);
    return undefined;
  }

  /** Writes what is due: called about twice a second. */
  async tick(): Promise<void> {
    const nowMs = this.#gateway.clock.monotonicMs();
    for (const [key, tally] of this.#tallies) {
      if (nowMs - tally.lastMs < INTERVAL_MS) continue;
      if (tally.count === 0) this.#tallies.delete(key);
      else await this.#flush(tally, nowMs);
    }
  }

  /** Writes what is left, due or not. */
  async rest(): Promise<void> {
    const nowMs = this.#gateway.clock.monotonicMs();
    for (const tally of this.#tallies.values()) {
      if (tally.count > 0) await this.#flush(tally, nowMs);
    }
    this.#tallies.clear();
  }

  #flush(tally: Tally, nowMs: number): Promise<void> {
    const { first, count, clients } = tally;
    tally.count = 0;
    tally.clients = new Set();
    tally.lastMs = nowMs;
    return this.#write(first, count, clients.size);
  }

  // INVARIANT: Every message leaves exactly one audit entry, and a flood of refusals one a second.
  async #write(refusal: Refusal, count: number, clients: number): Promise<void> {
    const { method, path, status, detail, client } = refusal;
    try {
      await this.#gateway.event("http-refused", {
        method: method.slice(0, METHOD_CHARACTERS),
        path: path.slice(0, PATH_CHARACTERS),
        status,
        detail,
        client,
        ...(count === 1 ? {} : { count, clients: clients < MAX_CLIENTS ? clients : "many" }),
      });
    } catch (error) {
      // it was refused: nothing goes on that is not recorded
      this.#gateway.log.log("ERROR", "Cannot record a refusal", {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #keyOf({ method, path, status, detail }: Refusal): string {
    const key = `${status} ${method} ${path.slice(0, PATH_CHARACTERS)} ${detail}`;
    return this.#tallies.has(key) || this.#tallies.size < MAX_SORTS ? key : `${status}`;
  }
}
