/**
 * Asking conditions in tests.
 * @module
 */

import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { compileCondition } from "../../src/policy/condition.ts";
import type {
  Condition,
  ConditionFault,
  ConditionFunctions,
  ConditionInput,
  Truth,
} from "../../src/policy/condition_types.ts";

/** 1 June 2026, 10:30 UTC, a Monday. */
export const NOON_MS = Date.UTC(2026, 5, 1, 10, 30);

/** What a condition is asked about; anything can be changed. */
export function inputOf(
  args: JsonObject | undefined,
  more: Partial<ConditionInput["principal"]> = {},
): ConditionInput {
  return {
    arguments: args,
    principal: {
      id: "ann",
      kind: "local",
      roles: new Set(["dev"]),
      scopes: new Set(["files:read"]),
      claims: { team: "core", level: 3 },
      ...more,
    },
    context: {
      timeMs: NOON_MS,
      era: "modern",
      transport: "stdio",
      server: "fs",
      tool: "write_file",
      resource: "write_file",
      action: "write",
      annotations: { readOnlyHint: false },
    },
  };
}

/** Compiles a condition that is sound. */
export function sound(source: string, functions?: ConditionFunctions): Condition {
  const compiled = compileCondition(source, functions);
  assert.ok(compiled.ok, `${source}: ${JSON.stringify(compiled)}`);
  return compiled.value;
}

/** Asks a condition about arguments. */
export function ask(source: string, args: JsonObject | undefined = {}): Truth {
  return sound(source).holds(inputOf(args));
}

/** The fault of a condition, and the part of the source that it points at. */
export function faultOf(source: string): ConditionFault & { readonly at: string } {
  const compiled = compileCondition(source);
  assert.ok(!compiled.ok, `${source} compiles`);
  const { offset, length } = compiled.error;
  return { ...compiled.error, at: source.slice(offset, offset + length) };
}
