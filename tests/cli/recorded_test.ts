import assert from "node:assert/strict";
import { CliError } from "../../src/cli/exit.ts";
import { main } from "../../src/cli/main.ts";
import { readRecord } from "../../src/cli/recorded.ts";
import { fakeIo } from "./fake_io.ts";

const AUDIT = new URL("./recorded_audit.jsonl", import.meta.url).pathname;

async function withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile({ suffix: ".jsonl" });
  try {
    await Deno.writeTextFile(path, text);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readRecord() reads a line by number and by trace alike", async () => {
  const byNumber = await readRecord(`${AUDIT}:6`);
  const byTrace = await readRecord(`${AUDIT}:${byNumber.traceId}`);
  assert.deepEqual(byTrace, byNumber);
  const { steps, time, traceId, policy, place, ...rest } = byNumber;
  assert.equal(place, `${AUDIT}:6`);
  assert.match(traceId, /^[0-9a-f]{32}$/);
  assert.match(policy, /^sha256:[0-9a-f]{64}$/);
  assert.match(time, /^\d{4}-/);
  assert.deepEqual(steps.map(([check]) => check), ["attempts", "policy"]);
  assert.deepEqual(rest, {
    kind: "request",
    method: "tools/call",
    principal: "developer",
    roles: ["dev", "observer"],
    upstream: "fs",
    direction: "client-to-upstream",
    action: "execute",
    resource: { kind: "tool", server: "fs", name: "write_file" },
    effect: "deny",
    observed: false,
    reason: "not_permitted",
    detail: 'Tool "write_file" is not permitted (policy; do not retry unchanged).',
    pointer: undefined,
    finding: undefined,
    arguments: undefined,
    rules: [],
    start: { policyFile: "policies.yaml", presets: [] },
    cut: false,
  });
});

Deno.test("readRecord() takes the request of a trace before its answer", async () => {
  const answer = await readRecord(`${AUDIT}:11`);
  assert.equal(answer.kind, "result");
  assert.equal((await readRecord(`${AUDIT}:${answer.traceId}`)).kind, "request");
});

Deno.test("readRecord() survives lines of any shape", async () => {
  const lines = [
    "",
    "torn",
    "null",
    "[]",
    '{"type":"message"}',
    '{"type":"message","resource":[1]}',
  ];
  await withFile(lines.join("\n"), async (path) => {
    for (const [i, line] of lines.entries()) {
      if (line.startsWith("{")) assert.equal((await readRecord(`${path}:${i + 1}`)).resource, null);
      else await assert.rejects(readRecord(`${path}:${i + 1}`), CliError);
    }
    await assert.rejects(readRecord(`${path}:7`), /it has 6/);
  });
});

Deno.test("readRecord() refuses a file whose lines are no audit lines", async () => {
  await withFile("x".repeat(1_100_000), async (path) => {
    await assert.rejects(readRecord(`${path}:1`), /longer than/);
  });
});

Deno.test("explain says that the policy allows what another check refused", async () => {
  const policy = new URL("../../policies/version1.yaml", import.meta.url).pathname;
  const hash = new Uint8Array(
    await crypto.subtle.digest("SHA-256", await Deno.readFile(policy)),
  ).toHex();
  const line = {
    v: 1,
    type: "message",
    principal: "root",
    roles: ["admin"],
    upstream: "fs",
    direction: "client-to-upstream",
    kind: "request",
    method: "tools/call",
    action: "read",
    resource: { kind: "tool", server: "fs", name: "read_text_file" },
    effect: "deny",
    reason: "rate_limited",
    rules: [],
    policy: `sha256:${hash}`,
    cut: { arguments: 1 },
  };
  const start = {
    v: 1,
    type: "event",
    event: "start",
    detail: { policyFile: policy, presets: ["filesystem"] },
  };
  await withFile(`${JSON.stringify(start)}\n${JSON.stringify(line)}\n`, async (path) => {
    const io = fakeIo();
    assert.equal(await main(["explain", "--audit-line", `${path}:2`], io), 5);
    assert.match(io.written.out, /^ALLOW {2}root \(admin\): tool read_text_file of fs$/m);
    assert.match(io.written.out, /said by preset filesystem/);
    assert.match(io.written.out, /refused for another reason: rate_limited/);
    assert.match(io.written.out, /cut to its bounds/);
  });
});
