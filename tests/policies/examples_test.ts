import assert from "node:assert/strict";
import { formatDiagnostic } from "../../src/base/diagnostic.ts";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { checkFiles } from "../../src/cli/check_files.ts";
import { loadPolicy } from "../../src/policy/load.ts";
import { runCases } from "../../src/policy/run_cases.ts";

const FOLDER = new URL("../../policies/", import.meta.url).pathname;
const FILES = [...Deno.readDirSync(FOLDER)].filter(({ isFile }) => isFile).map(({ name }) => name);
/** A configuration, not a policy. */
const CONFIGURATION = "aegis.yaml";
const POLICIES = FILES
  .filter((name) => name.endsWith(".yaml") && !name.endsWith(".cases.yaml"))
  .filter((name) => name !== CONFIGURATION)
  .sort();

Deno.test("every example policy has a decision table", () => {
  assert.ok(POLICIES.length >= 7, POLICIES.join());
  for (const name of POLICIES) {
    assert.ok(FILES.includes(name.replace(".yaml", ".cases.yaml")), name);
  }
});

for (const name of POLICIES) {
  Deno.test(`${name} decides as its table says`, async () => {
    const table = FOLDER + name.replace(".yaml", ".cases.yaml");
    const report = await runCases(table);
    assert.equal(report.policy, FOLDER + name);
    assert.ok(report.results.length >= 5);
    assert.deepEqual(
      report.results.filter(({ passed }) => !passed).map((
        { line, title, differences },
      ) => [line, title, ...differences]),
      [],
    );
    const outcomes = new Set(report.results.map(({ actual }) => actual));
    assert.ok(outcomes.has("allow") && outcomes.size > 1, "a table shows both sides");
    assert.deepEqual(report.warnings, []);
  });

  Deno.test(`${name} is sound in itself`, async () => {
    const { warnings } = await loadPolicy(FOLDER + name);
    assert.deepEqual(warnings.map(formatDiagnostic), []);
  });
}

Deno.test("aegis.yaml is sound, and so is every policy for its upstream", async () => {
  const { checked, configurations } = await checkFiles([FOLDER + CONFIGURATION], {
    limits: DEFAULT_LIMITS,
    upstream: undefined,
  });
  assert.deepEqual(configurations.map(({ upstreams }) => upstreams.map(({ path }) => path)), [
    ["/fs/mcp", "/memory/mcp"],
  ]);
  const found = [...configurations, ...checked].flatMap(({ diagnostics }) => diagnostics);
  assert.deepEqual(found.map(formatDiagnostic), []);
  assert.equal(checked.length, 2);
});
