/**
 * The bridge as a process: what it writes down, how it ends, and what a narrow policy hides.
 */

import assert from "node:assert/strict";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import { bridge, eventually, type Launch, ROOT, tempFolder, testForeignClient } from "./harness.ts";
import { connectModern } from "./modern_client.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};

interface Running {
  readonly child: Deno.ChildProcess;
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly output: { readonly text: string };
  readonly over: Promise<void>;
}

function start({ command, args, env = {} }: Launch): Running {
  const piped = { stdin: "piped", stdout: "piped", stderr: "null" } as const;
  const child = new Deno.Command(command, { args: [...args], env: { ...env }, ...piped }).spawn();
  const output = { text: "" };
  const read = async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) output.text += text;
  };
  return { child, writer: child.stdin.getWriter(), output, over: read() };
}

async function say({ writer }: Running, message: unknown): Promise<void> {
  await writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
}

for (
  const [how, end, code] of [
    ["its stdin ends", async ({ writer }: Running) => await writer.close(), 0],
    ["it is signalled", ({ child }: Running) => child.kill("SIGTERM"), 143],
  ] as const
) {
  Deno.test(`the bridge ends with ${code} when ${how}, and the audit is whole`, async () => {
    await using folder = await tempFolder();
    await using server = startConformanceServer();
    const audit = `${folder.path}/audit.jsonl`;
    const running = start(bridge(`${server.url}?key=hidden`, {
      policy: `${folder.path}/policy.yaml`,
      audit,
    }));
    await say(running, INITIALIZE);
    await eventually("an answer", () => running.output.text.includes("\n"));
    assert.equal(JSON.parse(running.output.text).result.serverInfo.name, "dual-era-fixture");
    await end(running);
    assert.equal((await running.child.status).code, code);
    await running.over;
    if (code !== 0) await running.writer.close().catch(() => {}); // the pipe is broken already
    const lines = (await Deno.readTextFile(audit)).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    assert.equal(lines[1].detail.url, server.url);
    assert.deepEqual(
      lines.slice(2).map(({ direction, method }) => `${direction} ${method}`),
      ["client-to-upstream initialize", "upstream-to-client initialize"],
    );
    assert.ok(!JSON.stringify(lines).includes("hidden"));
    const verified = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", `${ROOT}src/cli/main.ts`, "audit", "verify", audit],
      stdout: "null",
      stderr: "null",
    }).output();
    assert.equal(verified.code, 0);
  });
}

testForeignClient(
  "who may not call a tool of a server over HTTP does not see it either",
  async () => {
    await using folder = await tempFolder();
    await using server = startConformanceServer();
    const policy = await folder.write(
      "narrow.yaml",
      'version: "1"\nprincipals: { tester: { tools: [{ pattern: echo, actions: [execute] }] } }\n',
    );
    for (const mode of ["legacy", { pin: "2026-07-28" }] as const) {
      await using modern = await connectModern(bridge(server.url, { policy }), mode);
      const { client } = modern;
      assert.deepEqual((await client.listTools()).tools.map(({ name }) => name), ["echo"]);
      const refused = await client.callTool({ name: "add", arguments: { a: 1, b: 2 } });
      assert.match(JSON.stringify(refused), /Refused by MCP-Aegis/);
    }
  },
);
