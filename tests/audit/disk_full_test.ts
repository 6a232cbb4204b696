import assert from "node:assert/strict";
import { openFileSink } from "../../src/audit/file_sink.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { callEntry } from "./entries.ts";
import { linesOf, withDirectory } from "./files.ts";

const isLinux = Deno.build.os === "linux";

/** Whether a small file system can be mounted here: that takes Linux, root and the right to mount. */
const canMount = isLinux && Deno.uid() === 0 && mounted((at) => at !== undefined);

function mounted<T>(use: (at: string | undefined) => T): T {
  const at = Deno.makeTempDirSync({ prefix: "aegis-full-" });
  const args = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", at];
  const { success } = new Deno.Command("mount", { args, stderr: "null" }).outputSync();
  try {
    return use(success ? at : undefined);
  } finally {
    if (success) new Deno.Command("umount", { args: ["-l", at] }).outputSync();
    Deno.removeSync(at);
  }
}

async function withTinyDisk(test: (directory: string) => Promise<void>): Promise<void> {
  const at = await Deno.makeTempDir({ prefix: "aegis-full-" });
  const args = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", at];
  await new Deno.Command("mount", { args }).output();
  try {
    await test(at);
  } finally {
    await new Deno.Command("umount", { args: ["-l", at] }).output();
    await Deno.remove(at);
  }
}

Deno.test(
  "After a failed write the file ends with a whole line again before anything follows (needs root and mount)",
  {
    ignore: !canMount,
  },
  () =>
    withTinyDisk(async (directory) => {
      const path = `${directory}/audit.jsonl`;
      const ballast = `${directory}/ballast`;
      Deno.writeFileSync(ballast, new Uint8Array(16 * 1024));
      await using sink = await openFileSink({ path });
      let recorded = 1;
      const fill = () => {
        for (;;) {
          sink.record([callEntry(1), callEntry(2), callEntry(3)]);
          recorded += 3;
        }
      };
      assert.throws(fill, { code: "audit-write", message: /No space left on device/ });
      assert.equal(linesOf(path).length, recorded);
      assert.equal(sink.lines, recorded);
      assert.throws(fill, { code: "audit-write" });
      Deno.removeSync(ballast);
      sink.record([callEntry(4)]);
      const report = await verifyAudit([path], { expectHead: sink.head });
      assert.deepEqual([report.ok, report.problems, report.lines], [true, [], recorded + 1]);
    }),
);

Deno.test(
  "record() that cannot begin the next file writes to none and tries again (needs root and mount)",
  {
    ignore: !canMount,
  },
  () =>
    withTinyDisk(async (directory) => {
      const path = `${directory}/audit.jsonl`;
      await using sink = await openFileSink({ path, maxFileBytes: 16 * 1024 });
      for (let i = 0; sink.path === path && i < 16; i++) sink.record([callEntry(i)]);
      Deno.writeFileSync(`${directory}/ballast`, new Uint8Array(44 * 1024));
      let recorded = sink.lines;
      let error: unknown;
      for (let i = 0; i < 100 && error === undefined; i++) {
        try {
          sink.record([callEntry(i), callEntry(i), callEntry(i), callEntry(i)]);
          recorded = sink.lines;
        } catch (thrown) {
          error = thrown;
        }
      }
      assert.match(String(error), /No space left on device/);
      assert.equal(sink.lines, recorded);
      Deno.removeSync(`${directory}/ballast`);
      sink.record([callEntry(4)]);
      const names = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`);
      const report = await verifyAudit(names, { expectHead: sink.head });
      assert.deepEqual([report.ok, report.problems], [true, []]);
      assert.equal(report.lines, sink.lines);
    }),
);

Deno.test("record() on /dev/full throws each time", { ignore: !isLinux }, async () => {
  await using sink = await openFileSink({ path: "/dev/full" });
  assert.equal(sink.path, "/dev/full");
  for (let i = 0; i < 3; i++) {
    assert.throws(() => sink.record([callEntry(1)]), {
      code: "audit-write",
      message: /^Cannot write the audit to \/dev\/full: No space left on device/,
    });
  }
  assert.equal(sink.lines, 0);
});

Deno.test("openFileSink() takes what a crash left between a new file and its first line", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    {
      await using sink = await openFileSink({ path });
      sink.record([callEntry(1)]);
    }
    Deno.writeFileSync(`${directory}/audit-0002.jsonl`, new Uint8Array());
    await using sink = await openFileSink({ path });
    assert.equal(sink.path, `${directory}/audit-0002.jsonl`);
    sink.record([callEntry(2)]);
    const report = await verifyAudit([path, sink.path]);
    assert.deepEqual([report.ok, report.problems, report.lines], [true, [], 4]);
  }));
