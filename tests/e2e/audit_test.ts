/**
 * The audit of whole conversations, as the command line writes and verifies it.
 */

import assert from "node:assert/strict";
import { deno, hostile, type Launch, shim, tempFolder } from "./harness.ts";
import { RawClient } from "./raw_client.ts";

interface Ended {
  readonly code: number;
  readonly text: string;
}

async function run({ command, args }: Launch): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

function verify(...args: string[]): Promise<Ended> {
  return run(deno("src/cli/main.ts", "audit", "verify", ...args));
}

/** A short conversation of which the audit is kept; gives what stderr said. */
async function converse(audit: string, policy: string): Promise<string> {
  const client = new RawClient(shim(hostile("garbage"), { policy, audit }));
  {
    await using talking = client;
    await talking.initialize();
    await talking.call("echo", { secret: "hunter2" });
    await talking.send('{"jsonrpc":"2.0","id":1.5,"method":"ping"}\n');
    await talking.until("the refusal", ({ error }) => error !== undefined);
    await talking.request("no/such/method");
  }
  return client.stderr;
}

const TELLING_NOTHING = "hunter2";

Deno.test("the audit of a conversation is private, verifies, and shows every change", async () => {
  await using folder = await tempFolder();
  const audit = `${folder.path}/audit.jsonl`;
  const stderr = await converse(audit, `${folder.path}/policy.yaml`);
  const text = await Deno.readTextFile(audit);
  const { mode } = await Deno.stat(audit);
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  assert.ok(stderr.includes(audit), "stderr says where it is");
  assert.ok(!text.includes(TELLING_NOTHING), "arguments are recorded as a hash");

  const entries = text.trim().split("\n").map((line) => JSON.parse(line));
  const methods = entries.filter(({ type, kind }) => type === "message" && kind === "request")
    .map(({ method, effect }) => `${effect} ${method}`);
  assert.deepEqual(methods, ["allow initialize", "allow tools/call", "deny no/such/method"]);
  assert.ok(entries.some(({ type }) => type === "noise"), "garbage is summarised");

  const honest = await verify(audit);
  assert.equal(honest.code, 0, honest.text);
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.includes("no/such/method"));
  const changes: Record<string, string[]> = {
    edited: lines.with(at, lines[at]?.replace('"deny"', '"allow"') ?? ""),
    removed: lines.toSpliced(at, 1),
    reordered: lines.with(at, lines[at - 1] ?? "").with(at - 1, lines[at] ?? ""),
    repeated: lines.toSpliced(at, 0, lines[at] ?? ""),
  };
  for (const [change, changed] of Object.entries(changes)) {
    const file = await folder.write(`${change}.jsonl`, changed.join("\n"));
    const { code, text } = await verify(file);
    assert.equal(code, 1, `${change}: ${text}`);
  }
});

Deno.test("a cut tail is found with the head that was printed at exit", async () => {
  await using folder = await tempFolder();
  const audit = `${folder.path}/audit.jsonl`;
  const stderr = await converse(audit, `${folder.path}/policy.yaml`);
  const head = stderr.match(/head ([0-9a-f]{64})/)?.[1] ?? "";
  assert.equal((await verify("--expect-head", head, audit)).code, 0);
  const lines = (await Deno.readTextFile(audit)).trimEnd().split("\n");
  const cut = await folder.write("cut.jsonl", `${lines.slice(0, -1).join("\n")}\n`);
  assert.equal((await verify(cut)).code, 0, "alone it looks whole");
  assert.equal((await verify("--expect-head", head, cut)).code, 1);
});

Deno.test("two shims that share a named file each write a chain of their own", async () => {
  await using folder = await tempFolder();
  const audit = `${folder.path}/audit.jsonl`;
  const policy = `${folder.path}/policy.yaml`;
  await using first = new RawClient(shim(hostile("well-behaved"), { policy, audit }));
  await first.initialize();
  await converse(audit, policy);
  await first.call("echo");
  await first.closeInput();
  await first.exit;
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder.path)) {
    if (name.startsWith("audit")) files.push(`${folder.path}/${name}`);
  }
  const jsonl = files.filter((file) => file.endsWith(".jsonl")).sort();
  assert.equal(jsonl.length, 2, files.join(" "));
  const { code, text } = await verify(...jsonl);
  assert.equal(code, 0, text);
});

Deno.test({
  name: "what cannot be recorded is refused: a full disk",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await tempFolder();
    const policy = `${folder.path}/policy.yaml`;
    await using client = new RawClient(
      shim(hostile("well-behaved"), { policy, audit: "/dev/full" }),
    );
    const ended = client.exit.then((code) => ({ code }));
    const answered = client.call("echo").then((answer) => ({ answer }), () => ended);
    const outcome = await Promise.race([ended, answered]);
    if ("answer" in outcome) assert.equal(outcome.answer.error?.code, -31503);
    else assert.notEqual(outcome.code, 0);
  },
});
