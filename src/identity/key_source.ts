/**
 * Keys of one issuer as time goes on: read when needed, at most once a window, kept while they cannot
 * be read again.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import { err, type Result } from "../base/result.ts";
import type { KeySet, VerificationKey, WantedKey } from "./key_set.ts";

/** Reads the keys anew; never rejects. The error is for the operator. */
export type LoadKeys = (
  previous: KeySet | undefined,
  signal: AbortSignal,
) => Promise<Result<KeySet, string>>;

/** How long keys are good, all in milliseconds. */
export interface KeyTimes {
  /** No two reads start within. */
  readonly cooldownMs: number;
  /** Older keys are read again. */
  readonly freshMs: number;
  /** Keys older than this are used no more, whatever keeps them from being read. */
  readonly staleMs: number;
  /** Whether what is due is waited for; else the keys at hand are used meanwhile. */
  readonly waits: boolean;
}

/** Options of {@linkcode KeySource}. */
export interface KeySourceOptions {
  readonly issuer: string;
  readonly load: LoadKeys;
  readonly times: KeyTimes;
  readonly clock: Clock;
  readonly log: Logger;
}

const MAX_UNKNOWN = 1_000;
/** A kid that was not there when the keys were read for it causes no other read for so many windows. */
const UNKNOWN_WINDOWS = 2;

/** The keys of one issuer. */
export class KeySource {
  readonly #options: KeySourceOptions;
  readonly #closed = new AbortController();
  #keys: KeySet | undefined;
  #readAtMs = -Infinity;
  #triedAtMs = -Infinity;
  #reading: Promise<void> | undefined;
  #problem: string | undefined;
  /** Until when a kid is known to be unknown, the oldest first. */
  readonly #unknown = new Map<string, number>();

  /** Reads nothing yet. */
  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  /** Why the last read failed, for the operator. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The keys that may be used without waiting. Starts to read them when they are due. */
  current(): KeySet | undefined {
    const { times: { freshMs, waits } } = this.#options;
    const ageMs = this.#ageMs();
    if (ageMs < freshMs) return this.#keys;
    const reading = this.#read();
    return waits && reading !== undefined ? undefined : this.#usable();
  }

  /** The keys, read first when there are none or they are due; `undefined` when they cannot be had. */
  async latest(): Promise<KeySet | undefined> {
    const held = this.current();
    if (held !== undefined) return held;
    await this.#read();
    return this.#usable();
  }

  /** The key a token means; reads the keys again for one that is not there, where the window allows it. */
  async find(
    wanted: WantedKey,
  ): Promise<Result<VerificationKey, "keys-unavailable" | "unknown-key" | "ambiguous-key">> {
    const held = await this.latest();
    if (held === undefined) return err("keys-unavailable");
    const found = held.find(wanted);
    if (found.ok || found.error === "ambiguous-key" || this.#isKnownUnknown(wanted)) return found;
    const reading = this.#read();
    if (reading === undefined) return found;
    await reading;
    const again = this.#usable()?.find(wanted) ?? err("keys-unavailable");
    if (!again.ok) this.#noteUnknown(wanted);
    return again;
  }

  /** Ends a read that is under way, and reads no more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#reading;
  }

  #ageMs(): number {
    return this.#options.clock.monotonicMs() - this.#readAtMs;
  }

  #usable(): KeySet | undefined {
    return this.#ageMs() < this.#options.times.staleMs ? this.#keys : undefined;
  }

  // INVARIANT: One read at most per window, whatever kids arrive; reads at the same time are one.
  #read(): Promise<void> | undefined {
    if (this.#reading !== undefined) return this.#reading;
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#closed.signal.aborted || nowMs - this.#triedAtMs < this.#options.times.cooldownMs) {
      return undefined;
    }
    this.#triedAtMs = nowMs;
    const reading = this.#readNow().finally(() => this.#reading = undefined);
    this.#reading = reading;
    return reading;
  }

  async #readNow(): Promise<void> {
    const startedMs = this.#options.clock.monotonicMs();
    const loaded = await this.#loadSafely();
    if (this.#closed.signal.aborted) return;
    this.#tell(loaded);
    if (!loaded.ok) return;
    this.#keys = loaded.value;
    this.#readAtMs = startedMs;
  }

  async #loadSafely(): Promise<Result<KeySet, string>> {
    try {
      return await this.#options.load(this.#keys, this.#closed.signal);
    } catch (error) {
      // A loader does not throw; should one, there are no new keys, and nobody waits for ever.
      return err(error instanceof Error ? error.message : String(error));
    }
  }

  #tell(loaded: Result<KeySet, string>): void {
    const { issuer, log, times } = this.#options;
    const before = this.#problem;
    this.#problem = loaded.ok ? undefined : loaded.error;
    if (!loaded.ok) {
      if (loaded.error === before) return; // told already, when it began
      log.log("WARNING", `Cannot read the keys of an issuer: ${loaded.error}`, {
        issuer,
        keptForMs: this.#keys === undefined ? 0 : Math.max(0, times.staleMs - this.#ageMs()),
      });
    } else if (loaded.value.size === 0) {
      log.log("WARNING", "An issuer has no key that can be used: its tokens are refused", {
        issuer,
      });
    } else if (before !== undefined) {
      log.log("INFO", "The keys of an issuer can be read again", { issuer });
    }
  }

  #isKnownUnknown(wanted: WantedKey): boolean {
    const untilMs = this.#unknown.get(nameOf(wanted));
    return untilMs !== undefined && this.#options.clock.monotonicMs() < untilMs;
  }

  #noteUnknown(wanted: WantedKey): void {
    const name = nameOf(wanted);
    const { clock, times } = this.#options;
    this.#unknown.delete(name);
    this.#unknown.set(name, clock.monotonicMs() + UNKNOWN_WINDOWS * times.cooldownMs);
    if (this.#unknown.size <= MAX_UNKNOWN) return;
    for (const [oldest] of this.#unknown) {
      this.#unknown.delete(oldest);
      break;
    }
  }
}

function nameOf({ alg, kid }: WantedKey): string {
  return JSON.stringify([alg, kid]);
}
