import assert from "node:assert/strict";
import { parsePolicy } from "../../src/policy/load.ts";
import { conditionCompiler } from "../../src/policy/rule_conditions.ts";
import { call, local, problemsOf } from "./asking.ts";

const HEAD = `version: "1"\nprincipals:\n  devs:\n    roles: [dev]\n    tools:\n`;

Deno.test("a condition in CEL decides about calls, and a list depends on it", async () => {
  const policy = await parsePolicy(
    `${HEAD}      - pattern: "*"
        actions: [execute]
        when: |
          args.branch.startsWith("agent/") &&
            context.tool == "push"
      - { pattern: "*", actions: [read], when: 'context.action == "read"' }
servers: { s: { tools: { look: { action: read } } } }
`,
    { upstream: { name: "s" } },
  );
  const push = (args: Record<string, string>) =>
    policy.decide(call("push", { server: "s", args })).effect;
  assert.equal(push({ branch: "agent/x" }), "allow");
  assert.equal(push({ branch: "main" }), "deny");
  assert.equal(push({}), "deny", "an error allows nothing");
  assert.equal(policy.decide(call("pull", { args: { branch: "agent/x" } })).effect, "deny");
  const listed = (name: string) =>
    policy.decide(call(name, { server: "s", unknownArguments: true })).effect;
  assert.equal(listed("push"), "depends");
  assert.equal(listed("look"), "allow", "the action after classification");
});

Deno.test("a fault of CEL is reported where it stands in a block text", async () => {
  const [first] = await problemsOf(
    `${HEAD}      - pattern: t\n        actions: [execute]\n        when: >-\n          1 == 1 &&\n          args.x == nothing\n`,
  );
  assert.match(first ?? "", /^10:21 error bad-condition /);
});

Deno.test("a condition that is the same for all is an error or a warning", async () => {
  const rule = (when: string) =>
    problemsOf(`${HEAD}      - { pattern: t, actions: [execute], when: "${when}" }\n`);
  assert.match((await rule("1 == 2"))[0] ?? "", /error never-holds/);
  assert.match((await rule("1 == 1"))[0] ?? "", /warning always-holds/);
});

Deno.test("conditionCompiler() takes the time from the clock", () => {
  let nowMs = Date.UTC(2030, 0, 1, 8);
  const compile = conditionCompiler({ wallMs: () => nowMs, monotonicMs: () => 0 });
  const compiled = compile("context.time.getHours() >= 9");
  assert.ok(compiled.ok, JSON.stringify(compiled));
  const asks = () =>
    compiled.value.holds(call("t", { who: local("x") }), { action: "read", server: null });
  assert.equal(asks(), "false");
  nowMs += 3_600_000;
  assert.equal(asks(), "true");
});
