/**
 * The official conformance suite: the fixture passes it, and it finds the same through the proxy.
 */

import assert from "node:assert/strict";
import { differences, failures, type Row } from "../../scripts/conformance/compare.ts";
import { compareClients, compareServers, SERVER_RUNS } from "../../scripts/conformance/runs.ts";
import { testForeignClient } from "./harness.ts";
import { PROXY, PROXY_EXISTS, testThroughProxy } from "./http_proxy.ts";

function assertGood(rows: readonly Row[]): void {
  const bad = rows.map((row) => ({
    scenario: `${row.run}: ${row.scenario}`,
    failures: failures(row),
    differences: differences(row),
  })).filter((row) => row.failures.length + row.differences.length > 0);
  assert.deepEqual(bad, []);
}

testForeignClient(
  "the conformance suite says the same of a server with the proxy as without",
  async () => {
    const rows = await compareServers(PROXY_EXISTS ? PROXY : undefined);
    assertGood(rows);
    for (const run of Object.keys(SERVER_RUNS)) {
      // 0.1.16 and the two revisions have 32, 33 and more scenarios.
      assert.ok(rows.filter((row) => row.run === run).length >= 32, run);
    }
  },
);

testThroughProxy(
  "the conformance suite says the same of a client with the proxy as without",
  async () => {
    const rows = await compareClients(PROXY);
    assertGood(rows);
    assert.ok(rows.length >= 17);
  },
);

// Sessions, resumption, headers, schemas as they came.
testForeignClient("the conformance suite says the same of a client behind the bridge", async () => {
  const rows = await compareClients("bridge");
  assertGood(rows);
  assert.ok(rows.length >= 17);
});
