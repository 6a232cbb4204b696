/**
 * Ends the child: its stdin at once, then SIGTERM and SIGKILL to its group when their time has come.
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import type { Child } from "./child.ts";
import type { Timers } from "./timers.ts";

/** Why a conversation ends. */
export type StopReason =
  | "client_done" // our stdin has ended
  | "client_gone" // our stdout is closed
  | "client_stalled"
  | "signalled"
  | "upstream_exited"
  | "upstream_silent" // its stdout has ended
  | "upstream_deaf" // its stdin is closed
  | "upstream_stalled"
  | "failed";

/** How long the child's group has before each signal, from the first reason on. */
interface Grace {
  readonly termMs: number;
  readonly killMs: number;
  /** True when whoever waits for us is as impatient as that. */
  readonly hurried: boolean;
}

// An MCP client closes our stdin, then sends SIGTERM and SIGKILL some seconds apart
// (MCP, stdio, Shutdown); ours has to be over by then.
const PATIENT = { termMs: 1_000, killMs: 3_000 };
const PROMPT = { termMs: 0, killMs: 1_500 };

const GRACE: Readonly<Record<StopReason, Grace>> = {
  client_done: { ...PATIENT, hurried: true },
  client_gone: { ...PATIENT, hurried: true },
  client_stalled: { ...PROMPT, hurried: true },
  signalled: { ...PROMPT, hurried: true },
  upstream_exited: { ...PATIENT, hurried: false },
  upstream_silent: { termMs: 250, killMs: 1_750, hurried: false },
  upstream_deaf: { ...PATIENT, hurried: false },
  upstream_stalled: { ...PROMPT, hurried: false },
  failed: { ...PROMPT, hurried: true },
};

const POLL_MS = 20;
/** After SIGKILL everything is over within that, or hangs in the kernel. */
const AFTERMATH_MS = 250;

/** What a stopper sees of a child. */
type Group = Pick<Child, "signal" | "groupLives">;

/** Options of {@linkcode Stopper}. */
export interface StopperOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called when stopping begins, once: the child's stdin is to be ended. */
  readonly onStop: (reason: StopReason) => void;
  /** Called a moment after SIGKILL: what still waits for the child waits in vain. */
  readonly onOver: (hurried: boolean) => void;
}

/** Keeps the deadlines of one child; a later reason can only bring them nearer. */
export class Stopper {
  readonly #child: Group;
  readonly #options: StopperOptions;
  #reason: StopReason | undefined;
  #hurried = false;
  #termAtMs = Infinity;
  #killAtMs = Infinity;
  #cancelTerm = () => {};
  #cancelKill = () => {};
  #killed = false;
  #disposed = false;

  constructor(child: Group, options: StopperOptions) {
    this.#child = child;
    this.#options = options;
  }

  /** The first reason given. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** True when whoever waits for us is impatient. */
  get hurried(): boolean {
    return this.#hurried;
  }

  /** Ends the child for a reason. */
  stop(reason: StopReason): void {
    if (this.#disposed) return;
    const { termMs, killMs, hurried } = GRACE[reason];
    const first = this.#reason === undefined;
    this.#reason ??= reason;
    this.#hurried ||= hurried;
    if (first) this.#options.onStop(reason);
    this.#termBy(termMs);
    this.#killBy(killMs);
  }

  /**
   * Waits until no process of the child's group is left. To be called when the child has ended and
   * its output too: what is left then is of no use to anybody.
   */
  async sweep(): Promise<void> {
    if (this.#killed || !this.#child.groupLives()) return;
    const { timers } = this.#options;
    this.#termBy(0);
    this.#killBy(GRACE.signalled.killMs);
    while (!this.#killed && this.#child.groupLives()) {
      await new Promise<void>((resolve) => timers.after(POLL_MS, resolve));
    }
  }

  /** Forgets the deadlines; later reasons change nothing. */
  dispose(): void {
    this.#disposed = true;
    this.#cancelTerm();
    this.#cancelKill();
  }

  #termBy(ms: number): void {
    const atMs = this.#options.clock.monotonicMs() + ms;
    if (atMs >= this.#termAtMs) return;
    this.#termAtMs = atMs;
    this.#cancelTerm();
    this.#cancelTerm = this.#in(ms, () => {
      this.#child.signal("SIGTERM");
      this.#child.groupLives(); // wakes a stopped group, so that it hears SIGTERM
    });
  }

  #killBy(ms: number): void {
    const atMs = this.#options.clock.monotonicMs() + ms;
    if (atMs >= this.#killAtMs) return;
    this.#killAtMs = atMs;
    this.#cancelKill();
    this.#cancelKill = this.#in(ms, () => {
      this.#killed = true;
      this.#child.signal("SIGKILL");
      const over = () => this.#options.onOver(this.#hurried);
      this.#cancelKill = this.#in(AFTERMATH_MS, over);
    });
  }

  #in(ms: number, run: () => void): () => void {
    if (ms > 0) return this.#options.timers.after(ms, run);
    run();
    return () => {};
  }
}
