import assert from "node:assert/strict";
import fc from "fast-check";
import { explain } from "../../src/policy/explain.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { readPolicy } from "../../src/policy/read.ts";
import {
  call,
  completeTemplate,
  listTemplate,
  local,
  policyOf,
  printedProblems,
  problemsOf,
  readResource,
  STAND_IN,
  unknownMethod,
  WITH_CONDITIONS,
} from "./asking.ts";

const HEAD = `version: "1"\nprincipals:\n  devs:\n    roles: [dev]\n    tools:\n`;
const rules = (text: string) => policyOf(`tools:\n${text}`, WITH_CONDITIONS);

Deno.test("decide() counts a rule where its condition holds", async () => {
  const policy = await rules(`
  - { pattern: "*", actions: [execute], when: role admin }
  - { pattern: a, actions: [execute], when: arg ok }`);
  const effect = (name: string, args: Record<string, boolean>, ...roles: string[]) =>
    policy.decide(call(name, { args, who: local("x", "dev", ...roles) })).effect;
  assert.equal(effect("b", {}), "deny");
  assert.equal(effect("b", {}, "admin"), "allow");
  assert.equal(effect("a", { ok: true }), "allow");
  assert.equal(effect("a", { ok: false }), "deny");
  assert.equal(effect("a", { ok: true }), "allow", "nothing of one call is kept for the next");
});

Deno.test("decide() lets a condition that fails allow nothing, and deny all the same", async () => {
  for (const failing of ["fails", "throws", "arg missing"]) {
    const allow = await rules(`  - { pattern: "*", actions: [execute], when: ${failing} }`);
    assert.equal(allow.decide(call("t")).effect, "deny", failing);
    const deny = await rules(`
  - { pattern: "*", actions: [execute] }
  - { pattern: "*", actions: [execute], effect: deny, when: ${failing} }`);
    assert.equal(deny.decide(call("t")).effect, "deny", failing);
    assert.equal(
      deny.decide(call("t", { args: { missing: false } })).effect,
      failing === "arg missing" ? "allow" : "deny",
    );
  }
});

Deno.test("decide() says depends where the condition needs arguments that are not known", async () => {
  const listed = async (text: string, ...roles: string[]) =>
    (await rules(text)).decide(
      call("t", { unknownArguments: true, who: local("x", "dev", ...roles) }),
    ).effect;
  const allow = '  - { pattern: "*", actions: [execute], when: arg ok }';
  assert.equal(await listed(allow), "depends");
  assert.equal(await listed('  - { pattern: "*", actions: [execute], when: role admin }'), "deny");
  assert.equal(
    await listed('  - { pattern: "*", actions: [execute], when: role admin }', "admin"),
    "allow",
  );
  const all = '  - { pattern: "*", actions: [execute] }\n';
  assert.equal(await listed(all + allow), "allow", "it is allowed without the condition");
  const deny = '  - { pattern: "*", actions: [execute], effect: deny, when: arg no }';
  assert.equal(await listed(all + deny), "depends");
  assert.equal(await listed(deny), "deny");
  assert.equal(await listed(`${allow}\n${deny}`), "depends");
  assert.equal(
    await listed(`${allow}\n  - { pattern: t, actions: [execute], effect: deny }`),
    "deny",
  );
  const observed = '  - { pattern: "*", actions: [execute], effect: deny, mode: observe }\n';
  assert.equal(await listed(all + observed + deny), "depends", "some calls are only observed");
});

Deno.test("decide() never calls a condition's absent arguments an error in a list", async () => {
  const policy = await parsePolicy(`${HEAD}      - { pattern: t, actions: [execute], when: x }\n`, {
    conditions: () =>
      Promise.resolve((source: string) => ({
        ok: true as const,
        value: { source, needsArguments: true, holds: () => "error" as const },
      })),
  });
  assert.equal(policy.decide(call("t", { unknownArguments: true })).effect, "depends");
  assert.equal(policy.decide(call("t")).effect, "deny");
});

