import assert from "node:assert/strict";
import fc from "fast-check";
import { CHAIN_START, ChainWriter } from "../../src/audit/chain_writer.ts";
import type { AuditEntry, MessageEntry } from "../../src/audit/entry.ts";
import { isoTime, MAX_LINE_BYTES } from "../../src/audit/line.ts";
import { Seal } from "../../src/audit/seal.ts";
import { readLine } from "../../src/audit/stored_line.ts";
import { anyMessage, entryArbitrary } from "./arbitrary.ts";
import { callEntry, NOON_MS } from "./entries.ts";

function lineOf(entry: AuditEntry): string {
  const writer = new ChainWriter(new Seal(), CHAIN_START);
  writer.add(entry);
  return new TextDecoder().decode(writer.bytes);
}

Deno.test("a line of a call holds every member in its order", () => {
  const line = lineOf(callEntry(7));
  assert.equal(
    line.slice(0, line.indexOf('"prev"')),
    '{"v":1,"type":"message","principal":"developer","roles":["dev"],"upstream":"fs",' +
      '"direction":"client-to-upstream","kind":"request","method":"tools/call","action":"read",' +
      '"resource":{"kind":"tool","server":"fs","name":"read_text_file"},"effect":"allow",' +
      '"disposition":"forward","rules":["policies.yaml:12:5"],' +
      `"policy":"sha256:${"ab".repeat(32)}","seq":1,"time":"2026-01-31T12:00:00.007Z",` +
      '"trace":"0af7651916cd43dd8448eb211c80319c","id":7,' +
      `"steps":{"policy":12.3,"rate-limit":1},"arguments_hash":"sha256:${"cd".repeat(32)}",` +
      '"bytes":231,',
  );
});

Deno.test("a line of a refusal says why; observe mode says what would have been", () => {
  const denied = JSON.parse(lineOf(callEntry(1, {
    effect: "deny",
    disposition: "answer",
    reason: "not_permitted",
    detail: 'Policy does not allow tool "write_file"',
    rules: [],
    changes: ["surrogates-repaired"],
  })));
  assert.equal(denied.reason, "not_permitted");
  assert.equal(denied.detail, 'Policy does not allow tool "write_file"');
  assert.deepEqual(denied.rules, []);
  assert.deepEqual(denied.changes, ["surrogates-repaired"]);
  assert.equal("would" in denied, false);
  const observed = JSON.parse(lineOf(callEntry(1, { would: "deny", reason: "not_permitted" })));
  assert.deepEqual([observed.effect, observed.would], ["allow", "deny"]);
});

