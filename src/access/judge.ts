/**
 * The one place where checks and policy become a verdict, and where whatever goes wrong in one of
 * them becomes a denial.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Decision, Obligation, PolicyEngine } from "./decision.ts";
import type { AccessRequest } from "./request.ts";
import type { Check, DenyReason, Finding, Step, Verdict } from "./verdict.ts";

/** What is asked of every request, in this order: `before`, the policy, `after`. */
export interface Questions {
  /** Asked before the policy; they get no decision. */
  readonly before: readonly Check[];
  /** The only one that may say allow. */
  readonly policy: PolicyEngine;
  /** Asked when the policy allows (or only observes). */
  readonly after: readonly Check[];
}

/** Circumstances of {@linkcode judge}. */
export interface JudgeOptions {
  readonly clock: Clock;
  /** An answer later than this many milliseconds is a denial. */
  readonly checkTimeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks every question in order and stops at the first denial.
 *
 * The verdict comes at once unless a check answers with a promise.
 */
export function judge(
  request: AccessRequest,
  questions: Questions,
  options: JudgeOptions,
): Verdict | Promise<Verdict> {
  return new Judgement(request, questions, options).run();
}

/** One request on its way through the questions. */
class Judgement {
  readonly #request: AccessRequest;
  readonly #questions: Questions;
  readonly #options: JudgeOptions;
  readonly #steps: Step[] = [];
  readonly #obligations: Obligation[] = [];
  #decision: Decision | undefined;
  #would: DenyReason | undefined;
  #startedMs: number;

  constructor(request: AccessRequest, questions: Questions, options: JudgeOptions) {
    this.#request = request;
    this.#questions = questions;
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  run(): Verdict | Promise<Verdict> {
    const verdict = this.#from(0);
    return verdict instanceof Promise
      ? verdict.then((settled) => this.#settle(settled))
      : this.#settle(verdict);
  }

  #from(first: number): Verdict | Promise<Verdict> {
    const { before, after } = this.#questions;
    const last = before.length + after.length;
    for (let at = first; at <= last; at++) {
      const answer = this.#ask(at);
      if (answer instanceof Promise) {
        return answer.then((found) => this.#take(at, found) ?? this.#from(at + 1));
      }
      const denied = this.#take(at, answer);
      if (denied !== undefined) return denied;
    }
    return this.#allowed();
  }

  #name(at: number): string {
    const { before, after } = this.#questions;
    return before[at]?.name ?? after[at - before.length - 1]?.name ?? "policy";
  }

  /** Puts question number `at`; what it throws, rejects with or fails to say in time is `undefined`. */
  #ask(at: number): unknown | Promise<unknown> {
    const { before, policy, after } = this.#questions;
    const { signal } = this.#options;
    try {
      const check = before[at] ?? after[at - before.length - 1];
      const answer: unknown = check === undefined
        ? policy.decide(this.#request, signal)
        : check.examine(this.#request, this.#decision, signal);
      return isPromiseLike(answer) ? inTime(answer, this.#options.checkTimeoutMs) : answer;
    } catch {
      // INVARIANT: No pass is implied: missing, thrown, late or misshapen means deny.
      return undefined;
    }
  }

  /** Books the answer to question number `at`; gives the verdict when it ends the judgement. */
  #take(at: number, answer: unknown): Verdict | undefined {
    const check = this.#name(at);
    const nowMs = this.#options.clock.monotonicMs();
    this.#steps.push({ check, us: Math.max(0, (nowMs - this.#startedMs) * 1000) });
    this.#startedMs = nowMs;
    return at === this.#questions.before.length
      ? this.#takeDecision(answer)
      : this.#takeFinding(check, answer);
  }

  #takeDecision(answer: unknown): Verdict | undefined {
    if (!isDecision(answer) || (answer.effect === "depends" && !this.#mayDepend())) {
      return this.#denied({ code: "check_failed", check: "policy" });
    }
    this.#decision = answer;
    if (answer.effect !== "deny") {
      this.#obligations.push(...answer.obligations);
      return undefined;
    }
    const reason: DenyReason = this.#request.known
      ? { code: "not_permitted", rules: answer.determining }
      : { code: "unknown_method" };
    return this.#denied(reason);
  }

  /** Completion of a URI template is for whoever may read some expansion of it; all else must be decided. */
  #mayDepend(): boolean {
    return this.#request.resource.template === true;
  }

  #takeFinding(check: string, answer: unknown): Verdict | undefined {
    if (!isFinding(answer)) return this.#denied({ code: "check_failed", check });
    if (answer.effect === "deny") return this.#denied(answer.reason);
    if (answer.obligations !== undefined) this.#obligations.push(...answer.obligations);
    return undefined;
  }

