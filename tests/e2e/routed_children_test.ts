/**
 * The children behind `serve`: whose they are, how many there may be, and that none is left.
 */

import assert from "node:assert/strict";
import { server } from "../../scripts/servers.ts";
import { type Running, startServe } from "./bridge.ts";
import { eventually, hostile, tempFolder } from "./harness.ts";
import { isAlive, processesNaming, residentMegabytes } from "./processes.ts";
import { RawHttp } from "./raw_http.ts";

/** Starts the proxy in front of a server that misbehaves; it may have the flags before the command. */
function before(mode: string, args: readonly string[] = [], flags: readonly string[] = []) {
  const { command, args: words, env = {} } = hostile(mode, ...args);
  const passed = Object.entries(env).map(([name, value]) => `--env=${name}=${value}`);
  return startServe([...passed, ...flags, "--", command, ...words]);
}

async function session({ origin }: Running): Promise<RawHttp> {
  const client = new RawHttp(`${origin}/mcp`);
  const { status, messages } = await client.initialize();
  assert.equal(status, 200, JSON.stringify(messages));
  assert.ok(client.session !== undefined);
  return client;
}

Deno.test("a quick answer is one body, and what the child says first makes it a stream", async () => {
  await using proxy = await before("well-behaved");
  const client = await session(proxy);
  const reply = await client.call(1, "echo", { a: 1 });
  assert.equal(reply.headers.get("content-type"), "application/json");
  assert.equal(reply.messages[0]?.id, 1);
  assert.deepEqual(reply.messages[0]?.result, {
    content: [{ type: "text", text: '{"a":1}' }],
  });
});

Deno.test("two clients with equal ids have a child each and see their own answers", async () => {
  await using proxy = await before("well-behaved");
  const [first, second] = await Promise.all([session(proxy), session(proxy)]);
  assert.notEqual(first.session, second.session);
  const held = first.call(7, "hold", { of: "first" });
  const other = await second.call(7, "echo", { of: "second" });
  assert.match(JSON.stringify(other.messages), /second/);
  // another id, as 7 is under way in this session; `hold` waits in the first child alone
  await second.call(8, "release");
  await first.call(8, "release");
  const { messages } = await held;
  assert.deepEqual(messages.map(({ id }) => id), [7]);
  assert.match(JSON.stringify(messages), /first/);
});

Deno.test("a session is nobody's without its id, and ends for good", async () => {
  await using proxy = await before("well-behaved");
  const client = await session(proxy);
  const stranger = new RawHttp(`${proxy.origin}/mcp`);
  const missing = await stranger.call(1, "echo");
  assert.equal(missing.status, 400);
  assert.equal(missing.messages[0]?.error?.code, -32000);
  stranger.session = "guessed";
  const unknown = await stranger.call(1, "echo");
  assert.deepEqual([unknown.status, unknown.messages[0]?.error?.code], [404, -32001]);
  assert.equal(await client.end(), 200);
  const ended = await client.call(1, "echo");
  assert.deepEqual([ended.status, ended.messages[0]?.error?.code], [404, -32001]);
});

Deno.test("a child that dies ends the calls under way with -31502, and its session", async () => {
  await using proxy = await before("exits-mid-call");
  const client = await session(proxy);
  const other = await session(proxy);
  const held = client.call(1, "hold");
  const died = await client.call(2, "die");
  assert.equal(died.messages[0]?.error?.code, -31502);
  assert.equal((await held).messages[0]?.error?.code, -31502);
  const after = await client.call(3, "echo");
  assert.deepEqual([after.status, after.messages[0]?.error?.code], [404, -32001]);
  assert.equal((await other.call(1, "echo")).status, 200, "the other session has its own child");
});

