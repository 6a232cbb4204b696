/**
 * Access requests for the tests of the two checks.
 * @module
 */

import type { Decision, Obligation } from "../../src/access/decision.ts";
import type { AccessRequest } from "../../src/access/request.ts";
import type { DenyReason, Finding, Verdict } from "../../src/access/verdict.ts";
import type { Clock } from "../../src/base/clock.ts";

/** A call of a tool by the local principal `dev`. */
export function call(changes: Partial<AccessRequest> = {}): AccessRequest {
  return {
    principal: { id: "dev", kind: "local", roles: new Set(), scopes: new Set() },
    action: "execute",
    resource: { kind: "tool", server: "fs", name: "write_file" },
    method: "tools/call",
    known: true,
    arguments: {},
    context: {
      traceId: "t",
      receivedAtMs: 0,
      direction: "client-to-upstream",
      transport: "stdio",
      revision: null,
    },
    ...changes,
  };
}

/** Somebody else than `dev`. */
export function by(id: string, kind: AccessRequest["principal"]["kind"] = "local"): AccessRequest {
  return call({ principal: { id, kind, roles: new Set(), scopes: new Set() } });
}

/** The same request, asked by the upstream. */
export function fromUpstream(request: AccessRequest): AccessRequest {
  return { ...request, context: { ...request.context, direction: "upstream-to-client" } };
}

/** An allow with these obligations. */
export function allowing(...obligations: readonly Obligation[]): Decision {
  return { effect: "allow", action: "execute", determining: [], obligations, mode: "enforce" };
}

/** A verdict that allows. */
export const ALLOWED: Verdict = {
  effect: "allow",
  decision: allowing(),
  obligations: [],
  steps: [],
};

/** A verdict that denies. */
export function denied(reason: DenyReason = { code: "not_permitted", rules: [] }): Verdict {
  return { effect: "deny", reason, steps: [] };
}

/** `pass`, or the bucket that is short and for how long. */
export function said(finding: Finding | Promise<Finding>): string {
  if (finding instanceof Promise) return "promise";
  if (finding.effect === "pass") return "pass";
  const { reason } = finding;
  return reason.code === "rate_limited" ? `${reason.bucket} ${reason.retryAfterMs}` : reason.code;
}

/** A clock that tests set. */
export class FakeClock implements Clock {
  nowMs = 0;
  monotonicMs(): number {
    return this.nowMs;
  }
  wallMs(): number {
    throw new Error("Cannot budget by the wall clock");
  }
}
