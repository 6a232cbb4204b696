import assert from "node:assert/strict";
import { createHmac, hash } from "node:crypto";
import fc from "fast-check";
import { openFileSink } from "../../src/audit/file_sink.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { AegisError } from "../../src/base/error.ts";
import { Secret } from "../../src/base/secret.ts";
import { callEntry, eventEntry, NOON_MS } from "./entries.ts";
import { linesOf, withDirectory } from "./files.ts";

const clock = { wallMs: () => NOON_MS, monotonicMs: () => 0 };

Deno.test("openFileSink() writes a header, then one line for each entry, chained", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    await using sink = await openFileSink({ path, clock });
    assert.equal(sink.lines, 1);
    sink.record([callEntry(1), callEntry(2)]);
    sink.record([]);
    sink.record([eventEntry(3)]);
    const lines = linesOf(path);
    assert.equal(lines.length, 4);
    assert.equal(sink.lines, 4);
    let prev = "0".repeat(64);
    for (const [index, line] of lines.entries()) {
      const value = JSON.parse(line);
      assert.equal(value.seq, index + 1);
      assert.equal(value.prev, prev);
      assert.equal(value.hash, hash("sha256", line.slice(0, -75), "hex"));
      prev = value.hash;
    }
    assert.equal(sink.head, prev);
    const header = JSON.parse(lines[0] ?? "");
    assert.deepEqual([header.type, header.part, header.seal], ["chain", 1, "sha256"]);
    assert.match(header.chain, /^[0-9a-f-]{36}$/);
    assert.equal(header.started, "2026-01-31T12:00:00.000Z");
  }));

Deno.test("openFileSink() with a key writes HMAC-SHA-256 and says so in the header", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    await using sink = await openFileSink({ path, key: new Secret("a key of 16 bytes") });
    sink.record([callEntry(1)]);
    const lines = linesOf(path);
    assert.equal(JSON.parse(lines[0] ?? "").seal, "hmac-sha256");
    for (const line of lines) {
      const mac = createHmac("sha256", "a key of 16 bytes").update(line.slice(0, -75));
      assert.equal(JSON.parse(line).hash, mac.digest("hex"));
    }
  }));

Deno.test("openFileSink() makes the file for its owner alone", {
  ignore: Deno.build.os === "windows",
}, () =>
  withDirectory(async (directory) => {
    const state = `${directory}/state`;
    const machine = {
      os: Deno.build.os,
      env: (name: string) => ({ XDG_STATE_HOME: state, HOME: state })[name],
    };
    await using own = await openFileSink({ machine, clock });
    await using named = await openFileSink({ path: `${directory}/named.jsonl` });
    for (const sink of [own, named]) {
      assert.equal((Deno.statSync(sink.path).mode ?? 0) & 0o777, 0o600, sink.path);
    }
    const parent = own.path.slice(0, own.path.lastIndexOf("/"));
    assert.equal((Deno.statSync(parent).mode ?? 0) & 0o777, 0o700);
    assert.ok(own.path.startsWith(state));
    assert.match(own.path, /\/mcp-aegis\/audit\/20260131T120000Z-\d+-[0-9a-f]{8}\.jsonl$/);
    await using second = await openFileSink({ machine, clock });
    assert.notEqual(second.path, own.path);
  }));

Deno.test("openFileSink() gives a second writer a suffix, and the name again when the first is gone", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    const first = await openFileSink({ path });
    const second = await openFileSink({ path });
    const third = await openFileSink({ path });
    assert.deepEqual(
      [first.path, second.path, third.path],
      [path, `${directory}/audit.2.jsonl`, `${directory}/audit.3.jsonl`],
    );
    second.record([callEntry(2)]);
    first.record([callEntry(1)]);
    const paths = [first, second, third].map((sink) => sink.path);
    for (const sink of [first, second, third]) await sink[Symbol.asyncDispose]();
    await using again = await openFileSink({ path });
    assert.equal(again.path, path);
    const report = await verifyAudit(paths);
    assert.deepEqual([report.ok, report.problems.length, report.chains.length], [true, 0, 3]);
  }));

