import assert from "node:assert/strict";
import { parsePolicy } from "../../src/policy/load.ts";
import { call, type CallOptions, local, token } from "./asking.ts";

const POLICY = `
version: "1"
defaults: { effect: deny }
principals:
  agent:
    roles: [agent]
    tools:
      - { pattern: "read", actions: [read], scopes: ["files:read"] }
      - { pattern: "write", actions: [execute], scopes: ["files:write"] }
      - { pattern: "write", actions: [execute], scopes: ["files:admin", "files:all"] }
      - { pattern: "drop", actions: [execute], scopes: ["files:admin"] }
  nobody:
    roles: [agent]
    tools: [{ pattern: "drop", actions: [execute], effect: deny }]
`;

async function wanted(
  tool: string,
  scopes: readonly string[],
  { who = token("https://issuer#one", { roles: ["agent"], scopes }), unknownArguments = false }:
    CallOptions = {},
): Promise<readonly string[] | undefined> {
  const policy = await parsePolicy(POLICY);
  const decision = await policy.decide(call(tool, { who, unknownArguments }));
  assert.equal(decision.effect === "allow" && decision.wantedScopes !== undefined, false);
  return decision.wantedScopes;
}

Deno.test("A denial for want of scopes names all scopes of the easiest rule, and those held already", async () => {
  assert.deepEqual(await wanted("write", []), ["files:write"]);
  assert.deepEqual(await wanted("write", ["files:read", "openid"]), ["files:read", "files:write"]);
  assert.deepEqual(await wanted("write", ["files:admin"]), ["files:admin", "files:write"]);
});

Deno.test("No scope is named where none would help: an allow, a deny rule, no rule, a list, a local principal", async () => {
  assert.equal(await wanted("write", ["files:write"]), undefined);
  assert.equal(await wanted("drop", []), undefined);
  assert.equal(await wanted("other", []), undefined);
  assert.equal(await wanted("write", [], { unknownArguments: true }), undefined);
  assert.equal(await wanted("write", [], { who: local("agent", "agent") }), undefined);
});
