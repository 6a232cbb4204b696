import { deepEqual, equal, match } from "node:assert/strict";
import { parsePolicy } from "../../src/policy/load.ts";
import { benchPolicy, caseFile, CASES, POLICY_RULES } from "../../scripts/bench/path_cases.ts";
import { pathTable } from "../../scripts/bench/path_table.ts";

function metrics(values: Readonly<Record<string, number>>) {
  return {
    metrics: Object.fromEntries(Object.entries(values).map(([key, median]) => [key, { median }])),
  };
}

function rowOf(text: string, label: string): readonly string[] {
  const line = text.split("\n").find((row) => row.startsWith(`| ${label}`)) ?? "";
  return line.split("|").map((cell) => cell.trim()).filter((cell) => cell !== "");
}

Deno.test("pathTable() sets ratios to the parsing floor beside their targets", () => {
  const text = pathTable({
    rounds: 5,
    table: {
      [CASES.parse]: metrics({ p50_us: 100, calls_per_s_64: 50_000, list_ms: 40, hwm_big_kib: 1 }),
      [CASES.bundled]: metrics({
        p50_us: 130,
        calls_per_s_64: 29_999,
        list_ms: 81,
        hwm_big_kib: 256_000,
      }),
      [CASES.source]: metrics({
        p50_us: 131,
        calls_per_s_64: 30_000,
        list_ms: 159,
        hwm_big_kib: 256_001,
      }),
    },
  });
  deepEqual(rowOf(text, "round trip").slice(5), [
    ...["130", "1.30 ×", "≤ 1.3 ×"],
    ...["131", "1.31 ×", "≤ 1.3 × ✗"],
  ]);
  deepEqual(rowOf(text, "calls/s").slice(5), [
    ...["29,999", "0.60 ×", "≥ 0.6 × ✗"],
    ...["30,000", "0.60 ×", "≥ 0.6 ×"],
  ]);
  deepEqual(rowOf(text, "cold start").slice(5), [
    ...["81.0", "2.02 ×", "≤ 2 × ✗"],
    ...["159", "3.98 ×", "≤ 4 ×"],
  ]);
  deepEqual(rowOf(text, "peak RSS").slice(-1), ["≤ 256,000 ✗"]);
});

Deno.test("pathTable() counts a figure that was not measured as missed, and names lost messages", () => {
  const text = pathTable({
    rounds: 1,
    table: {
      [CASES.parse]: metrics({ p50_us: 100 }),
      [CASES.bundled]: { metrics: {}, errors: ["echo_10M_ms: nothing in 10000 ms"] },
    },
  });
  deepEqual(rowOf(text, "round trip").slice(5), ["–", "–", "✗", "–", "–", "✗"]);
  match(text, /^lost by aegis: echo_10M_ms: nothing in 10000 ms$/m);
});

Deno.test("benchPolicy() has 50 rules, none for nothing, and the one that allows stands last", async () => {
  const rules = benchPolicy().split("\n").filter((line) => line.includes("pattern:"));
  equal(rules.length, POLICY_RULES);
  match(rules.at(-1) ?? "", /"echo", actions: \[execute\]/);
  equal((await parsePolicy(benchPolicy())).warnings.length, 0);
});

Deno.test("caseFile() turns policy, rate limit and audit on in both of our cases", () => {
  const files = { deno: "/deno", bundled: "/dist/main.js", source: "/src/main.ts", floor: "/f.ts" };
  const { stdio } = JSON.parse(caseFile(files)) as { stdio: { name: string; argv: string[] }[] };
  deepEqual(stdio.map(({ name }) => name), [CASES.reserialise, CASES.bundled, CASES.source]);
  for (const { argv } of stdio.slice(1)) {
    for (const flag of ["--policy", "--rate-limit", "--audit"]) {
      equal(argv.includes(flag), true, `${argv}`);
    }
    deepEqual(argv.slice(-2), ["--", "{backend}"]);
  }
});
