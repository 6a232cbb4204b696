import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fc from "fast-check";
import type { AuditEntry } from "../../src/audit/entry.ts";
import { openFileSink } from "../../src/audit/file_sink.ts";
import { verifyAudit, type VerifyOptions } from "../../src/audit/verify.ts";
import type { AuditReport } from "../../src/audit/verify_report.ts";
import { Secret } from "../../src/base/secret.ts";
import { entryArbitrary } from "./arbitrary.ts";
import { callEntry } from "./entries.ts";
import { linesOf, withDirectory, writeLines } from "./files.ts";

const KEY = new Secret("sixteen bytes or more");

interface Written {
  readonly lines: readonly string[];
  readonly head: string;
}

async function written(
  path: string,
  entries: readonly AuditEntry[],
  key?: Secret,
): Promise<Written> {
  await using sink = await openFileSink({ path, ...(key === undefined ? {} : { key }) });
  for (const entry of entries) sink.record([entry]);
  return { lines: linesOf(path), head: sink.head };
}

const calls = (count: number) => Array.from({ length: count }, (_, i) => callEntry(i));
const codes = (report: AuditReport) => report.problems.map(({ code, line }) => `${code}@${line}`);

/** The line written anew with a hash that is right by itself. */
function rehashed(line: string): string {
  const content = line.slice(0, -75);
  return `${content},"hash":"${hash("sha256", content, "hex")}"}`;
}

async function verifyLines(
  directory: string,
  lines: readonly string[],
  options: VerifyOptions = {},
): Promise<AuditReport> {
  const path = `${directory}/changed.jsonl`;
  writeLines(path, lines);
  return await verifyAudit([path], options);
}

Deno.test("verifyAudit() finds nothing in what was written, with and without a key", () =>
  withDirectory(async (directory) => {
    let run = 0;
    const entries = fc.array(entryArbitrary, { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(entries, fc.boolean(), async (log, keyed) => {
        const path = `${directory}/${run++}.jsonl`;
        const key = keyed ? KEY : undefined;
        const { head, lines } = await written(path, log, key);
        const report = await verifyAudit([path], { key, expectHead: head });
        assert.deepEqual([report.ok, report.problems], [true, []]);
        assert.deepEqual([report.lines, report.head], [lines.length, head]);
      }),
      { numRuns: 40 },
    );
  }));

type Mutation =
  | { readonly kind: "flip"; readonly at: number; readonly mask: number }
  | { readonly kind: "delete" | "duplicate" | "edit" | "blank"; readonly line: number }
  | { readonly kind: "swap"; readonly line: number; readonly other: number }
  | { readonly kind: "insert"; readonly line: number; readonly text: string };

const index = fc.nat({ max: 1_000_000 });
const mutationArbitrary: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constant("flip" as const),
    at: index,
    mask: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constantFrom("delete", "duplicate", "edit", "blank"), line: index }),
  fc.record({ kind: fc.constant("swap" as const), line: index, other: index }),
  fc.record({
    kind: fc.constant("insert" as const),
    line: index,
    text: fc.constantFrom(
      "",
      "{}",
      "garbage",
      rehashed(`{"v":1,"type":"event","seq":3${"x".repeat(99)}`),
    ),
  }),
);

