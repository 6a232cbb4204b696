/**
 * How a conversation ends: by the client leaving, by a signal, and with nothing left behind.
 */

import assert from "node:assert/strict";
import { installed } from "../../scripts/servers.ts";
import { eventually, hostile, shim, tempFolder } from "./harness.ts";
import { isAlive, processesNaming } from "./processes.ts";
import { RawClient } from "./raw_client.ts";

/** How long a group may live after our stdin ended, and after a signal, and slack for a busy machine. */
const SLACK_MS = 2_500;
const AFTER_END_MS = 3_000 + SLACK_MS;
const AFTER_SIGNAL_MS = 1_500 + SLACK_MS;
const GONE_MS = 2_000;

/** Runs a server that leaves a process behind; `work` gets the id of that process. */
async function withLeftover(
  mode: "grandchild" | "stubborn",
  work: (client: RawClient, pid: number) => Promise<void>,
): Promise<void> {
  await using folder = await tempFolder();
  const file = `${folder.path}/pid`;
  const launch = shim(hostile(mode, file), { policy: `${folder.path}/policy.yaml` });
  await using client = new RawClient(launch);
  await client.initialize();
  const pid = Number(await eventually("a process id", () => Deno.readTextFile(file)));
  assert.ok(await isAlive(pid));
  await work(client, pid);
  const gone = await eventually("its end", async () => !await isAlive(pid), GONE_MS);
  assert.ok(gone);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

Deno.test("no grandchild survives when the client closes stdin", async () => {
  await withLeftover("grandchild", async (client) => {
    await client.closeInput();
    await client.exit;
  });
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`no grandchild survives ${signal}, and the end is quick`, async () => {
    await withLeftover("grandchild", async (client) => {
      const ms = await timed(() => {
        client.signal(signal);
        return client.exit;
      });
      assert.ok(ms < AFTER_SIGNAL_MS, `${ms} ms`);
      assert.notEqual(await client.exit, 0);
    });
  });
}

Deno.test("a server that takes no notice of its end is killed", async () => {
  await withLeftover("stubborn", async (client) => {
    const ms = await timed(async () => {
      await client.closeInput();
      return await client.exit;
    });
    assert.ok(ms < AFTER_END_MS, `${ms} ms`);
  });
});

Deno.test("a server that takes no notice of SIGTERM is killed", async () => {
  await withLeftover("stubborn", async (client) => {
    const ms = await timed(() => {
      client.signal("SIGTERM");
      return client.exit;
    });
    assert.ok(ms < AFTER_SIGNAL_MS, `${ms} ms`);
  });
});

Deno.test("a client that closes stdin mid-call: the shim ends and leaves no server behind", async () => {
  await withLeftover("grandchild", async (client) => {
    await client.send({ jsonrpc: "2.0", id: 5, method: "tools/call", params: { name: "hold" } });
    const ms = await timed(async () => {
      await client.closeInput();
      return await client.exit;
    });
    assert.ok(ms < AFTER_END_MS, `${ms} ms`);
  });
});

Deno.test("a server that ends well when its stdin ends gives the shim its exit code", async () => {
  await using folder = await tempFolder();
  const launch = shim(hostile("well-behaved"), { policy: `${folder.path}/policy.yaml` });
  await using client = new RawClient(launch);
  await client.initialize();
  await client.closeInput();
  assert.equal(await client.exit, 0, "not the 143 of a server that was told to end");
});

for (const how of ["stdin", "SIGTERM"] as const) {
  Deno.test(`nothing of npx survives the end of the shim by ${how}`, async () => {
    await using folder = await tempFolder();
    const args = ["-y", "--offline", "@modelcontextprotocol/server-filesystem", folder.path];
    // npx runs what it finds installed where it stands.
    const npx = { command: "npx", args, cwd: await installed() };
    await using client = new RawClient(shim(npx, { policy: `${folder.path}/policy.yaml` }));
    await client.initialize();
    const servers = await processesNaming(folder.path);
    assert.ok(servers.length > 2, `the shim, npx and the server run: ${servers.join("\n")}`);
    if (how === "stdin") await client.closeInput();
    else client.signal(how);
    await client.exit;
    const gone = async () => (await processesNaming(folder.path)).length === 0;
    assert.ok(await eventually("the end of all", gone, GONE_MS));
  });
}

Deno.test("a policy that is no good ends the shim with exit code 3 and leaves no server", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/pid`;
  const policy = await folder.write("bad.yaml", 'version: "1"\nprinciples: {}\n');
  await using client = new RawClient(shim(hostile("stubborn", file), { policy }));
  assert.equal(await client.exit, 3);
  assert.deepEqual(client.messages, []);
  assert.match(client.stderr, /bad\.yaml:2:1/);
  assert.deepEqual(await processesNaming(file), []);
});
