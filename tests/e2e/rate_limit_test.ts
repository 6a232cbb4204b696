/**
 * `--rate-limit` through the real command line.
 */

import assert from "node:assert/strict";
import { hostile, shim, tempFolder } from "./harness.ts";
import { RawClient } from "./raw_client.ts";

Deno.test("--rate-limit 3 lets three calls pass and tells the fourth when to come again", async () => {
  await using folder = await tempFolder();
  const policy = `${folder.path}/policy.yaml`;
  const flags = ["--rate-limit", "3"];
  await using client = new RawClient(shim(hostile("well-behaved"), { policy, flags }));
  await client.initialize();
  for (let call = 0; call < 3; call++) {
    const { result } = await client.call("echo", { call });
    assert.notEqual(result?.isError, true);
    assert.ok((await client.request("tools/list")).result, "a list draws no tokens");
  }
  const { result } = await client.call("echo");
  assert.equal(result?.isError, true);
  const meta = result?._meta as Record<string, unknown>;
  assert.equal(meta.reason, "rate_limited");
  assert.ok(Number(meta.retryAfterMs) > 0 && Number(meta.retryAfterMs) <= 20_000);
  assert.ok((await client.request("ping")).result, "other requests pass");
});
