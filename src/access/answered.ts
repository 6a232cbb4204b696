/**
 * What the policy and the checks answer: waited for no longer than allowed, and read strictly.
 *
 * INVARIANT: No pass is implied: missing, thrown, late or misshapen means deny. All four are
 * `undefined` here.
 * @module
 */

import { startDeadline } from "../base/deadline.ts";
import type { Decision } from "./decision.ts";
import type { DenyReason, Finding } from "./verdict.ts";

/** How an answer is taken. */
export interface Reading<T> {
  /** Gives the answer when it has the right shape. */
  readonly read: (answer: unknown) => T | undefined;
  /** A later answer is none. */
  readonly timeoutMs: number;
}

/** Puts a question; what it throws, rejects with, fails to say in time or says in no shape is `undefined`. */
export function answered<T>(
  question: () => unknown,
  options: Reading<T>,
): T | undefined | Promise<T | undefined> {
  try {
    const answer = question();
    return isPromiseLike(answer) ? inTime(answer, options) : options.read(answer);
  } catch {
    return undefined; // thrown: no answer
  }
}

/** A promise of anybody's making. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

/** Settles with the answer, or with `undefined` when it fails or comes too late. */
async function inTime<T>(
  answer: PromiseLike<unknown>,
  { read, timeoutMs }: Reading<T>,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const cancel = startDeadline(timeoutMs, () => late.resolve(undefined));
  try {
    return read(await Promise.race([settledValue(answer), late.promise]));
  } catch {
    return undefined; // an answer that cannot even be read is misshapen
  } finally {
    cancel();
  }
}

/** What a promise of anybody's making comes to; `undefined` when it fails. Never rejects. */
export async function settledValue(answer: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch {
    return undefined; // thrown by `then` or rejected with: no answer either way
  }
}

type Test = (value: unknown) => boolean;

/** The members, beside its code, that a reason of a foreign check has to have for a client to be told. */
const MEMBERS: Readonly<Record<DenyReason["code"], Readonly<Record<string, Test>>>> = {
  not_permitted: { rules: Array.isArray },
  unsafe_argument: { pointer: isText, detail: isText },
  invalid_arguments: { pointer: isText, detail: isText },
  tool_changed: { detail: isText },
  unusable_tool: { detail: isText },
  unsafe_result: { rule: isText, detail: isText },
  unauthenticated: {},
  insufficient_scope: { scopes: Array.isArray },
  rate_limited: { bucket: isText, retryAfterMs: isNumber },
  too_large: { limit: isText, max: isNumber },
  overloaded: { limit: isText, max: isNumber },
  unknown_method: {},
  malformed: { detail: isText, parse: isBoolean },
  invalid_params: { pointer: isText, detail: isText },
  header_mismatch: { detail: isText },
  id_in_flight: {},
  not_expected: { detail: isText },
  check_failed: { check: isText },
  audit_failed: {},
  upstream_failed: { detail: isText },
};

const EFFECTS: ReadonlySet<unknown> = new Set(["allow", "deny", "depends"]);
const MODES: ReadonlySet<unknown> = new Set(["enforce", "observe"]);

/** A decision that has every member in its shape. */
export function asDecision(value: unknown): Decision | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { effect, mode, action, determining, obligations, wantedScopes } = value as Partial<
    Decision
  >;
  const sound = EFFECTS.has(effect) && MODES.has(mode) && typeof action === "string" &&
    Array.isArray(determining) && determining.every(isObjectLike) &&
    Array.isArray(obligations) && obligations.every(isObjectLike) &&
    (wantedScopes === undefined || (Array.isArray(wantedScopes) && wantedScopes.every(isText)));
  return sound ? value as Decision : undefined;
}

/** A finding that has every member in its shape. */
export function asFinding(value: unknown): Finding | undefined {
  if (!isObjectLike(value)) return undefined;
  const { effect, obligations, reason, would } = value;
  const sound = effect === "pass"
    ? (obligations === undefined ||
      (Array.isArray(obligations) && obligations.every(isObjectLike))) &&
      (would === undefined || isReason(would))
    : effect === "deny" && isReason(reason);
  return sound ? value as unknown as Finding : undefined;
}

function isReason(value: unknown): value is DenyReason {
  if (!isObjectLike(value)) return false;
  const { code } = value;
  if (typeof code !== "string" || !Object.hasOwn(MEMBERS, code)) return false;
  const members = MEMBERS[code as DenyReason["code"]];
  return Object.entries(members).every(([name, test]) => test(value[name]));
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isObjectLike(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