/** Applies a mutation; gives the bytes and the line, from 1, that verification must name. */
function mutate(
  lines: readonly string[],
  mutation: Mutation,
): { readonly bytes: Uint8Array; readonly line: number } | undefined {
  const encode = (changed: readonly string[]) =>
    new TextEncoder().encode(changed.map((line) => `${line}\n`).join(""));
  const changed = [...lines];
  switch (mutation.kind) {
    case "flip": {
      const bytes = encode(lines);
      const at = mutation.at % bytes.length;
      bytes[at] ^= mutation.mask;
      const line = encode(lines).subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
      return { bytes, line };
    }
    case "delete": {
      // The last line is the tail: only an expected head misses it.
      const at = mutation.line % (lines.length - 1);
      changed.splice(at, 1);
      return { bytes: encode(changed), line: at + 1 };
    }
    case "duplicate": {
      const at = mutation.line % lines.length;
      changed.splice(at, 0, lines[at] ?? "");
      return { bytes: encode(changed), line: at + 2 };
    }
    case "edit": {
      const at = mutation.line % lines.length;
      changed[at] = (lines[at] ?? "").replace(/"(seq|part)":\d/, '"$1":8');
      if (changed[at] === lines[at]) return undefined;
      return { bytes: encode(changed), line: at + 1 };
    }
    case "blank": {
      const at = mutation.line % lines.length;
      changed[at] = "";
      return { bytes: encode(changed), line: at + 1 };
    }
    case "swap": {
      const [a, b] = [mutation.line % lines.length, mutation.other % lines.length];
      if (a === b) return undefined;
      [changed[a], changed[b]] = [lines[b] ?? "", lines[a] ?? ""];
      return { bytes: encode(changed), line: Math.min(a, b) + 1 };
    }
    case "insert": {
      const at = mutation.line % (lines.length + 1);
      changed.splice(at, 0, mutation.text);
      return { bytes: encode(changed), line: at + 1 };
    }
  }
}

Deno.test("verifyAudit() finds every edit, insertion, reordering and removal before the last line, and names the line", () =>
  withDirectory(async (directory) => {
    const logs = await Promise.all([3, 6, 12].map(async (count) => ({
      plain: await written(`${directory}/plain${count}.jsonl`, calls(count)),
      keyed: await written(`${directory}/keyed${count}.jsonl`, calls(count), KEY),
    })));
    const path = `${directory}/changed.jsonl`;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...logs),
        mutationArbitrary,
        fc.boolean(),
        async ({ plain, keyed }, mutation, isKeyed) => {
          const mutated = mutate((isKeyed ? keyed : plain).lines, mutation);
          fc.pre(mutated !== undefined);
          Deno.writeFileSync(path, mutated.bytes);
          const report = await verifyAudit([path], { key: isKeyed ? KEY : undefined });
          assert.equal(report.ok, false);
          const errors = report.problems.filter(({ severity }) => severity === "error");
          assert.equal(errors[0]?.line, mutated.line, JSON.stringify(report.problems));
          assert.equal(errors[0]?.file, path);
        },
      ),
      { numRuns: 400 },
    );
  }));

Deno.test("verifyAudit() says what was done to which line", () =>
  withDirectory(async (directory) => {
    const { lines } = await written(`${directory}/audit.jsonl`, calls(8));
    const other = await written(`${directory}/other.jsonl`, calls(8));
    const check = async (changed: readonly string[]) =>
      codes(await verifyLines(directory, changed));
    const at = (line: number) => lines[line - 1] ?? "";
    const edited = lines.with(4, at(5).replace('"effect":"allow"', '"effect":"deny"'));
    assert.deepEqual(await check(edited), ["edited@5"]);
    assert.deepEqual(await check(edited.with(4, rehashed(edited[4] ?? ""))), ["broken-link@6"]);
    assert.deepEqual(await check(lines.toSpliced(4, 1)), ["missing@5"]);
    assert.deepEqual(await check(lines.toSpliced(4, 0, at(4))), ["misplaced@5"]);
    assert.deepEqual(await check(lines.toSpliced(4, 0, at(2))), ["misplaced@5"]);
    assert.deepEqual(await check(lines.with(4, at(6)).with(5, at(5))), ["missing@5"]);
    assert.deepEqual(await check(lines.toSpliced(4, 0, "x")), ["not-a-line@5"]);
    assert.deepEqual(await check(lines.with(4, "x")), ["not-a-line@5"]);
    assert.deepEqual(await check(lines.toSpliced(4, 0, other.lines[4] ?? "")), ["broken-link@5"]);
    assert.deepEqual(
      await check(lines.toSpliced(4, 0, other.lines[0] ?? ""))
        .then((found) => found[0]),
      "second-chain@5",
    );
    assert.deepEqual((await check(lines.slice(1)))[0], "no-header@1");
  }));

