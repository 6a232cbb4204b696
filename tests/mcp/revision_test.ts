import assert from "node:assert/strict";
import {
  LATEST_PROTOCOL_VERSION,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/sdk/types.js";
import {
  allowsBatches,
  announcedRevision,
  eraOf,
  isRevision,
  negotiatedRevision,
  requestRevision,
  REVISIONS,
} from "../../src/mcp/revision.ts";

Deno.test("REVISIONS has what the official package supports, but for its draft of 2024-10-07", () => {
  const all: readonly string[] = SUPPORTED_PROTOCOL_VERSIONS;
  const supported = all.filter((revision) => revision !== "2024-10-07");
  assert.deepEqual(REVISIONS.filter((revision) => eraOf(revision) === "legacy"), supported.sort());
  assert.ok(isRevision(LATEST_PROTOCOL_VERSION));
});

Deno.test("isRevision() knows no others", () => {
  for (const text of ["2025-11-26", "", "draft", "length", "2025-11-25 "]) {
    assert.equal(isRevision(text), false);
  }
});

Deno.test("eraOf() calls 2026-07-28 and what comes after modern, all else legacy", () => {
  assert.equal(eraOf("2026-07-28"), "modern");
  assert.equal(eraOf("2027-01-01"), "modern");
  assert.equal(eraOf("2025-11-25"), "legacy");
  assert.equal(eraOf("2024-10-07"), "legacy");
  assert.equal(eraOf(null), "legacy");
});

Deno.test("allowsBatches() only once exactly 2025-03-26 is negotiated", () => {
  for (const revision of [...REVISIONS, "2025-03-26 ", "2024-10-07", "", null]) {
    assert.equal(allowsBatches(revision), revision === "2025-03-26", String(revision));
  }
});

Deno.test("announcedRevision(), negotiatedRevision() and requestRevision() read own texts", () => {
  assert.equal(announcedRevision({ protocolVersion: "2025-06-18" }), "2025-06-18");
  assert.equal(announcedRevision({ protocolVersion: 1 }), undefined);
  assert.equal(announcedRevision(undefined), undefined);
  assert.equal(negotiatedRevision({ protocolVersion: "2025-03-26" }), "2025-03-26");
  assert.equal(negotiatedRevision(Object.create({ protocolVersion: "2025-03-26" })), undefined);
  const meta = { "io.modelcontextprotocol/protocolVersion": "2026-07-28" };
  assert.equal(requestRevision({ _meta: meta }), "2026-07-28");
  assert.equal(requestRevision({ _meta: "x" }), undefined);
  assert.equal(requestRevision({ protocolVersion: "2026-07-28" }), undefined);
  assert.equal(requestRevision(undefined), undefined);
});