Deno.test("a child that is killed mid-call is told of at once", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/pid`;
  await using proxy = await before("stubborn", [file]);
  const client = await session(proxy);
  const held = client.call(1, "hold");
  Deno.kill(Number(await Deno.readTextFile(file)), "SIGKILL");
  assert.equal((await held).messages[0]?.error?.code, -31502);
  assert.equal((await client.call(3, "echo")).status, 404);
});

Deno.test("a server that cannot be started fails the call and nothing else", async () => {
  await using proxy = await startServe(["--", "/nonexistent/server"]);
  const client = new RawHttp(`${proxy.origin}/mcp`);
  const { status, messages } = await client.initialize();
  assert.deepEqual([status, messages[0]?.error?.code], [502, -31502]);
  assert.equal(client.session, undefined);
  assert.match(proxy.stderr(), /command was not found/);
});

Deno.test("there are no more children than there may be", async () => {
  await using proxy = await before("well-behaved", [], ["--max-children", "2"]);
  const first = await session(proxy);
  await session(proxy);
  const third = new RawHttp(`${proxy.origin}/mcp`);
  const refused = await third.initialize();
  assert.deepEqual([refused.status, refused.messages[0]?.error?.code], [503, -31504]);
  assert.equal(refused.messages[0]?.id, "init");
  assert.ok(refused.headers.has("retry-after"));
  await first.end();
  const again = async () => (await third.initialize()).status === 200;
  assert.ok(await eventually("room for another", again));
});

Deno.test("twenty sessions that come and go leave no child", async () => {
  await using folder = await tempFolder();
  const { command, args } = await server("filesystem");
  await using proxy = await startServe(["--", command, ...args(folder.path)]);
  const children = async () => (await processesNaming(folder.path)).length - 1;
  for (let round = 0; round < 4; round++) {
    const clients = await Promise.all(Array.from({ length: 5 }, () => session(proxy)));
    assert.equal(await children(), 5);
    for (const client of clients) {
      assert.equal((await client.call(1, "list_directory")).status, 200);
    }
    await Promise.all(clients.map((client) => client.end()));
    assert.ok(await eventually("their end", async () => await children() === 0));
  }
});

for (const how of ["DELETE", "SIGTERM", "SIGINT"] as const) {
  Deno.test(`no grandchild survives ${how}`, async () => {
    await using folder = await tempFolder();
    const file = `${folder.path}/pid`;
    await using proxy = await before("grandchild", [file]);
    const client = await session(proxy);
    const pid = Number(await eventually("a process id", () => Deno.readTextFile(file)));
    assert.ok(await isAlive(pid));
    if (how === "DELETE") await client.end();
    else await proxy.end(how);
    assert.ok(await eventually("its end", async () => !await isAlive(pid)));
  });
}

Deno.test("the preset that knows the command applies, and its name stands in patterns", async () => {
  await using folder = await tempFolder();
  const policy = await folder.write(
    "reader.yaml",
    'version: "1"\nprincipals: { r: { roles: [tester], tools: [{ pattern: "fs:*", actions: [read] }] } }\n',
  );
  const { command, args } = await server("filesystem");
  await using proxy = await startServe(["--", command, ...args(folder.path)], { policy });
  assert.match(proxy.stderr(), /server fs, preset filesystem/);
  const client = await session(proxy);
  const read = await client.call(1, "list_directory", { path: folder.path });
  assert.match(JSON.stringify(read.messages), /reader\.yaml/);
  const written = { path: `${folder.path}/new`, content: "x" };
  const refused = await client.call(2, "write_file", written);
  assert.match(JSON.stringify(refused.messages), /not_permitted|not allowed|refused/i);
  await assert.rejects(Deno.stat(`${folder.path}/new`));
});

Deno.test("a child that floods a client which does not read holds up nobody else, and little memory", async () => {
  await using proxy = await before("floods-notifications");
  const [flooded, other] = [await session(proxy), await session(proxy)];
  const controller = new AbortController();
  const response = await fetch(`${proxy.origin}/mcp`, {
    method: "POST",
    headers: {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "mcp-session-id": flooded.session ?? "",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "echo", arguments: {} },
    }),
    signal: controller.signal,
  });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  for (let at = 0; at < 20; at++) {
    assert.equal((await other.post({ id: `p${at}`, method: "ping" })).status, 200);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  assert.ok(await residentMegabytes(proxy.pid) < 400);
  assert.equal(await flooded.end(), 200);
  await response.body?.cancel();
  controller.abort();
  assert.equal((await other.post({ id: "last", method: "ping" })).status, 200);
});
