/**
 * Plain audit entries for tests.
 * @module
 */

import type { EventEntry, MessageEntry } from "../../src/audit/entry.ts";

/** 2026-01-31T12:00:00.000Z */
export const NOON_MS = Date.UTC(2026, 0, 31, 12);

/** A call that was allowed. */
export function callEntry(id: number, changes: Partial<MessageEntry> = {}): MessageEntry {
  return {
    type: "message",
    timeMs: NOON_MS + id,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    direction: "client-to-upstream",
    disposition: "forward",
    kind: "request",
    id,
    method: "tools/call",
    principal: "developer",
    roles: ["dev"],
    upstream: "fs",
    action: "read",
    resource: { kind: "tool", server: "fs", name: "read_text_file" },
    effect: "allow",
    rules: [{ file: "policies.yaml", line: 12, column: 5, path: "/principals/developer" }],
    policy: `sha256:${"ab".repeat(32)}`,
    steps: [{ check: "policy", us: 12.34 }, { check: "rate-limit", us: 1 }],
    argumentsHash: `sha256:${"cd".repeat(32)}`,
    bytes: 231,
    ...changes,
  };
}

/** An event of the program. */
export function eventEntry(n: number): EventEntry {
  return { type: "event", timeMs: NOON_MS + n, event: "start", detail: { n } };
}