Deno.test("a line is one line of JSON, whatever a message holds", () => {
  fc.assert(
    fc.property(entryArbitrary, (entry) => {
      const line = lineOf(entry);
      assert.equal(line.indexOf("\n"), line.length - 1);
      const value = JSON.parse(line);
      assert.equal(value.type, entry.type);
      assert.equal(value.seq, 1);
      if (entry.type !== "message") return;
      assert.equal(value.principal, entry.principal);
      assert.equal(value.method, entry.method);
      assert.equal(value.id, entry.id);
      assert.equal(value.resource?.name, entry.resource?.name);
      assert.equal(value.detail, entry.detail);
      assert.deepEqual(value.roles, entry.roles);
      assert.doesNotMatch(
        line.slice(0, -1),
        // deno-lint-ignore no-control-regex
        /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/,
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test("What a head says is what its entry says", () => {
  // Few values for each member, so that heads are found again and again and differ in one member.
  const few = fc.tuple(
    anyMessage,
    fc.constantFrom<Partial<MessageEntry>>(
      {},
      { principal: "ops" },
      { roles: ["dev", "ops"] },
      { upstream: null },
      { direction: "upstream-to-client" },
      { disposition: "drop" },
      { kind: "result" },
      { method: "tools/list" },
      { action: "write" },
      { effect: "deny" },
      { would: "deny" },
      { rules: [] },
      { rules: [{ file: "policies.yaml", line: 12, column: 5, path: "/elsewhere" }] },
      { rules: [{ file: "policies.yaml", line: 12, column: 6, path: "" }] },
      { rules: [{ file: "policies.yaml", line: 13, column: 5, path: "" }] },
      { rules: [{ file: "other.yaml", line: 12, column: 5, path: "" }] },
      { policy: "sha256:other" },
      { resource: null },
      { resource: { kind: "tool", server: "db", name: "read_text_file" } },
      { resource: { kind: "tool", server: "fs", name: "read_text_file", template: true } },
      { resource: { kind: "prompt", server: "fs", name: "read_text_file" } },
    ),
    fc.boolean(),
  ).map(([any, change, plain]) => plain ? callEntry(1, change) : { ...any, ...change });
  fc.assert(fc.property(fc.array(few, { maxLength: 30 }), (entries) => {
    const writer = new ChainWriter(new Seal(), CHAIN_START);
    for (const entry of entries) {
      const { seq, hash } = writer.end;
      const fresh = new ChainWriter(new Seal(), { seq, hash });
      writer.add(entry);
      fresh.add(entry);
      assert.deepEqual(writer.bytes, fresh.bytes);
      writer.commit();
    }
  }));
});

Deno.test("no line is longer than MAX_LINE_BYTES, and it says what was cut", () => {
  const huge = "\u{e0041}".repeat(500_000);
  const many = Array.from({ length: 1000 }, () => huge);
  const line = lineOf(callEntry(1, {
    traceId: huge,
    id: huge,
    method: huge,
    principal: huge,
    roles: many,
    upstream: huge,
    resource: { kind: "tool", server: huge, name: huge },
    reason: huge,
    detail: huge,
    rules: many.map((file) => ({ file, line: 1, column: 1, path: "" })),
    policy: huge,
    steps: many.map((check, i) => ({ check: i + check, us: 1 })),
    argumentsHash: huge,
    arguments: { huge },
    changes: many,
  }));
  assert.ok(line.length <= MAX_LINE_BYTES, `${line.length}`);
  const value = JSON.parse(line);
  assert.equal(value.cut.method, 1_000_000);
  assert.equal(value.cut.id, 1_000_000);
  assert.equal(value.cut["resource.name"], 1_000_000);
  assert.equal(value.cut.rules, 1000);
  assert.equal(value.arguments, undefined);
  assert.equal(value.arguments_start.length, 64 * 1024);
  assert.equal(value.method.length, 1024);
});

Deno.test("a line holds the arguments when the entry has them", () => {
  const value = JSON.parse(lineOf(callEntry(1, { arguments: { path: "/tmp/\u001b" } })));
  assert.deepEqual(value.arguments, { path: "/tmp/\u001b" });
  assert.equal("arguments" in JSON.parse(lineOf(callEntry(1))), false);
});

Deno.test("steps of one name have their sum, and odd numbers stay JSON", () => {
  const us = [{ check: "a", us: 1.26 }, { check: "b", us: NaN }, { check: "a", us: 2 }];
  const value = JSON.parse(lineOf(callEntry(1, { steps: us, bytes: Infinity })));
  assert.deepEqual(value.steps, { a: 3.3, b: null });
  assert.equal(value.bytes, null);
});

Deno.test("isoTime() is what Date says, through the change of seconds and back", () => {
  for (const ms of [0, 1, 999, 1000, 59_999, NOON_MS, NOON_MS - 1, NOON_MS + 0.9, -1, -1000]) {
    assert.equal(isoTime(ms), new Date(Math.floor(ms)).toISOString());
  }
  assert.throws(() => isoTime(NaN), RangeError);
});

Deno.test("readLine() reads back what was written, and nothing else", () => {
  fc.assert(fc.property(entryArbitrary, (entry) => {
    const line = lineOf(entry).slice(0, -1);
    const bytes = new TextEncoder().encode(line);
    const read = readLine(bytes);
    assert.equal(read?.seq, 1);
    assert.equal(read?.type, entry.type);
    assert.equal(read?.prev, CHAIN_START.hash);
    assert.equal(read?.hash, new Seal().hex(read?.content ?? bytes));
  }));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => readLine(bytes) === undefined));
  for (const text of ["", "{}", "null", "[1]", '{"v":1}', "x".repeat(400)]) {
    assert.equal(readLine(new TextEncoder().encode(text)), undefined);
  }
});
