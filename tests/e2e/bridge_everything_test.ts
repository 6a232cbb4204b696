/**
 * The official v1 client on stdio with server-everything over Streamable HTTP: every tool, prompt,
 * resource and task through the bridge as over stdio without it.
 */

import assert from "node:assert/strict";
import { server } from "../../scripts/servers.ts";
import { startEverything } from "./everything_http.ts";
import { bridge, tempFolder, testForeignClient } from "./harness.ts";
import type { Transcript } from "./scenarios/calls.ts";
import { everythingScenario } from "./scenarios/everything.ts";

testForeignClient(
  "server-everything over HTTP does all it can through the bridge",
  async () => {
    await using folder = await tempFolder();
    await using http = await startEverything();
    const { command, args } = await server("everything");
    const options = { policy: `${folder.path}/policy.yaml`, pins: `${folder.path}/pins.json` };
    const [direct, bridged] = await Promise.all([
      everythingScenario({ command, args: args() }),
      everythingScenario(bridge(http.url, options)),
    ]);
    assert.deepEqual(comparable(bridged), comparable(direct));
    assert.deepEqual(bridged.asked, [
      "elicitation/create",
      "roots/list",
      "sampling/createMessage",
    ]);
  },
);

/**
 * Without what the way itself changes: one tool tells how its server was started, only HTTP has
 * sessions, and what is said right after the handshake is said there before anybody can listen.
 */
function comparable({ quick, notified, ...others }: Transcript): unknown {
  assert.ok(Array.isArray(quick) && Array.isArray(notified));
  const transcript = {
    ...others,
    quick: quick.filter(({ name }) => name !== "get-env"),
    notified: notified.filter((method) => method !== "notifications/tools/list_changed"),
  };
  return JSON.parse(JSON.stringify(transcript).replaceAll("session undefined", "session <id>"));
}
