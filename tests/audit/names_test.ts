import assert from "node:assert/strict";
import {
  baseName,
  directoryOf,
  segmentNumbers,
  segmentPath,
  writerPath,
} from "../../src/audit/file_name.ts";
import { auditDirectory, runFileName } from "../../src/audit/run_place.ts";

Deno.test("writerPath() and segmentPath() put their number before the extension", () => {
  assert.equal(writerPath("a/audit.jsonl", 1), "a/audit.jsonl");
  assert.equal(writerPath("a/audit.jsonl", 2), "a/audit.2.jsonl");
  assert.equal(writerPath("a.b/audit", 2), "a.b/audit.2");
  assert.equal(writerPath("/.audit", 3), "/.audit.3");
  assert.equal(segmentPath("audit.jsonl", 1), "audit.jsonl");
  assert.equal(segmentPath("audit.2.jsonl", 2), "audit.2-0002.jsonl");
  assert.equal(segmentPath("audit", 12345), "audit-12345");
});

Deno.test("segmentNumbers() finds the files of one writer alone, newest first", () => {
  const names = [
    "audit.jsonl",
    "audit-0002.jsonl",
    "audit-0010.jsonl",
    "audit-12345.jsonl",
    "audit-0001.jsonl",
    "audit-2.jsonl",
    "audit-00002.jsonl",
    "audit-0003.json",
    "audit-0003.jsonl.bak",
    "audit-000x.jsonl",
    "audit.2-0004.jsonl",
    "other-0005.jsonl",
    "audit-99999999999.jsonl",
  ];
  assert.deepEqual(segmentNumbers("/x/audit.jsonl", names), [12345, 10, 2]);
  assert.deepEqual(segmentNumbers("/x/audit.2.jsonl", names), [4]);
});

Deno.test("baseName() and directoryOf() split a path", () => {
  assert.deepEqual(["/a/b", "b", "/b"].map(baseName), ["b", "b", "b"]);
  assert.deepEqual(["/a/b", "b", "/b"].map(directoryOf), ["/a", ".", "/"]);
});

Deno.test("auditDirectory() follows each platform's rule", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  const at = (os: typeof Deno.build.os, values: Record<string, string>) =>
    auditDirectory({ os, env: env(values) });
  assert.equal(at("linux", { HOME: "/h" }), "/h/.local/state/mcp-aegis/audit");
  assert.equal(at("linux", { HOME: "/h", XDG_STATE_HOME: "/s/" }), "/s/mcp-aegis/audit");
  assert.equal(
    at("freebsd", { HOME: "/h", XDG_STATE_HOME: "s" }),
    "/h/.local/state/mcp-aegis/audit",
  );
  assert.equal(at("linux", { HOME: "/" }), "/.local/state/mcp-aegis/audit");
  assert.equal(at("darwin", { HOME: "/h" }), "/h/Library/Application Support/mcp-aegis/audit");
  assert.equal(at("windows", { LOCALAPPDATA: "C:\\L" }), "C:\\L\\mcp-aegis\\audit");
  for (const os of ["linux", "darwin", "windows"] as const) {
    assert.throws(() => at(os, {}), { code: "audit-place" });
  }
});

Deno.test("runFileName() sorts by time and is unlike any other run's", () => {
  const wallMs = Date.UTC(2026, 0, 31, 12, 0, 0, 999);
  assert.equal(
    runFileName({ wallMs, pid: 4711, random: "9f3a61c2" }),
    "20260131T120000Z-4711-9f3a61c2.jsonl",
  );
});
