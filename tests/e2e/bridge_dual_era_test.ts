/**
 * The official v2 client on stdio with the dual-era fixture over HTTP: in both eras the same through
 * the bridge as over stdio without it.
 */

import assert from "node:assert/strict";
import { serveDualEra } from "./dual_era_http.ts";
import { bridge, deno, tempFolder, testForeignClient } from "./harness.ts";
import { dualEraScenario, type Negotiation } from "./scenarios/dual_era.ts";

const FIXTURE = deno("tests/fixtures/dual_era_server.ts");

const MODES: readonly Negotiation[] = ["legacy", "auto", { pin: "2026-07-28" }];

for (const mode of MODES) {
  testForeignClient(
    `a client that chooses ${JSON.stringify(mode)} finds the same through the bridge`,
    async () => {
      await using folder = await tempFolder();
      await using server = serveDualEra();
      const options = { policy: `${folder.path}/policy.yaml`, pins: `${folder.path}/pins.json` };
      const [direct, bridged] = await Promise.all([
        dualEraScenario(FIXTURE, mode),
        dualEraScenario(bridge(server.url, options), mode),
      ]);
      assert.deepEqual(privateLists(bridged), privateLists(direct));
    },
  );
}

/** A list filtered for one principal must not be cached for others: the bridge says `private`. */
function privateLists(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"public"', '"private"'));
}
