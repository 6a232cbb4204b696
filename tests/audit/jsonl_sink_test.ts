import assert from "node:assert/strict";
import { jsonlSink } from "../../src/audit/jsonl_sink.ts";
import { verifyAudit } from "../../src/audit/verify.ts";

const event = { type: "event", timeMs: 0, event: "start", detail: {} } as const;

Deno.test("jsonlSink() records what came before it was open, in order", async () => {
  const path = `${await Deno.makeTempDir()}/audit.jsonl`;
  const sink = jsonlSink(path);
  await Promise.all([sink.record([event]), sink.record([{ ...event, event: "second" }])]);
  assert.equal(sink.record([{ ...event, event: "third" }]), undefined, "open: at once");
  await sink[Symbol.asyncDispose]();
  const events = (await Deno.readTextFile(path)).trim().split("\n").slice(1)
    .map((line) => JSON.parse(line).event);
  assert.deepEqual(events, ["start", "second", "third"]);
  assert.equal((await verifyAudit([path])).ok, true);
});

Deno.test("jsonlSink() refuses every entry when the file cannot be opened", async () => {
  const sink = jsonlSink("/nowhere/at/all/audit.jsonl");
  await assert.rejects(async () => await sink.record([event]), /Cannot/);
  await assert.rejects(async () => await sink.record([event]), /Cannot/);
  await sink[Symbol.asyncDispose]();
});
