/**
 * Upstreams that misbehave: nothing of it reaches the client, no call waits for ever, memory stays
 * bounded.
 */

import assert from "node:assert/strict";
import { hostile, shim, type ShimOptions, tempFolder } from "./harness.ts";
import { residentMegabytes } from "./processes.ts";
import { HANDSHAKE, RawClient } from "./raw_client.ts";

const MEMORY_MEGABYTES = 250;
/** The group is killed 3 s after our stdin ended; the rest is slack for a busy machine. */
const LEAVE_MS = 3_000 + 2_500;

/** Runs the shim before the fixture in this mode and does the handshake. */
async function withUpstream(
  mode: string,
  work: (client: RawClient, folder: string) => Promise<void>,
  options: Partial<ShimOptions> & { capabilities?: object; read?: boolean } = {},
): Promise<void> {
  const { capabilities, read, ...rest } = options;
  await using folder = await tempFolder();
  const launch = shim(hostile(mode), { policy: `${folder.path}/policy.yaml`, ...rest });
  await using client = new RawClient(launch, { read: read ?? true });
  if (read === false) {
    await client.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: HANDSHAKE });
  } else {
    await client.initialize(capabilities);
  }
  await work(client, folder.path);
}

/** Watches for a while; gives the most memory seen. */
async function peakMegabytes(pid: number, forMs = 1000): Promise<number> {
  let peak = 0;
  for (const end = performance.now() + forMs; performance.now() < end;) {
    peak = Math.max(peak, await residentMegabytes(pid));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return peak;
}

/** Leaves and says how long the shim took to end. */
async function leave(client: RawClient): Promise<number> {
  const start = performance.now();
  await client.closeInput();
  await client.exit;
  return performance.now() - start;
}

Deno.test("an upstream that exits at once: the request is answered, the exit code is its own", async () => {
  await using folder = await tempFolder();
  const launch = shim(hostile("exits-at-once"), { policy: `${folder.path}/policy.yaml` });
  await using client = new RawClient(launch);
  const { error } = await client.request("initialize", HANDSHAKE);
  assert.equal(error?.code, -31502);
  assert.equal(await client.exit, 3);
});

Deno.test("an upstream that exits mid-call: every pending request is answered", async () => {
  await withUpstream("exits-mid-call", async (client) => {
    const pending = [client.call("hold"), client.call("hold"), client.request("ping")];
    await pending.pop();
    const answers = await Promise.all([...pending, client.call("die")]);
    for (const { error } of answers) {
      assert.equal(error?.code, -31502);
      assert.equal(error?.data?.reason, "upstream_failed");
      assert.equal(typeof error?.data?.traceId, "string");
    }
    assert.equal(await client.exit, 7);
  });
});

Deno.test("an upstream that floods stdout with garbage: nothing is forwarded, memory stays bounded", async () => {
  await withUpstream("floods", async (client) => {
    await client.send({ jsonrpc: "2.0", id: 9, method: "tools/call", params: { name: "echo" } });
    const peak = await peakMegabytes(client.pid);
    assert.ok(peak < MEMORY_MEGABYTES, `${peak} MB`);
    assert.equal(client.messages.length, 1, "only the answer to initialize");
    assert.ok(await leave(client) < LEAVE_MS);
  });
});

Deno.test("an upstream that floods a client that does not read: memory stays bounded", async () => {
  await withUpstream("floods-notifications", async (client) => {
    await client.send({ jsonrpc: "2.0", id: 9, method: "tools/call", params: { name: "echo" } });
    const peak = await peakMegabytes(client.pid);
    assert.ok(peak < MEMORY_MEGABYTES, `${peak} MB`);
    assert.ok(await leave(client) < LEAVE_MS);
  }, { read: false });
});

Deno.test("an upstream that never ends its line: memory stays bounded", async () => {
  await withUpstream("endless-line", async (client) => {
    await client.send({ jsonrpc: "2.0", id: 9, method: "tools/call", params: { name: "echo" } });
    const peak = await peakMegabytes(client.pid);
    assert.ok(peak < MEMORY_MEGABYTES, `${peak} MB`);
    assert.ok(await leave(client) < LEAVE_MS);
  }, { flags: ["--max-line-size", "1MB"] });
});

Deno.test("an upstream that floods stderr still answers, and stderr stays marked", async () => {
  await withUpstream("floods-stderr", async (client) => {
    const { result } = await client.call("echo", { a: 1 });
    assert.equal(JSON.stringify(result?.content), '[{"type":"text","text":"{\\"a\\":1}"}]');
    const peak = await peakMegabytes(client.pid, 500);
    assert.ok(peak < MEMORY_MEGABYTES, `${peak} MB`);
    assert.ok(await leave(client) < LEAVE_MS);
  });
});

Deno.test("an upstream that writes garbage between its answers: only the answers are forwarded", async () => {
  await withUpstream("garbage", async (client) => {
    const { result } = await client.request("tools/list");
    assert.ok(Array.isArray(result?.tools) && result.tools.length === 4);
    assert.ok((await client.call("echo")).result);
    assert.equal(client.messages.length, 3);
  });
});

Deno.test("an upstream that never reads its stdin: memory stays bounded", async () => {
  await using folder = await tempFolder();
  const launch = shim(hostile("never-reads"), { policy: `${folder.path}/policy.yaml` });
  await using client = new RawClient(launch);
  const text = "x".repeat(1_000_000);
  let sent = 0;
  const flood = (async () => {
    for (; sent < 300; sent++) {
      const params = { name: "echo", arguments: { text } };
      await client.send({ jsonrpc: "2.0", id: sent, method: "tools/call", params });
    }
  })().catch(() => "the shim went first");
  const peak = await peakMegabytes(client.pid);
  assert.ok(peak < MEMORY_MEGABYTES, `${peak} MB after ${sent} MB`);
  client.signal("SIGTERM");
  await client.exit;
  await flood;
});

Deno.test("answers with ids nobody asked for are dropped, whatever their type", async () => {
  await withUpstream("wrong-ids", async (client) => {
    const { result } = await client.call("echo", { right: true });
    assert.match(JSON.stringify(result), /right/);
    assert.equal(client.messages.length, 2);
  });
});

const MAY_NOTHING = `version: "1"
principals:
  tester: { tools: [{ pattern: "*", actions: [read, execute] }] }
`;

Deno.test("requests of an upstream that may ask nothing do not reach the client", async () => {
  await using folder = await tempFolder();
  const policy = await folder.write("closed.yaml", MAY_NOTHING);
  await withUpstream("unasked", async (client) => {
    assert.match(JSON.stringify(await client.call("echo", { right: true })), /right/);
    assert.equal(client.messages.length, 2);
  }, { policy, capabilities: { sampling: {}, elicitation: {}, roots: {} } });
});

Deno.test("requests of an upstream that may ask reach the client, others do not", async () => {
  await withUpstream("unasked", async (client) => {
    assert.match(JSON.stringify(await client.call("echo", { right: true })), /right/);
    const methods = client.messages.map(({ method }) => method).filter((each) => each);
    assert.deepEqual(methods, ["sampling/createMessage", "roots/list", "elicitation/create"]);
  }, { capabilities: { sampling: {}, elicitation: {}, roots: {} } });
});

for (const mode of ["duplicate-keys", "not-utf8"]) {
  Deno.test(`an answer that is ${mode} ends its call with an error`, async () => {
    await withUpstream(mode, async (client) => {
      const { error } = await client.call("echo");
      assert.equal(error?.code, -31502);
      assert.ok((await client.request("tools/list")).result, "the conversation goes on");
    });
  });
}

Deno.test("half a surrogate pair of an upstream becomes U+FFFD", async () => {
  await withUpstream("lone-surrogate", async (client) => {
    const { result } = await client.call("echo");
    assert.deepEqual(result?.content, [{ type: "text", text: "cut \ufffd" }]);
  });
});

Deno.test("an answer of 10 MB arrives whole; one over the limit ends its call with an error", async () => {
  await withUpstream("huge", async (client) => {
    const { result } = await client.call("echo", { bytes: 10_000_000 });
    assert.ok(Array.isArray(result?.content));
    assert.equal(result.content[0].text.length, 10_000_000);
    const { error } = await client.call("echo", { bytes: 30_000_000 });
    assert.equal(error?.code, -31413);
    assert.match(JSON.stringify(error), /max.?line/i);
    assert.ok((await client.call("echo", { bytes: 5 })).result, "the conversation goes on");
  }, { flags: ["--max-line-size", "20MB"] });
});

Deno.test("an answer nested 100,000 deep ends its call with an error", async () => {
  await withUpstream("deep", async (client) => {
    const { error } = await client.call("echo", { depth: 100_000 });
    assert.equal(error?.code, -31413);
    assert.match(JSON.stringify(error), /max.?depth/i);
    assert.ok((await client.call("echo", { depth: 5 })).result, "the conversation goes on");
  });
});

Deno.test("a list that holds what is no tool is not forwarded: it cannot be judged", async () => {
  await withUpstream("misshapen-list", async (client) => {
    const { error } = await client.request("tools/list");
    assert.equal(error?.code, -31502);
    assert.match(error?.message ?? "", /\/tools\/1/);
    assert.ok((await client.call("good")).result, "the conversation goes on");
  });
});

for (const [what, command] of [["is not there", "no-such-server-here"], ["is a folder", "/"]]) {
  Deno.test(`a target that ${what} ends the shim with a message`, async () => {
    await using folder = await tempFolder();
    const target = { command: command ?? "", args: [] };
    await using client = new RawClient(shim(target, { policy: `${folder.path}/policy.yaml` }));
    assert.notEqual(await client.exit, 0);
    await client.closeInput();
    assert.match(client.stderr, /mcp-aegis: error: Cannot start/);
    assert.ok(client.stderr.includes(command ?? ""));
    assert.doesNotMatch(client.stderr, /\bat file:/, "no stack trace");
  });
}
