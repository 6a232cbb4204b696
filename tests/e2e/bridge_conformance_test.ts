/**
 * The official conformance suite finds the same of a client behind the bridge as of one that speaks
 * HTTP itself: sessions, resumption, headers, schemas as they came.
 */

import assert from "node:assert/strict";
import { differences, failures } from "../../scripts/conformance/compare.ts";
import { compareClients } from "../../scripts/conformance/runs.ts";
import { testForeignClient } from "./harness.ts";

testForeignClient("the conformance suite says the same of a client behind the bridge", async () => {
  const rows = await compareClients("bridge");
  const bad = rows.map((row) => ({
    scenario: `${row.run}: ${row.scenario}`,
    failures: failures(row),
    differences: differences(row),
  })).filter((row) => row.failures.length + row.differences.length > 0);
  assert.deepEqual(bad, []);
  assert.ok(rows.length >= 17);
});
