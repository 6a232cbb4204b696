/**
 * Clients that misbehave: each is answered with an error or ignored, and the conversation goes on.
 */

import assert from "node:assert/strict";
import { hostile, shim, tempFolder } from "./harness.ts";
import { residentMegabytes } from "./processes.ts";
import { RawClient, type RawMessage } from "./raw_client.ts";

/** Runs the shim before a well-behaved server and does the handshake. */
async function withShim(
  work: (client: RawClient) => Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  await using folder = await tempFolder();
  const launch = shim(hostile("well-behaved"), { policy: `${folder.path}/policy.yaml`, flags });
  await using client = new RawClient(launch);
  await client.initialize();
  await work(client);
  assert.ok((await client.call("echo", { still: "here" })).result, "the conversation goes on");
}

/** Sends what is wrong and gives the error that is not of an earlier request. */
async function refusal(
  client: RawClient,
  what: string | Uint8Array<ArrayBuffer>,
): Promise<RawMessage> {
  const before = client.messages.length;
  await client.send(what);
  return await client.until(
    "an error",
    (message) => message.error !== undefined && client.messages.indexOf(message) >= before,
  );
}

const encoder = new TextEncoder();

Deno.test("a line that is not UTF-8 is answered with a parse error", async () => {
  await withShim(async (client) => {
    const head = encoder.encode('{"jsonrpc":"2.0","id":77,"method":"tools/list","x":"');
    const line = new Uint8Array([...head, 0xc3, 0x28, ...encoder.encode('"}\n')]);
    assert.equal((await refusal(client, line)).error?.code, -32700);
  });
});

Deno.test("a NUL byte is answered with a parse error", async () => {
  await withShim(async (client) => {
    const { error } = await refusal(client, '{"jsonrpc":"2.0",\0"id":77,"method":"ping"}\n');
    assert.equal(error?.code, -32700);
  });
});

for (
  const [what, line] of [
    ["twice the same key", '{"jsonrpc":"2.0","id":77,"method":"ping","method":"tools/list"}'],
    ["a key that is the same once unescaped", '{"jsonrpc":"2.0","id":77,"id":78,"\\u0069d":1}'],
    ["half a surrogate pair", '{"jsonrpc":"2.0","id":77,"method":"ping","params":{"a":"\\ud800"}}'],
    ["a member of another case", '{"jsonrpc":"2.0","id":77,"method":"ping","Method":"tools/list"}'],
    ["an id with a fraction", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}'],
    ["a batch", '[{"jsonrpc":"2.0","id":77,"method":"ping"}]'],
    ["text", "hello"],
  ]
) {
  Deno.test(`a line that holds ${what} is refused, not repaired`, async () => {
    await withShim(async (client) => {
      const { error, result } = await refusal(client, `${line}\n`);
      assert.ok(error?.code === -32700 || error?.code === -32600, `code ${error?.code}`);
      assert.equal(result, undefined);
    });
  });
}

Deno.test("a line nested 100,000 deep is answered with the limit's name", async () => {
  await withShim(async (client) => {
    const nested = "[".repeat(100_000) + "]".repeat(100_000);
    const { id, error } = await refusal(
      client,
      `{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"echo","arguments":{"a":${nested}}}}\n`,
    );
    assert.equal(id, 77);
    assert.equal(error?.code, -31413);
    assert.match(JSON.stringify(error), /max.?depth/i);
  });
});

Deno.test("a line of 200 MB is answered with its id and the limit's name, in bounded memory", async () => {
  await withShim(async (client) => {
    const head = '{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"echo",';
    await client.send(`${head}"arguments":{"text":"`);
    const chunk = new Uint8Array(1_000_000).fill(120);
    let peak = 0;
    for (let sent = 0; sent < 200; sent++) {
      await client.send(chunk);
      if (sent % 40 === 39) peak = Math.max(peak, await residentMegabytes(client.pid));
    }
    const start = performance.now();
    await client.send('"}}}\n');
    const { error } = await client.answer(77);
    assert.ok(performance.now() - start < 1_000, "within a second");
    assert.equal(error?.code, -31413);
    assert.match(JSON.stringify(error), /max.?line/i);
    assert.ok(peak < 300, `${peak} MB`);
  });
});

Deno.test("an argument over --max-arg-size is answered with the limit's name", async () => {
  await withShim(async (client) => {
    const answer = await client.call("echo", { text: "x".repeat(20_000) });
    assert.match(JSON.stringify(answer), /max.?arg/i);
  }, ["--max-arg-size", "10KB"]);
});

Deno.test("an id that is in flight cannot be used again; the first call is still answered", async () => {
  await withShim(async (client) => {
    const hold = (which: number) => ({
      jsonrpc: "2.0",
      id: 77,
      method: "tools/call",
      params: { name: "hold", arguments: { which } },
    });
    await client.send(hold(1));
    const { id, error } = await refusal(client, `${JSON.stringify(hold(2))}\n`);
    assert.equal(error?.code, -32600);
    assert.ok(id === 77 || id === null);
    await client.call("release");
    const answer = await client.until(
      "the answer",
      (message) => message.id === 77 && message.result !== undefined,
    );
    assert.match(JSON.stringify(answer.result), /which\\":1/);
    const answers = client.messages.filter((message) =>
      message.id === 77 && message.result !== undefined
    );
    assert.equal(answers.length, 1);
  });
});

Deno.test("an answer to nothing is dropped", async () => {
  await withShim(async (client) => {
    const before = client.messages.length;
    await client.send({ jsonrpc: "2.0", id: 4711, result: {} });
    await client.send({ jsonrpc: "2.0", id: "x", error: { code: 1, message: "no" } });
    assert.ok((await client.request("ping")).result);
    assert.equal(client.messages.length, before + 1);
  });
});

Deno.test("a call before initialize is judged like any other", async () => {
  await using folder = await tempFolder();
  const policy = await folder.write("none.yaml", 'version: "1"\nprincipals: {}\n');
  await using client = new RawClient(shim(hostile("well-behaved"), { policy }));
  const { result } = await client.call("echo", { text: "hi" });
  assert.equal(result?.isError, true);
});

Deno.test("a request too many is answered at once; those in flight go on, and a cancelled one makes room", async () => {
  await using folder = await tempFolder();
  const policy = `${folder.path}/policy.yaml`;
  const env = { AEGIS_MAX_CONCURRENT_REQUESTS: "3" };
  await using client = new RawClient(shim(hostile("well-behaved"), { policy, env }));
  await client.initialize();
  const held = [client.call("hold", { which: 1 }), client.call("hold", { which: 2 })];
  const hold = { name: "hold", arguments: { which: 3 } };
  await client.send({ jsonrpc: "2.0", id: "third", method: "tools/call", params: hold });
  const { error } = await client.call("echo");
  assert.equal(error?.code, -31504);
  assert.equal(error?.data?.limit, "maxConcurrentRequests");
  const cancel = { requestId: "third" };
  await client.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: cancel });
  assert.ok((await client.call("release")).result);
  for (const { result } of await Promise.all(held)) assert.notEqual(result, undefined);
});