Deno.test("decide() asks conditions about resources, templates and methods too", async () => {
  const policy = await policyOf(
    `
resources:
  - { pattern: "a://*", actions: [read], when: role admin }
  - { pattern: "b://*", actions: [read] }
  - { pattern: "b://x", actions: [read], effect: deny, when: arg no }
tools:
  - { methods: [x/y], when: role admin }`,
    WITH_CONDITIONS,
  );
  const [dev, admin] = [local("x", "dev"), local("x", "dev", "admin")];
  assert.equal(policy.decide(readResource("a://1", { who: dev })).effect, "deny");
  assert.equal(policy.decide(readResource("a://1", { who: admin })).effect, "allow");
  assert.equal(policy.decide(listTemplate("a://{x}", { who: dev })).effect, "deny");
  assert.equal(policy.decide(listTemplate("a://{x}", { who: admin })).effect, "allow");
  assert.equal(policy.decide(listTemplate("b://{x}", { who: dev })).effect, "depends");
  assert.equal(policy.decide(completeTemplate("b://{x}", { who: dev })).effect, "deny");
  assert.equal(policy.decide(unknownMethod("x/y", { who: dev })).effect, "deny");
  assert.equal(policy.decide(unknownMethod("x/y", { who: admin })).effect, "allow");
});

Deno.test("decide() binds an allow to what its rules oblige to, and only where they count", async () => {
  const policy = await rules(`
  - { pattern: "*", actions: [execute], redact: [secrets], max_result_bytes: 1000 }
  - { pattern: "*", actions: [execute], redact: [github-token], when: role admin, rate: { capacity: 3, per: 1m } }`);
  const obliged = (...roles: string[]) =>
    policy.decide(call("t", { who: local("x", "dev", ...roles) })).obligations;
  assert.deepEqual(obliged(), [
    { kind: "redact", secrets: "all" },
    { kind: "max_result_bytes", maxBytes: 1000 },
  ]);
  assert.deepEqual(obliged("admin").map(({ kind }) => kind), [
    "redact",
    "max_result_bytes",
    "rate",
    "redact",
  ]);
});

Deno.test("readPolicy() reports a condition's fault where it stands", async () => {
  const at = async (when: string) =>
    (await problemsOf(
      `${HEAD}      - pattern: t\n        actions: [execute]\n        when: ${when}\n`,
      WITH_CONDITIONS,
    ))[0];
  assert.equal(await at("a bad"), "8:17 error bad-condition Not a word");
  assert.equal(await at("'it''s bad'"), "8:22 error bad-condition Not a word");
  assert.equal(
    await at("|\n          one\n            bad\n"),
    "10:13 error bad-condition Not a word",
  );
  assert.equal(
    await at(">-\n          one\n          bad\n"),
    "10:11 error bad-condition Not a word",
  );
  const printed = await printedProblems(
    `${HEAD}      - { pattern: t, actions: [execute], when: bad }\n`,
    WITH_CONDITIONS,
  );
  assert.match(printed, /hint: Mend it/);
});

Deno.test("readPolicy() refuses a condition that never holds, and needs a compiler", async () => {
  const rule = (text: string, options = {}) =>
    problemsOf(`${HEAD}      - { pattern: t, actions: [execute], ${text} }\n`, options);
  assert.match((await rule("when: false x", WITH_CONDITIONS))[0] ?? "", /6:49 error never-holds/);
  assert.match(
    (await rule("effect: deny, when: false x", WITH_CONDITIONS))[0] ?? "",
    /error never-holds/,
  );
  assert.match((await rule("when: true x", WITH_CONDITIONS))[0] ?? "", /warning always-holds/);
  assert.match((await rule("when: true", WITH_CONDITIONS))[0] ?? "", /error wrong-type/);
  assert.match((await rule("effect: deny, redact: [secrets]"))[0] ?? "", /obligation-on-deny/);
  assert.match((await rule("effect: deny, max_result_bytes: 5"))[0] ?? "", /obligation-on-deny/);
  assert.match((await rule("redact: []"))[0] ?? "", /error does-nothing/);
  assert.match((await rule("redact: [GitHub]"))[0] ?? "", /error bad-name/);
  assert.match((await rule("max_result_bytes: 0"))[0] ?? "", /error bad-number/);
  const source = `${HEAD}      - { pattern: t, actions: [execute], when: role x }\n`;
  const { diagnostics } = readPolicy(source, { file: "p" });
  assert.deepEqual(diagnostics.map(({ code }) => code), ["no-conditions"]);
  const read = readPolicy(`${HEAD}      - { pattern: t, actions: [execute], when: role x }\n`, {
    file: "p",
    compileCondition: STAND_IN,
  });
  assert.equal(read.document?.entries[0]?.rules[0]?.condition?.source, "role x");
});