Deno.test("verifyAudit() finds a cut tail by the expected head alone", () =>
  withDirectory(async (directory) => {
    const { lines, head } = await written(`${directory}/audit.jsonl`, calls(5));
    for (let kept = 1; kept < lines.length; kept++) {
      const cut = lines.slice(0, kept);
      assert.equal((await verifyLines(directory, cut)).ok, true);
      const report = await verifyLines(directory, cut, { expectHead: head });
      assert.deepEqual([report.ok, codes(report)], [false, ["cut@null"]]);
    }
    const inTheMiddle = JSON.parse(lines[2] ?? "").hash;
    assert.equal((await verifyLines(directory, lines, { expectHead: inTheMiddle })).ok, true);
    const named = { expectHead: ` SHA256:${head.toUpperCase()}\n` };
    assert.equal((await verifyLines(directory, lines, named)).ok, true);
  }));

Deno.test("verifyAudit() finds a whole rewrite by the key alone", () =>
  withDirectory(async (directory) => {
    const { lines } = await written(`${directory}/audit.jsonl`, calls(5), KEY);
    let prev = "0".repeat(64);
    const rewritten = lines.map((line) => {
      const changed = line.replace("read_text_file", "write_file").replace(
        /"prev":"[0-9a-f]{64}"/,
        `"prev":"${prev}"`,
      );
      const whole = rehashed(changed);
      prev = JSON.parse(whole).hash;
      return whole;
    });
    const report = await verifyLines(directory, rewritten, { key: KEY });
    assert.deepEqual([report.ok, codes(report)], [false, ["wrong-key@1"]]);
    const unsealed: string[] = [];
    prev = "0".repeat(64);
    for (const line of rewritten) {
      const whole = rehashed(
        line.replace("hmac-sha256", "sha256").replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`),
      );
      unsealed.push(whole);
      prev = JSON.parse(whole).hash;
    }
    assert.deepEqual(codes(await verifyLines(directory, unsealed)), []);
    assert.deepEqual(codes(await verifyLines(directory, unsealed, { key: KEY })), ["not-sealed@1"]);
    assert.deepEqual(codes(await verifyLines(directory, lines)), ["no-key@1"]);
    assert.deepEqual(
      codes(await verifyLines(directory, lines.toSpliced(2, 1))),
      ["no-key@1", "missing@3"],
    );
    const otherKey = { key: new Secret("some other key of it") };
    assert.deepEqual(codes(await verifyLines(directory, lines, otherKey)), ["wrong-key@1"]);
    const one = rehashed((lines[3] ?? "").replace("read_text_file", "write_file"));
    assert.deepEqual(codes(await verifyLines(directory, lines.with(3, one), { key: KEY })), [
      "edited@4",
    ]);
  }));

Deno.test("verifyAudit() puts files into their order and misses each that is not given", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    {
      await using sink = await openFileSink({ path, maxFileBytes: 4096 });
      for (const call of calls(14)) sink.record([call]);
      await using own = await openFileSink({ path: `${directory}/own.jsonl` });
      own.record(calls(2));
    }
    const all = [...Deno.readDirSync(directory)].map(({ name }) => `${directory}/${name}`).sort();
    assert.equal(all.length, 5);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: 5 }), async (files) => {
        const report = await verifyAudit(files);
        assert.deepEqual([report.ok, report.chains.length, report.lines], [true, 2, 21]);
        assert.equal(report.head, null);
        const chain = report.chains.find(({ files }) => files.length === 4);
        assert.deepEqual(chain?.files.map((file) => file.slice(directory.length)), [
          "/audit.jsonl",
          "/audit-0002.jsonl",
          "/audit-0003.jsonl",
          "/audit-0004.jsonl",
        ]);
      }),
      { numRuns: 10 },
    );
    const without = (name: string) => all.filter((file) => !file.endsWith(name));
    const middle = await verifyAudit(without("-0003.jsonl"));
    assert.deepEqual(codes(middle), ["missing-file@1"]);
    assert.match(middle.problems[0]?.problem ?? "", /part 3 \("audit-0003\.jsonl"\) was not given/);
    const first = await verifyAudit(without("/audit.jsonl"));
    assert.deepEqual(codes(first), ["missing-file@1"]);
    const last = await verifyAudit(without("-0004.jsonl"));
    assert.deepEqual([last.ok, ...codes(last)], [true, "goes-on@null"]);
    assert.match(last.problems[0]?.problem ?? "", /goes on in ".*\/audit-0004\.jsonl"/);
    assert.deepEqual(codes(await verifyAudit([path])), ["goes-on@null"]);
    Deno.copyFileSync(path, `${directory}/copy.jsonl`);
    assert.deepEqual(codes(await verifyAudit([...all, path, `${directory}/copy.jsonl`])), [
      "repeated-file@1",
    ]);
  }));

Deno.test("verifyAudit() tells a torn last line from tampering", () =>
  withDirectory(async (directory) => {
    const { lines } = await written(`${directory}/audit.jsonl`, calls(4));
    const text = lines.map((line) => `${line}\n`).join("");
    const last = lines.at(-1) ?? "";
    const path = `${directory}/changed.jsonl`;
    const codesOf = async (changed: string) => {
      Deno.writeTextFileSync(path, changed);
      const report = await verifyAudit([path]);
      return [report.ok, ...codes(report)];
    };
    for (let cut = 1; cut <= last.length; cut += 7) {
      assert.deepEqual(await codesOf(text.slice(0, -cut)), [true, "torn@5"]);
    }
    assert.deepEqual(await codesOf(text + "\0\0\0\0"), [true, "torn@6"]);
    assert.deepEqual(await codesOf(text.slice(0, -30) + "\n"), [false, "not-a-line@5"]);
    assert.deepEqual(await codesOf(text.slice(0, -1) + "x"), [false, "not-a-line@5"]);
    assert.deepEqual(await codesOf(text + "what is this"), [false, "not-a-line@6"]);
    const changed = last.replace('"effect":"allow"', '"effect":"deny"');
    assert.deepEqual(await codesOf(text.slice(0, -last.length - 1) + changed), [
      false,
      "not-a-line@5",
    ]);
    assert.deepEqual(await codesOf(text.slice(0, 40)), [true, "torn@1"]);
    assert.deepEqual(await codesOf(""), [true, "empty@null"]);
  }));

Deno.test("verifyAudit() finds a torn end changed after the next file told of it", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/audit.jsonl`;
    const { lines } = await written(path, calls(2));
    Deno.writeTextFileSync(path, (lines[1] ?? "").slice(0, 300), { append: true });
    const next = await openFileSink({ path });
    await next[Symbol.asyncDispose]();
    const files = [path, next.path];
    assert.deepEqual(codes(await verifyAudit(files)), ["torn@4"]);
    Deno.writeTextFileSync(path, "x", { append: true });
    assert.equal((await verifyAudit(files)).ok, false);
    Deno.writeTextFileSync(path, lines.map((line) => `${line}\n`).join(""));
    assert.deepEqual(codes(await verifyAudit(files)), []);
    Deno.writeTextFileSync(path, lines.slice(0, 2).map((line) => `${line}\n`).join(""));
    assert.deepEqual(codes(await verifyAudit(files)), ["missing@1"]);
  }));

Deno.test("verifyAudit() never throws on garbage, and bounds what it says", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/garbage`;
    const { lines } = await written(`${directory}/audit.jsonl`, calls(1));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, headed) => {
        Deno.writeTextFileSync(path, headed ? `${lines[0]}\n` : "");
        Deno.writeFileSync(path, bytes, { append: true });
        await verifyAudit([path], { key: headed ? KEY : undefined, expectHead: "x" });
      }),
      { numRuns: 60 },
    );
    Deno.writeTextFileSync(path, `${lines[0]}\n${"\n".repeat(5000)}${"[".repeat(3_000_000)}\n`);
    const report = await verifyAudit([path]);
    assert.equal(report.problems.length, 1000);
    assert.equal(report.omitted, 4001);
    const missing = await verifyAudit([`${directory}/none`, directory]);
    assert.deepEqual(codes(missing), ["unreadable@null", "unreadable@null"]);
    assert.deepEqual((await verifyAudit([])).ok, true);
  }));