  /** A denial, or nothing when the policy only observes and the reason is one that may be observed. */
  #denied(reason: DenyReason): Verdict | undefined {
    if (this.#decision?.mode === "observe" && OBSERVABLE[reason.code]) {
      this.#would ??= reason;
      return undefined;
    }
    const denial = { effect: "deny", reason, steps: this.#steps } as const;
    return this.#decision === undefined ? denial : { ...denial, decision: this.#decision };
  }

  #allowed(): Verdict {
    const decision = this.#decision;
    if (decision === undefined) {
      return {
        effect: "deny",
        reason: { code: "check_failed", check: "policy" },
        steps: this.#steps,
      };
    }
    const allowed = {
      effect: "allow",
      decision,
      obligations: this.#obligations,
      steps: this.#steps,
    } as const;
    return this.#would === undefined ? allowed : { ...allowed, would: this.#would };
  }

  #settle(verdict: Verdict): Verdict {
    let settled = verdict;
    for (const check of [...this.#questions.before, ...this.#questions.after]) {
      try {
        check.settle?.(this.#request, verdict);
      } catch {
        // A check that cannot book a verdict has lost count: nothing passes on its word.
        const reason: DenyReason = { code: "check_failed", check: check.name };
        settled = { effect: "deny", reason, steps: this.#steps };
      }
    }
    return settled;
  }
}

/**
 * Every reason for a denial, and whether `observe` may let it pass: malformed messages, identity
 * and limits are never merely observed.
 */
const OBSERVABLE: Readonly<Record<DenyReason["code"], boolean>> = {
  not_permitted: true,
  unsafe_argument: true,
  invalid_arguments: true,
  unauthenticated: false,
  insufficient_scope: false,
  rate_limited: false,
  too_large: false,
  overloaded: false,
  unknown_method: false,
  malformed: false,
  invalid_params: false,
  id_in_flight: false,
  not_expected: false,
  check_failed: false,
  audit_failed: false,
  upstream_failed: false,
};

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

/** Settles with the answer, or with `undefined` when it fails or comes too late. */
function inTime(answer: PromiseLike<unknown>, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    const settle = (value: unknown) => {
      clearTimeout(timer);
      resolve(value);
    };
    answer.then(settle, () => settle(undefined));
  });
}

const EFFECTS: ReadonlySet<unknown> = new Set(["allow", "deny", "depends"]);
const MODES: ReadonlySet<unknown> = new Set(["enforce", "observe"]);

function isDecision(value: unknown): value is Decision {
  if (typeof value !== "object" || value === null) return false;
  const { effect, mode, action, determining, obligations } = value as Partial<Decision>;
  return EFFECTS.has(effect) && MODES.has(mode) && typeof action === "string" &&
    Array.isArray(determining) && Array.isArray(obligations);
}

function isFinding(value: unknown): value is Finding {
  if (typeof value !== "object" || value === null) return false;
  const { effect, obligations, reason } = value as {
    effect?: unknown;
    obligations?: unknown;
    reason?: { code?: unknown };
  };
  if (effect === "pass") return obligations === undefined || Array.isArray(obligations);
  return effect === "deny" && typeof reason?.code === "string" &&
    Object.hasOwn(OBSERVABLE, reason.code);
}