Deno.test("openFileSink() goes on with the chain of an existing file", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    for (let run = 1; run <= 3; run++) {
      await using sink = await openFileSink({ path });
      sink.record([callEntry(run)]);
      assert.equal(sink.path, path);
      assert.equal(sink.lines, run + 1);
      const report = await verifyAudit([path], { expectHead: sink.head });
      assert.deepEqual([report.ok, report.lines, report.head], [true, run + 1, sink.head]);
    }
  }));

Deno.test("record() carries the chain over to another file when one is full", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    const sink = await openFileSink({ path, maxFileBytes: 4096 });
    for (let i = 0; i < 18; i++) sink.record([callEntry(i)]);
    const { head } = sink;
    assert.equal(sink.path, `${directory}/audit-0005.jsonl`);
    await sink[Symbol.asyncDispose]();
    const paths = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`);
    assert.equal(paths.length, 5);
    for (const each of paths) assert.ok(Deno.statSync(each).size <= 4096);
    const report = await verifyAudit(paths, { expectHead: head });
    assert.deepEqual([report.ok, report.problems, report.lines], [true, [], 23]);
    await using again = await openFileSink({ path, maxFileBytes: 4096 });
    again.record([callEntry(99)]);
    assert.equal(again.path, `${directory}/audit-0005.jsonl`);
    assert.equal(again.lines, 24);
  }));

Deno.test("record() writes a group larger than a file may be into one file", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    await using sink = await openFileSink({ path, maxFileBytes: 4096 });
    sink.record(Array.from({ length: 50 }, (_, i) => callEntry(i)));
    assert.equal(sink.path, path);
    sink.record([callEntry(51)]);
    assert.equal(sink.path, `${directory}/audit-0002.jsonl`);
    assert.equal((await verifyAudit([path, sink.path])).ok, true);
  }));

Deno.test("openFileSink() goes on in another file behind one that is sealed otherwise", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    const keys = [undefined, "the first key of all", "the second key of all"];
    const paths: string[] = [];
    for (const text of keys) {
      const key = text === undefined ? {} : { key: new Secret(text) };
      await using sink = await openFileSink({ path, ...key });
      sink.record([callEntry(1)]);
      paths.push(sink.path);
      assert.equal(sink.lines, 2);
    }
    assert.deepEqual(paths.map((each) => each.slice(directory.length)), [
      "/audit.jsonl",
      "/audit-0002.jsonl",
      "/audit-0003.jsonl",
    ]);
    assert.deepEqual(JSON.parse(linesOf(paths[1] ?? "")[0] ?? "").after, {
      file: "audit.jsonl",
      why: "it is sealed with sha256",
    });
    assert.deepEqual(JSON.parse(linesOf(paths[2] ?? "")[0] ?? "").after, {
      file: "audit-0002.jsonl",
      why: "its key is another",
    });
  }));

Deno.test("openFileSink() keeps what stands behind a torn end and names it, wherever it was cut", async () => {
  await withDirectory(async (directory) => {
    const whole = `${directory}/whole.jsonl`;
    await using sink = await openFileSink({ path: whole });
    sink.record([callEntry(1), callEntry(2)]);
    sink.record([callEntry(3)]);
    const bytes = Deno.readFileSync(whole);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: bytes.length - 1 }),
        fc.nat(40),
        async (cut, zeros) => {
          const path = `${directory}/${run++}.jsonl`;
          const torn = new Uint8Array(cut + zeros);
          torn.set(bytes.subarray(0, cut));
          Deno.writeFileSync(path, torn);
          await using again = await openFileSink({ path });
          again.record([callEntry(4)]);
          const report = await verifyAudit([path, again.path]);
          const isClean = zeros === 0 && bytes[cut - 1] === 0x0a;
          assert.equal(again.path, isClean ? path : path.replace(".jsonl", "-0002.jsonl"));
          assert.deepEqual(Deno.readFileSync(path).subarray(0, torn.length), torn);
          assert.equal(report.ok, true, JSON.stringify(report.problems));
          assert.deepEqual(report.problems.map(({ code }) => code), isClean ? [] : ["torn"]);
          if (isClean) return;
          const wholeLines = new TextDecoder().decode(torn).split("\n").length - 1;
          assert.equal(report.problems[0]?.line, wholeLines + 1);
          assert.equal(report.lines, wholeLines + 2);
        },
      ),
      { numRuns: 60 },
    );
  });
});

Deno.test("openFileSink() goes on behind a crash that took the newline of a line, the first one too", async () => {
  await withDirectory(async (directory) => {
    const whole = `${directory}/whole.jsonl`;
    await using sink = await openFileSink({ path: whole });
    sink.record([callEntry(1), callEntry(2)]);
    const bytes = Deno.readFileSync(whole);
    for (const [at, byte] of bytes.entries()) {
      if (byte !== 0x0a) continue;
      const path = `${directory}/${at}.jsonl`;
      Deno.writeFileSync(path, bytes.subarray(0, at));
      await using again = await openFileSink({ path });
      again.record([callEntry(3)]);
      const { ok, problems } = await verifyAudit([path, again.path]);
      assert.deepEqual([ok, problems.map(({ code }) => code)], [true, ["torn"]], `cut at ${at}`);
    }
  });
});

Deno.test("openFileSink() refuses what is no place for an audit, and says why", () =>
  withDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/policy.yaml`, "version: '1'\n");
    const cases: readonly (readonly [string, RegExp])[] = [
      [directory, /it is a directory; name a file in it/],
      [`${directory}/none/audit.jsonl`, /its directory does not exist/],
      [`${directory}/policy.yaml`, /it holds something else than an audit/],
      ["/dev/stdout", /stdout belongs to the protocol/],
    ];
    for (const [path, why] of cases) {
      await assert.rejects(openFileSink({ path }), (error) => {
        assert.ok(error instanceof AegisError);
        assert.equal(error.code, "audit-file");
        assert.match(error.message, /^Cannot write the audit to "/);
        assert.match(error.message, why);
        return true;
      });
    }
    assert.equal(Deno.readTextFileSync(`${directory}/policy.yaml`), "version: '1'\n");
    await assert.rejects(openFileSink({ path: `${directory}/a`, maxFileBytes: 10 }), RangeError);
    const machine = { os: "linux" as const, env: () => undefined };
    await assert.rejects(openFileSink({ machine }), { code: "audit-place" });
    const short = { path: `${directory}/b`, key: new Secret("short") };
    await assert.rejects(openFileSink(short), { code: "audit-key" });
  }));

