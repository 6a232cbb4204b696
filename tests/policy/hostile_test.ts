import assert from "node:assert/strict";
import { checkPolicy } from "../../src/policy/load.ts";
import { readPolicy } from "../../src/policy/read.ts";
import { call, local, policyOf } from "./asking.ts";

async function timed<T>(work: () => T | Promise<T>): Promise<[value: T, ms: number]> {
  const startMs = performance.now();
  const value = await work();
  return [value, performance.now() - startMs];
}

function manyRules(count: number): string {
  const rules = Array.from(
    { length: count },
    (_, i) => `      - { pattern: "s${i % 7}:*_${i}_*", actions: [read] }\n`,
  );
  return `version: "1"\nprincipals:\n  dev:\n    roles: [dev]\n    tools:\n${rules.join("")}`;
}

Deno.test("checkPolicy() takes thirty thousand rules in linear time", async () => {
  const upstream = { name: "s1" };
  await checkPolicy(manyRules(500), { upstream });
  const [small, smallMs] = await timed(() => checkPolicy(manyRules(3_000), { upstream }));
  const [large, largeMs] = await timed(() => checkPolicy(manyRules(30_000), { upstream }));
  assert.ok(small.policy !== undefined && large.policy !== undefined);
  assert.equal(large.policy.ruleCount, 30_000);
  assert.ok(
    largeMs < 40 * smallMs + 500,
    `${smallMs} ms, then ${largeMs} ms for ten times as much`,
  );
  const who = local("x", "dev");
  assert.equal(large.policy.decide(call("a_8_b", { who, server: "s1" })).effect, "deny");
  const asked = { ...call("a_8_b", { who, server: "s1" }), action: "read" } as const;
  assert.equal(large.policy.decide(asked).effect, "allow");
});

Deno.test("readPolicy() refuses ten million bytes of any kind in seconds", async () => {
  const size = 9_900_000;
  const kinds: Record<string, string> = {
    brackets: "[".repeat(size),
    aliases: "a: &a [x]\nb: [" + "*a,".repeat(size / 30) + "]",
    dashes: "- ".repeat(size / 2),
    comments: "# x\n".repeat(size / 4),
    "one scalar": `version: "${"x".repeat(size)}"`,
    "one key": `${"k".repeat(size)}: 1`,
    quotes: `a: ${'"'.repeat(size)}`,
    "open quote": `a: "${"\\n".repeat(size / 2)}`,
    "deficient brackets": "a: [\n" + "b,\n".repeat(size / 60) + "]\n",
    "wrong keys": Array.from({ length: 60_000 }, (_, i) => `k${i}: x\n`).join(""),
    tabs: "a:\n" + "\t".repeat(size),
    stars: "a: " + "*".repeat(size),
  };
  for (const [kind, text] of Object.entries(kinds)) {
    const [{ document, diagnostics }, ms] = await timed(() => readPolicy(text, { file: "p" }));
    assert.ok(diagnostics.some(({ severity }) => severity === "error"), kind);
    assert.ok(diagnostics.length <= 202 && document?.entries.length !== 1, kind);
    assert.ok(ms < 20_000, `${kind}: ${ms} ms`);
    const longest = Math.max(
      ...diagnostics.map(({ message, hint = "" }) => message.length + hint.length),
    );
    assert.ok(longest < 1000, `${kind}: a diagnostic of ${longest} characters`);
  }
});

Deno.test("decide() stays linear in names of megabytes, and remembers none of them", async () => {
  const piece = "ab".repeat(200) + "c";
  const policy = await policyOf(`tools: [{ pattern: "*${piece}*${piece}*", actions: [execute] }]`);
  const judge = (length: number) => policy.decide(call("ab".repeat(length / 2))).effect;
  judge(100_000);
  const [, once] = await timed(() => judge(500_000));
  const [, tenfold] = await timed(() => judge(5_000_000));
  assert.ok(tenfold < 40 * once + 50, `${once} ms, then ${tenfold} ms for ten times as much`);
});

Deno.test("decide() costs no memory to speak of, whatever names it is asked about", async () => {
  const policy = await policyOf(`tools: [{ pattern: "*_ok", actions: [execute] }]`);
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < 60_000; i++) {
    const who = local(`p${i % 1000}`, i % 2 === 0 ? "dev" : `role${i}`);
    policy.decide(call(`tool_${i}_${"x".repeat(100)}_ok`, { who }));
  }
  const grownBytes = Deno.memoryUsage().heapUsed - before;
  assert.ok(grownBytes < 100_000_000, `${grownBytes} bytes`);
});
