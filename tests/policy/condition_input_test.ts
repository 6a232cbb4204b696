import assert from "node:assert/strict";
import type { AccessRequest } from "../../src/access/request.ts";
import { conditionInput } from "../../src/policy/condition_input.ts";
import { sound } from "./condition_asking.ts";

const REQUEST: AccessRequest = {
  principal: { id: "ann", kind: "local", roles: new Set(["dev"]), scopes: new Set() },
  action: "execute",
  resource: { kind: "tool", server: null, name: "query" },
  method: "tools/call",
  known: true,
  arguments: { sql: "SELECT 1" },
  context: {
    traceId: "0".repeat(32),
    receivedAtMs: 1,
    direction: "client-to-upstream",
    transport: "stdio",
    revision: "2025-11-25",
    annotations: { readOnlyHint: true },
  },
};

Deno.test("conditionInput() gives the classified action, the server by the policy and the wall clock", () => {
  const input = conditionInput(REQUEST, {
    timeMs: Date.UTC(2026, 0, 1),
    action: "read",
    server: "db",
  });
  const condition = sound(
    'context.action == "read" && context.server == "db" && context.tool == "query" && ' +
      'context.era == "legacy" && context.annotations.readOnlyHint && ' +
      'context.time == timestamp("2026-01-01T00:00:00Z") && args.sql == "SELECT 1"',
  );
  assert.equal(condition.holds(input), "true");
});

Deno.test("conditionInput() leaves unknown arguments unknown, and names no tool where there is none", () => {
  const input = conditionInput({
    ...REQUEST,
    arguments: undefined,
    resource: { kind: "resource", server: "db", name: "file:///a" },
    context: { ...REQUEST.context, revision: "2026-07-28" },
  }, { timeMs: 0, action: "read", server: null });
  assert.equal(sound('args.sql == ""').holds(input), "unknown");
  const condition = sound(
    'context.tool == "" && context.resource == "file:///a" && context.server == "" && ' +
      'context.era == "modern"',
  );
  assert.equal(condition.holds(input), "true");
});