Deno.test("openFileSink() refuses a pipe at once instead of waiting for its reader", {
  ignore: Deno.build.os === "windows",
}, () =>
  withDirectory(async (directory) => {
    const path = `${directory}/pipe`;
    await new Deno.Command("mkfifo", { args: [path] }).output();
    await assert.rejects(openFileSink({ path }), /it is a pipe; name a file, or stderr/);
  }));

Deno.test("record() throws after the sink is closed", () =>
  withDirectory(async (directory) => {
    const sink = await openFileSink({ path: `${directory}/audit.jsonl` });
    await sink[Symbol.asyncDispose]();
    await sink[Symbol.asyncDispose]();
    assert.throws(() => sink.record([callEntry(1)]), { code: "audit-closed" });
    assert.equal(sink.lines, 1);
  }));

Deno.test("record() writes nothing of a group with an entry that cannot be a line", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    await using sink = await openFileSink({ path });
    assert.throws(() => sink.record([callEntry(1), callEntry(2, { timeMs: NaN })]), RangeError);
    assert.equal(linesOf(path).length, 1);
    sink.record([callEntry(3)]);
    assert.equal((await verifyAudit([path], { expectHead: sink.head })).ok, true);
  }));

Deno.test("record() with sync each forces every group to the disk", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    await using sink = await openFileSink({ path, sync: "each" });
    sink.record([callEntry(1)]);
    assert.equal(linesOf(path).length, 2);
  }));
