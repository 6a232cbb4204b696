/**
 * The one place where checks and policy become a verdict, and where whatever goes wrong in one of
 * them becomes a denial.
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { answered, asDecision, asFinding, isPromiseLike, settledValue } from "./answered.ts";
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

/** What {@linkcode decide} needs. */
export type DecideOptions = Pick<JudgeOptions, "checkTimeoutMs" | "signal">;

/** Asks the policy alone; `undefined` when it throws, is late or makes no sense, which means deny. */
export function decide(
  request: AccessRequest,
  policy: PolicyEngine,
  { checkTimeoutMs, signal }: DecideOptions,
): Decision | undefined | Promise<Decision | undefined> {
  return answered(() => policy.decide(request, signal), {
    read: asDecision,
    timeoutMs: checkTimeoutMs,
  });
}

/** One request on its way through the questions. */
class Judgement {
  readonly #request: AccessRequest;
  readonly #questions: Questions;
  readonly #options: JudgeOptions;
  readonly #steps: Step[] = [];
  /** Obligations that came before the decision. */
  #early: readonly Obligation[] = [];
  /** The policy's word, with the obligations that checks added to it. */
  #decision: Decision | undefined;
  #would: DenyReason | undefined;
  #startedMs: number;

  constructor(request: AccessRequest, questions: Questions, options: JudgeOptions) {
    this.#request = request;
    this.#questions = questions;
    this.#options = options;
    this.#startedMs = request.context.receivedAtMs;
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
      const denied = at === before.length ? this.#askPolicy() : this.#askCheck(at);
      if (denied instanceof Promise) return denied.then((found) => found ?? this.#from(at + 1));
      if (denied !== undefined) return denied;
    }
    return this.#allowed();
  }

  /** Puts a question; gives the verdict when it ends the judgement. */
  #askPolicy(): Verdict | undefined | Promise<Verdict | undefined> {
    const decision = decide(this.#request, this.#questions.policy, this.#options);
    return decision instanceof Promise
      ? decision.then((found) => this.#takeDecision(found))
      : this.#takeDecision(decision);
  }

  #askCheck(at: number): Verdict | undefined | Promise<Verdict | undefined> {
    const { before, after } = this.#questions;
    const check = before[at] ?? after[at - before.length - 1];
    if (check === undefined) return this.#denied({ code: "check_failed", check: "missing" });
    const { checkTimeoutMs, signal } = this.#options;
    const examine = () => check.examine(this.#request, this.#decision, signal);
    const finding = answered(examine, { read: asFinding, timeoutMs: checkTimeoutMs });
    return finding instanceof Promise
      ? finding.then((found) => this.#takeFinding(check.name, found))
      : this.#takeFinding(check.name, finding);
  }

  #step(check: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#steps.push({ check, us: Math.max(0, (nowMs - this.#startedMs) * 1000) });
    this.#startedMs = nowMs;
  }

  #takeDecision(answer: Decision | undefined): Verdict | undefined {
    this.#step("policy");
    if (answer === undefined || answer.effect === "depends") {
      return this.#denied({ code: "check_failed", check: "policy" });
    }
    this.#decision = obliged(answer, this.#early);
    if (answer.effect !== "deny") return undefined;
    return this.#denied(this.#notAllowed(answer));
  }

  #notAllowed({ determining, wantedScopes, mode }: Decision): DenyReason {
    if (!this.#request.known) return { code: "unknown_method" };
    // what is only observed is forwarded: nobody has to get a better token for it
    return wantedScopes === undefined || mode === "observe"
      ? { code: "not_permitted", rules: determining }
      : { code: "insufficient_scope", scopes: wantedScopes };
  }

  #takeFinding(check: string, answer: Finding | undefined): Verdict | undefined {
    this.#step(check);
    if (answer === undefined) return this.#denied({ code: "check_failed", check });
    if (answer.effect === "deny") return this.#denied(answer.reason);
    if (answer.would !== undefined) this.#would ??= answer.would;
    if (answer.obligations === undefined) return undefined;
    // INVARIANT: what a check obliges to, every check after it sees in the decision.
    if (this.#decision === undefined) this.#early = [...this.#early, ...answer.obligations];
    else this.#decision = obliged(this.#decision, answer.obligations);
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
    const { obligations } = decision;
    const allowed = { effect: "allow", decision, obligations, steps: this.#steps } as const;
    return this.#would === undefined ? allowed : { ...allowed, would: this.#would };
  }

  #settle(verdict: Verdict): Verdict {
    const { before, after } = this.#questions;
    return this.#booked(after, verdict, this.#booked(before, verdict, verdict));
  }

  /** Tells checks the verdict; gives what stands when they have been told. */
  #booked(checks: readonly Check[], verdict: Verdict, standing: Verdict): Verdict {
    let settled = standing;
    for (const check of checks) {
      if (check.settle === undefined || hasBooked(check, this.#request, verdict)) continue;
      // A check that cannot book a verdict has lost count: nothing passes on its word.
      const reason: DenyReason = { code: "check_failed", check: check.name };
      settled = { effect: "deny", reason, steps: this.#steps };
    }
    return settled;
  }
}

/** Tells a check the verdict; false when it throws, or only promises to book it. */
function hasBooked(check: Check, request: AccessRequest, verdict: Verdict): boolean {
  try {
    const booked: unknown = check.settle?.(request, verdict);
    if (!isPromiseLike(booked)) return true;
    void settledValue(booked);
    return false;
  } catch {
    return false; // told to whoever asked: the verdict becomes a denial
  }
}

/** The decision with more to do for it to stand. */
function obliged(decision: Decision, more: readonly Obligation[]): Decision {
  return more.length === 0
    ? decision
    : { ...decision, obligations: [...decision.obligations, ...more] };
}

/**
 * Every reason for a denial, and whether `observe` may let it pass: malformed messages, identity
 * and limits are never merely observed.
 */
const OBSERVABLE: Readonly<Record<DenyReason["code"], boolean>> = {
  not_permitted: true,
  unsafe_argument: true,
  invalid_arguments: true,
  tool_changed: true,
  unusable_tool: false,
  unsafe_result: true,
  unauthenticated: false,
  insufficient_scope: false,
  rate_limited: false,
  too_large: false,
  overloaded: false,
  unknown_method: false,
  malformed: false,
  invalid_params: false,
  header_mismatch: false,
  id_in_flight: false,
  not_expected: false,
  check_failed: false,
  audit_failed: false,
  upstream_failed: false,
};
