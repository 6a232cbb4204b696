/**
 * A server that changes a tool while it runs, before a real shim: pinned, refused, shown, accepted.
 */

import assert from "node:assert/strict";
import { deno, hostile, type Launch, shim, tempFolder } from "./harness.ts";
import { RawClient } from "./raw_client.ts";

async function toolNames(client: RawClient): Promise<string[]> {
  const { result } = await client.request("tools/list");
  assert.ok(Array.isArray(result?.tools));
  return result.tools.map(({ name }) => String(name));
}

async function run({ command, args, env = {} }: Launch): Promise<{ code: number; out: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: { ...env },
  }).output();
  return { code, out: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("a tool that changes is hidden and refused, pin shows the difference, accepted it is back", async () => {
  await using folder = await tempFolder();
  const description = await folder.write("description.txt", "Gives back what it gets.");
  const server = hostile("changes", description);
  const env = { XDG_STATE_HOME: `${folder.path}/state` };
  const withState = (launch: Launch): Launch => ({ ...launch, env: { ...launch.env, ...env } });
  const place = `${folder.path}/state/mcp-aegis/pins/echoing.json`;
  const policy = `${folder.path}/policy.yaml`;
  const launch = shim(server, { policy, pins: place, flags: ["--name", "echoing"], env });
  // Without --pins, which is how most people run it.
  const at = launch.args.indexOf("--pins");
  await using client = new RawClient({ ...launch, args: launch.args.toSpliced(at, 2) });
  await client.initialize();
  assert.deepEqual(await toolNames(client), ["echo", "hold"]);
  assert.ok((await client.call("echo", { n: 1 })).result?.content);

  await Deno.writeTextFile(description, "Gives back what it gets!");
  assert.deepEqual(await toolNames(client), ["hold"]);
  const refused = await client.call("echo", { n: 2 });
  assert.equal(refused.result?.isError, true);
  assert.match(JSON.stringify(refused), /has changed since it was pinned \(description\)/);
  assert.match(client.stderr, new RegExp(`info: pinned 2 tools of echoing in ${place}`));
  assert.equal(client.stderr.match(/warning: the tool "echo" of echoing/g)?.length, 1);

  const pin = (...flags: string[]) =>
    run(withState(
      deno(
        "src/cli/main.ts",
        ...["pin", "--name", "echoing", ...flags, "--", server.command, ...server.args],
      ),
    ));
  const shown = await pin();
  assert.equal(shown.code, 1, shown.out);
  assert.match(shown.out, /changed {2}echo\n {4}\/description\n.*gets\.\n.*gets!/);
  assert.deepEqual(await toolNames(client), ["hold"], "nothing is taken by looking");
  assert.equal((await pin("--accept")).code, 0);
  assert.equal((await pin()).code, 0);
  assert.deepEqual(await toolNames(client), ["echo", "hold"]);
  assert.ok((await client.call("echo", { n: 3 })).result?.content);
  await client.closeInput();
  assert.equal(await client.exit, 0);
});

Deno.test("a lock file that cannot be used refuses every list of tools, and stderr says why", async () => {
  await using folder = await tempFolder();
  const pins = await folder.write("pins.json", "{}");
  const launch = shim(hostile("well-behaved"), { policy: `${folder.path}/policy.yaml`, pins });
  await using client = new RawClient(launch);
  await client.initialize();
  const { error } = await client.request("tools/list");
  assert.equal(error?.code, -31503);
  assert.match(client.stderr, /error: the tools of command-[0-9a-f]+ are refused: .*version 1/);
  assert.equal(await Deno.readTextFile(pins), "{}");
});
