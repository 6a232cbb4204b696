import assert from "node:assert/strict";
import type { Decision, PolicyEngine } from "../../src/access/decision.ts";
import { judge, type Questions } from "../../src/access/judge.ts";
import type { AccessRequest } from "../../src/access/request.ts";
import type { Check, Finding, Verdict } from "../../src/access/verdict.ts";
import { systemClock } from "../../src/base/clock.ts";

const request: AccessRequest = {
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
};

const allow: Decision = {
  effect: "allow",
  action: "write",
  determining: [],
  obligations: [],
  mode: "enforce",
};

function policy(answer: unknown): PolicyEngine {
  return { hash: "sha256:0", decide: () => answer as Decision };
}

function check(name: string, answer: () => unknown): Check {
  return { name, examine: () => answer() as Finding };
}

function ask(questions: Partial<Questions>, checkTimeoutMs = 1000): Verdict | Promise<Verdict> {
  return judge(
    request,
    { before: [], policy: policy(allow), after: [], ...questions },
    { clock: systemClock, checkTimeoutMs },
  );
}

function denial(verdict: Verdict): unknown {
  return verdict.effect === "deny" ? verdict.reason : `allowed`;
}

Deno.test("judge() allows at once when the policy allows and every check passes at once", () => {
  const verdict = ask({ after: [check("a", () => ({ effect: "pass" }))] });
  assert.ok(!(verdict instanceof Promise));
  assert.equal(verdict.effect, "allow");
  assert.deepEqual(verdict.steps.map((step) => step.check), ["policy", "a"]);
});

const misshapen: readonly (readonly [string, unknown])[] = [
  ["nothing", undefined],
  ["null", null],
  ["true", true],
  ["a word", "allow"],
  ["an empty object", {}],
  ["an unknown effect", { effect: "ALLOW" }],
  ["a denial without a reason", { effect: "deny" }],
  ["a denial with an unknown reason", { effect: "deny", reason: { code: "constructor" } }],
  ["obligations that are no list", { effect: "pass", obligations: {} }],
];

for (const [what, answer] of misshapen) {
  Deno.test(`No pass is implied: missing, thrown, late or misshapen means deny (a check that says ${what})`, () => {
    const verdict = ask({ after: [check("odd", () => answer)] });
    assert.ok(!(verdict instanceof Promise));
    assert.deepEqual(denial(verdict), { code: "check_failed", check: "odd" });
  });
}

for (
  const [what, answer] of [
    ...misshapen,
    ["depends on known arguments", { ...allow, effect: "depends" }],
    ["allow without obligations", { ...allow, obligations: undefined }],
    ["allow in an unknown mode", { ...allow, mode: "off" }],
  ] as const
) {
  Deno.test(`No pass is implied: missing, thrown, late or misshapen means deny (a policy that says ${what})`, () => {
    const verdict = ask({ policy: policy(answer) });
    assert.ok(!(verdict instanceof Promise));
    assert.deepEqual(denial(verdict), { code: "check_failed", check: "policy" });
  });
}

Deno.test("No pass is implied: missing, thrown, late or misshapen means deny (thrown)", async () => {
  const thrown = check("bad", () => {
    throw new Error("x");
  });
  assert.deepEqual(denial(await ask({ before: [thrown] })), { code: "check_failed", check: "bad" });
  const rejected = check("bad", () => Promise.reject(new Error("x")));
  assert.deepEqual(denial(await ask({ after: [rejected] })), {
    code: "check_failed",
    check: "bad",
  });
  const engine = policy(undefined);
  engine.decide = () => Promise.reject(new Error("x"));
  assert.deepEqual(denial(await ask({ policy: engine })), {
    code: "check_failed",
    check: "policy",
  });
});

Deno.test("No pass is implied: missing, thrown, late or misshapen means deny (late)", async () => {
  const never = check("slow", () => new Promise(() => {}));
  assert.deepEqual(denial(await ask({ after: [never] }, 10)), {
    code: "check_failed",
    check: "slow",
  });
});

Deno.test("judge() waits only for promises and keeps the order of the questions", async () => {
  const order: string[] = [];
  const say = (name: string, answer: unknown) =>
    check(name, () => {
      order.push(name);
      return answer;
    });
  const verdict = await ask({
    before: [say("first", Promise.resolve({ effect: "pass" }))],
    after: [
      say("second", { effect: "pass" }),
      say("third", Promise.resolve({ effect: "deny", reason: { code: "id_in_flight" } })),
      say("never", { effect: "pass" }),
    ],
  });
  assert.deepEqual(order, ["first", "second", "third"]);
  assert.deepEqual(denial(verdict), { code: "id_in_flight" });
});

Deno.test("judge() in observe mode lets a denial by policy pass and says what it would have been", () => {
  const observed: Decision = { ...allow, effect: "deny", mode: "observe" };
  const verdict = ask({ policy: policy(observed) });
  assert.ok(!(verdict instanceof Promise) && verdict.effect === "allow");
  assert.deepEqual(verdict.would, { code: "not_permitted", rules: [] });
});

Deno.test("judge() in observe mode still enforces limits", () => {
  const observed: Decision = { ...allow, effect: "deny", mode: "observe" };
  const limited = check(
    "rate-limit",
    () => ({ effect: "deny", reason: { code: "rate_limited", bucket: "b", retryAfterMs: 1 } }),
  );
  const verdict = ask({ policy: policy(observed), after: [limited] });
  assert.ok(!(verdict instanceof Promise));
  assert.equal(verdict.effect, "deny");
});

Deno.test("judge() tells every check the verdict, and denies when one cannot book it", async () => {
  const told: string[] = [];
  const good: Check = {
    name: "good",
    examine: () => ({ effect: "pass" }),
    settle: (_, verdict) => void told.push(verdict.effect),
  };
  assert.equal((await ask({ before: [good], after: [good] })).effect, "allow");
  assert.deepEqual(told, ["allow", "allow"]);
  const bad: Check = {
    ...good,
    name: "bad",
    settle: () => {
      throw new Error("lost count");
    },
  };
  assert.deepEqual(denial(await ask({ before: [bad] })), { code: "check_failed", check: "bad" });
});

Deno.test("judge() calls an unknown method unknown, not forbidden", () => {
  const verdict = judge(
    { ...request, known: false, method: "x/y" },
    { before: [], policy: policy({ ...allow, effect: "deny" }), after: [] },
    { clock: systemClock, checkTimeoutMs: 1000 },
  );
  assert.ok(!(verdict instanceof Promise));
  assert.deepEqual(denial(verdict), { code: "unknown_method" });
});
