import assert from "node:assert/strict";
import { openFileSink } from "../../src/audit/file_sink.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { callEntry } from "./entries.ts";
import { withDirectory } from "./files.ts";

/** Runs the writer, kills it once it said `lines`, and gives the last number it said. */
async function killedAfter(path: string, lines: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("crash_writer.ts", import.meta.url).href, path],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "";
  let isKilled = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (isKilled || Number(said.split("\n").at(-2) ?? 0) < lines) continue;
    child.kill("SIGKILL");
    isKilled = true;
  }
  await child.status;
  return Number(said.split("\n").at(-2));
}

Deno.test("kill -9 loses no line that was recorded, and the chain goes on behind it", {
  ignore: Deno.build.os === "windows",
}, () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    let known = 0;
    for (const more of [1, 40, 333, 1000]) {
      const said = await killedAfter(path, known + more);
      const files = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`);
      const report = await verifyAudit(files);
      assert.equal(report.ok, true, JSON.stringify(report.problems));
      assert.ok(report.problems.every(({ code }) => code === "torn" || code === "empty"));
      assert.equal(report.chains.length, 1);
      assert.ok(report.lines >= said, `${report.lines} lines, ${said} were recorded`);
      await using sink = await openFileSink({ path });
      sink.record([callEntry(0)]);
      known = sink.lines;
      assert.ok(known > report.lines);
    }
    const files = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`);
    const report = await verifyAudit(files);
    assert.deepEqual([report.ok, report.lines], [true, known]);
  }));
