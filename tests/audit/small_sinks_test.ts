import assert from "node:assert/strict";
import { memorySink } from "../../src/audit/memory_sink.ts";
import { noneSink } from "../../src/audit/none_sink.ts";
import { StreamSink } from "../../src/audit/stream_sink.ts";
import { stderrSink } from "../../src/audit/stderr_sink.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { callEntry, eventEntry } from "./entries.ts";
import { withDirectory } from "./files.ts";

Deno.test("noneSink() records nothing and says so by its place", async () => {
  await using sink = noneSink();
  sink.record([callEntry(1)]);
  assert.equal(sink.place, "none");
});

Deno.test("memorySink() keeps the last entries and counts those it let go", async () => {
  await using sink = memorySink({ maxEntries: 3 });
  sink.record([eventEntry(1), eventEntry(2)]);
  sink.record([eventEntry(3), eventEntry(4)]);
  assert.deepEqual(sink.entries, [eventEntry(2), eventEntry(3), eventEntry(4)]);
  assert.equal(sink.forgotten, 1);
});

Deno.test("StreamSink writes one chain, in one write for each group", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/captured`;
    const writes: number[] = [];
    const sink = new StreamSink({
      place: "captured",
      write: (bytes) => {
        writes.push(bytes.length);
        Deno.writeFileSync(path, bytes, { append: true });
        return bytes.length;
      },
    });
    assert.equal(sink.head, "0".repeat(64));
    sink.record([]);
    assert.deepEqual(writes, []);
    sink.record([callEntry(1), callEntry(2)]);
    sink.record([eventEntry(1)]);
    assert.equal(writes.length, 2);
    const report = await verifyAudit([path], { expectHead: sink.head });
    assert.deepEqual([report.ok, report.lines, sink.lines], [true, 4, 4]);
  }));

Deno.test("StreamSink goes on after short writes, and begins a chain of its own after a failed one", async () => {
  let text = "";
  let failing = false;
  let closed = 0;
  const sink = new StreamSink({
    place: "test",
    write: (bytes) => {
      if (failing) throw new Error("gone");
      const part = bytes.subarray(0, 100);
      text += new TextDecoder().decode(part);
      return part.length;
    },
    close: () => closed++,
  });
  sink.record([callEntry(1)]);
  failing = true;
  assert.throws(() => sink.record([callEntry(2)]), {
    code: "audit-write",
    message: "Cannot write the audit to test: gone",
  });
  failing = false;
  sink.record([callEntry(3)]);
  sink.record([callEntry(4)]);
  const types = text.split("\n").map((line) => line === "" ? "" : JSON.parse(line).type);
  assert.deepEqual(types, ["chain", "message", "", "chain", "message", "message", ""]);
  assert.equal(sink.lines, 3);
  await sink[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
  assert.equal(closed, 1);
  assert.throws(() => sink.record([callEntry(1)]), { code: "audit-closed" });
});

Deno.test("stderrSink() writes lines to stderr and nothing to stdout", async () => {
  assert.equal(stderrSink().place, "stderr");
  const script = `
    import { stderrSink } from ${
    JSON.stringify(import.meta.resolve("../../src/audit/stderr_sink.ts"))
  };
    stderrSink().record([{ type: "event", timeMs: 0, event: "start", detail: {} }]);
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
  }).output();
  assert.equal(stdout.length, 0);
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(lines.map(({ type }) => type), ["chain", "event"]);
});
