/**
 * The official v2 client with the dual-era fixture server, in both eras, directly and through the
 * shim.
 */

import assert from "node:assert/strict";
import { deno, shim, tempFolder, testForeignClient } from "./harness.ts";
import type { Negotiation } from "./modern_client.ts";
import { asPrivate } from "./scenarios/calls.ts";
import { DUAL_ERA_TOOLS, dualEraScenario } from "./scenarios/dual_era.ts";

const FIXTURE = deno("tests/fixtures/dual_era_server.ts");

const ERAS: readonly (readonly [Negotiation, string, string])[] = [
  ["legacy", "legacy", "2025-11-25"],
  ["auto", "modern", "2026-07-28"],
  [{ pin: "2026-07-28" }, "modern", "2026-07-28"],
];

for (const [mode, era, revision] of ERAS) {
  const how = JSON.stringify(mode);
  testForeignClient(
    `the dual-era fixture serves the ${era} era to a client that chooses ${how}`,
    async () => {
      const transcript = await dualEraScenario(FIXTURE, mode);
      assert.equal(transcript.era, era);
      assert.equal(transcript.revision, revision);
      assert.ok(Array.isArray(transcript.tools));
      assert.deepEqual(new Set(transcript.tools.map(({ name }) => String(name))), DUAL_ERA_TOOLS);
      assert.deepEqual(transcript.asked, [
        "sampling/createMessage",
        "elicitation/create",
        "elicitation/create",
        "elicitation/create",
        "roots/list",
        "elicitation/create",
        "sampling/createMessage",
      ]);
    },
  );

  testForeignClient(
    `the ${era} era is the same through the shim for a client that chooses ${how}`,
    async () => {
      await using folder = await tempFolder();
      const options = { policy: `${folder.path}/policy.yaml`, pins: `${folder.path}/pins.json` };
      const [direct, shimmed] = await Promise.all([
        dualEraScenario(FIXTURE, mode),
        dualEraScenario(shim(FIXTURE, options), mode),
      ]);
      assert.deepEqual(asPrivate(shimmed), asPrivate(direct));
    },
  );
}
