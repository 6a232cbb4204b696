/**
 * Runs decision tables against the policies they name.
 * @module
 */

import type { Decision } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { AccessRequest, RequestContext } from "../access/request.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import { ConfigurationError } from "../base/error.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import { type Case, type CaseTable, type Outcome, readCases, type What } from "./cases.ts";
import { readBounded } from "../yaml/file.ts";
import { loadPolicy, type PolicyOptions } from "./load.ts";
import { besides } from "../yaml/file.ts";
import type { Policy } from "./policy.ts";

/** What came of a table. */
export interface CaseReport {
  /** The table's path. */
  readonly file: string;
  /** The policy's path, resolved. */
  readonly policy: string;
  readonly results: readonly CaseResult[];
  readonly failed: number;
  /** Warnings of the table. */
  readonly warnings: readonly Diagnostic[];
}

/** What came of one case. */
export interface CaseResult {
  readonly line: number;
  readonly column: number;
  /** Who and what, in a few words. */
  readonly title: string;
  readonly expected: Outcome;
  readonly actual: Outcome;
  readonly passed: boolean;
  /** What differs, each in a sentence; empty when it passed. */
  readonly differences: readonly string[];
  readonly decision: Decision;
}

/** Options of {@linkcode runCases}. */
export interface RunCasesOptions {
  readonly limits?: Pick<Limits, "maxPolicyFileBytes">;
  /** As for {@linkcode loadPolicy}. */
  readonly conditions?: PolicyOptions["conditions"];
  readonly actionReaders?: PolicyOptions["actionReaders"];
}

/**
 * Runs a decision table. The policy's path in it is relative to the table.
 *
 * @throws {ConfigurationError} when the table or the policy cannot be used.
 */
export async function runCases(file: string, options: RunCasesOptions = {}): Promise<CaseReport> {
  const { limits = DEFAULT_LIMITS, conditions, actionReaders } = options;
  const read = await readBounded(file, { what: "table", maxBytes: limits.maxPolicyFileBytes });
  if (!read.ok) throw new ConfigurationError([read.error]);
  const { table, diagnostics } = readCases(read.value, { file, limits });
  if (table === undefined) throw new ConfigurationError(diagnostics);
  const policy = besides(file, table.policy);
  const results = await runTable(table, {
    policy,
    options: {
      limits,
      ...(conditions === undefined ? {} : { conditions }),
      ...(actionReaders === undefined ? {} : { actionReaders }),
    },
  });
  const failed = results.filter(({ passed }) => !passed).length;
  return { file, policy, results, failed, warnings: diagnostics };
}

async function runTable(
  { cases }: CaseTable,
  { policy, options }: { readonly policy: string; readonly options: PolicyOptions },
): Promise<readonly CaseResult[]> {
  const compiled = new Map<string, Policy>();
  const results: CaseResult[] = [];
  for (const one of cases) {
    const key = JSON.stringify(one.upstream ?? null);
    const ready = compiled.get(key) ??
      await loadPolicy(
        policy,
        one.upstream === undefined ? options : { ...options, upstream: one.upstream },
      );
    compiled.set(key, ready);
    results.push(run(one, ready));
  }
  return results;
}

function run(one: Case, policy: Policy): CaseResult {
  const decision = policy.decide(requestOf(one, policy));
  const actual = outcomeOf(decision);
  const differences: string[] = [];
  if (actual !== one.expect) differences.push(`Expected ${one.expect}, got ${actual}`);
  if (one.action !== undefined && one.action !== decision.action) {
    differences.push(`Expected it to count as ${one.action}, got ${decision.action}`);
  }
  if (one.rule !== undefined && !decision.determining.some(({ line }) => line === one.rule)) {
    const lines = decision.determining.map(({ line }) => line).join(", ");
    differences.push(
      `Expected the rule in line ${one.rule} to decide, got ${
        lines === "" ? "no rule" : `line ${lines}`
      }`,
    );
  }
  return {
    line: one.line,
    column: one.column,
    title: titleOf(one),
    expected: one.expect,
    actual,
    passed: differences.length === 0,
    differences,
    decision,
  };
}

function outcomeOf({ effect, mode }: Decision): Outcome {
  return effect === "deny" && mode === "observe" ? "observe" : effect;
}

const CONTEXT: RequestContext = {
  traceId: "0".repeat(32),
  receivedAtMs: 0,
  direction: "client-to-upstream",
  transport: "stdio",
  revision: null,
};

function requestOf({ who, what, arguments: args }: Case, policy: Policy): AccessRequest {
  const server = policy.upstreamName;
  const principal: Principal = what.kind === "asks"
    ? { id: server ?? "upstream", kind: "upstream", roles: new Set(), scopes: new Set() }
    : { id: who.id, kind: who.kind, roles: new Set(who.roles), scopes: new Set(who.scopes) };
  const common = { principal, known: true, arguments: args, context: CONTEXT };
  const named = <Kind extends string>(kind: Kind) => ({ kind, server, name: what.name });
  switch (what.kind) {
    case "tool": {
      const context = { ...CONTEXT, annotations: annotationsOf(what) };
      return {
        ...common,
        context,
        action: "execute",
        method: "tools/call",
        resource: named("tool"),
      };
    }
    case "resource":
      return { ...common, action: "read", method: "resources/read", resource: named("resource") };
    case "template": {
      const resource = { ...named("resource"), template: true };
      const method = "resources/templates/list";
      return { ...common, action: "read", method, resource, arguments: undefined };
    }
    case "prompt":
      return { ...common, action: "read", method: "prompts/get", resource: named("prompt") };
    case "method":
      return {
        ...common,
        known: false,
        action: "execute",
        method: what.name,
        resource: named("server"),
      };
    case "asks": {
      const context = { ...CONTEXT, direction: "upstream-to-client" } as const;
      return {
        ...common,
        context,
        action: "ask-client",
        method: what.name,
        resource: named("server"),
      };
    }
  }
}

function annotationsOf({ hints }: Extract<What, { kind: "tool" }>) {
  const said = (yes: string, no: string) =>
    hints.includes(yes) ? true : hints.includes(no) ? false : undefined;
  const readOnlyHint = said("readOnly", "notReadOnly");
  const destructiveHint = said("destructive", "notDestructive");
  return {
    ...(readOnlyHint === undefined ? {} : { readOnlyHint }),
    ...(destructiveHint === undefined ? {} : { destructiveHint }),
  };
}

function titleOf({ who, what }: Case): string {
  if (what.kind === "asks") return `the server asks for ${what.name}`;
  const roles = who.roles.length === 0 ? "" : ` (${who.roles.join(", ")})`;
  return `${who.id}${roles}: ${what.kind} ${what.name}`;
}