Deno.test("checkPolicy() loads the compiler only for a policy with conditions", async () => {
  let loads = 0;
  const conditions = () => {
    loads++;
    return Promise.resolve(STAND_IN);
  };
  await parsePolicy(`${HEAD}      - { pattern: t, actions: [read] }\n`, { conditions });
  assert.equal(loads, 0);
  await parsePolicy(`${HEAD}      - { pattern: t, actions: [read], when: role x }\n`, {
    conditions,
  });
  assert.equal(loads, 1);
});

Deno.test("lintPolicy() calls no rule idle because of another's condition", async () => {
  const two = (a: string, b: string) =>
    problemsOf(
      `${HEAD}      - { pattern: t, actions: [read]${a} }\n      - { pattern: t, actions: [read]${b} }\n`,
      WITH_CONDITIONS,
    );
  assert.deepEqual(await two(", when: role x", ""), [
    "6:9 warning redundant-allow This rule changes nothing: the rule in line 7 allows all of it already",
  ]);
  assert.deepEqual(await two(", when: role x", ", when: role y"), []);
  assert.equal((await two(", when: role x", ", when: role x")).length, 1);
  const obliging = await two("", ", redact: [secrets]");
  assert.ok(obliging.every((line) => line.startsWith("6:")), "what obliges is not idle");
});

Deno.test("explain() says that a condition does not hold, or fails", async () => {
  const policy = await rules(`
  - { pattern: a, actions: [execute], when: role admin }
  - { pattern: b, actions: [execute], when: throws }`);
  const said = (name: string) => {
    const { rules, remedies } = explain(policy, call(name));
    return [rules[0]?.outcome, rules[0]?.because, remedies[0]];
  };
  assert.deepEqual(said("a").slice(0, 2), ["condition", "its condition (when) does not hold"]);
  assert.match(said("b")[1] ?? "", /fails, so that it allows nothing/);
  assert.match(said("a")[2] ?? "", /Ask for what the condition \(when\) at policy:7:9 allows/);
});

Deno.test("nothing hidden is callable, and nothing is hidden that some call could reach", async () => {
  const when = fc.constantFrom("", "role dev", "role ops", "arg a", "arg b", "fails", "throws");
  const rule = fc.record({
    pattern: fc.constantFrom("*", "t", "u"),
    actions: fc.constantFrom("read", "write", "delete", "execute"),
    effect: fc.constantFrom("allow", "deny"),
    mode: fc.constantFrom("", "observe", "enforce"),
    when,
  }).map(({ pattern, actions, effect, mode, when }) =>
    `      - { pattern: "${pattern}", actions: [${actions}], effect: ${effect}` +
    (mode === "" ? "" : `, mode: ${mode}`) + (when === "" ? "" : `, when: ${when}`) + " }\n"
  );
  const actions = ["read", "write", "delete", "execute"] as const;
  const calls = actions.flatMap((sql) =>
    [true, false, 0].flatMap((a) => [true, false, 0].map((b) => ({ sql, a, b })))
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { minLength: 1, maxLength: 5 }),
      fc.constantFrom("allow", "deny"),
      fc.constantFrom("t", "q"),
      async (texts, fallback, tool) => {
        const policy = await parsePolicy(
          `${HEAD}${texts.join("")}defaults: { effect: ${fallback} }
servers: { s: { tools: { q: { action: { from: sql }, arguments: { sql: sql } } } } }`,
          {
            ...WITH_CONDITIONS,
            upstream: { name: "s" },
            actionReaders: { sql: (text) => actions.find((each) => each === text) ?? "execute" },
          },
        ).catch(() => undefined);
        if (policy === undefined) return; // a deny that the linter knows to be dead
        const listed = policy.decide(call(tool, { server: "s", unknownArguments: true }));
        const passes = calls.map((args) => {
          const { effect, mode } = policy.decide(call(tool, { server: "s", args }));
          return effect === "allow" || mode === "observe";
        });
        const isHidden = listed.effect === "deny" && listed.mode === "enforce";
        if (isHidden) assert.ok(!passes.includes(true), texts.join(""));
        if (listed.effect === "allow") assert.ok(!passes.includes(false), texts.join(""));
      },
    ),
    { numRuns: 300 },
  );
});
