import assert from "node:assert/strict";
import type { AuditEntry } from "../../src/audit/entry.ts";
import { memorySink } from "../../src/audit/memory_sink.ts";
import { traceSink } from "../../src/audit/tracing.ts";
import { type Collector, startCollector } from "../fixtures/otlp_collector.ts";
import { callEntry, eventEntry, NOON_MS } from "./entries.ts";

/** Records entries in a process of its own; gives what it said. */
async function recordElsewhere(
  entries: readonly AuditEntry[],
  { env = {}, around = [] }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly around?: readonly string[];
  } = {},
): Promise<unknown> {
  const file = new URL("traced_writer.ts", import.meta.url).href;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", file, JSON.stringify(entries), ...around],
    env: { ...env },
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  return JSON.parse(decoder.decode(stdout));
}

async function spansOf(entries: readonly AuditEntry[], ...around: string[]) {
  await using collector: Collector = startCollector();
  const said = await recordElsewhere(entries, { env: collector.env, around });
  assert.deepEqual(said, { place: "memory", entries: entries.length, isTraced: true });
  return { spans: collector.spans("mcp-aegis"), others: collector.spans("around"), collector };
}

Deno.test("traceSink() makes a span of each message, in the trace the client was told of", async () => {
  const entry = callEntry(7);
  const { spans: [span, ...more] } = await spansOf([eventEntry(1), entry]);
  assert.deepEqual(more, [], "events are no messages");
  assert.equal(span?.name, "tools/call");
  assert.equal(span.traceId, entry.traceId);
  assert.equal(span.status.code ?? 0, 0);
  assert.deepEqual(span.attributes, {
    "aegis.trace_id": entry.traceId,
    "aegis.direction": "client-to-upstream",
    "aegis.disposition": "forward",
    "aegis.kind": "request",
    "aegis.principal": "developer",
    "aegis.effect": "allow",
    "aegis.policy": entry.policy,
    "aegis.bytes": 231,
    "aegis.upstream": "fs",
    "aegis.action": "read",
    "aegis.rule": "policies.yaml:12 /principals/developer",
    "mcp.method.name": "tools/call",
    "jsonrpc.request.id": "7",
    "gen_ai.tool.name": "read_text_file",
  });
  const nanoseconds = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano));
  assert.ok(Math.abs(nanoseconds - 13_340) < 1000, `the checks took 13.34 µs: ${nanoseconds} ns`);
  const startMs = Number(BigInt(span.startTimeUnixNano) / 1_000_000n);
  assert.ok(Math.abs(startMs - entry.timeMs) <= 1, `at ${NOON_MS + 7}: ${startMs}`);
});

Deno.test("traceSink() tells why, and whose fault it is", async () => {
  const { spans } = await spansOf([
    callEntry(1, { effect: "deny", disposition: "answer", reason: "not_permitted", rules: [] }),
    callEntry(2, { effect: "deny", disposition: "answer", reason: "check_failed" }),
    callEntry(3, { would: "deny", reason: "unsafe_argument", finding: "path-outside-roots" }),
  ]);
  const told = spans.map(({ attributes, status }) => [
    attributes["aegis.effect"],
    attributes["aegis.would"],
    attributes["aegis.reason"],
    attributes["error.type"],
    attributes["aegis.finding"],
    status.code ?? 0,
  ]);
  assert.deepEqual(told, [
    ["deny", undefined, "not_permitted", "not_permitted", undefined, 0],
    ["deny", undefined, "check_failed", "check_failed", undefined, 2],
    ["allow", "deny", "unsafe_argument", "unsafe_argument", "path-outside-roots", 0],
  ]);
});

Deno.test("a span holds no arguments, no address of a resource, no claims", async () => {
  const { collector } = await spansOf([
    callEntry(1, {
      arguments: { path: "/S3CRET" },
      argumentsHash: "sha256:S3CRET",
      detail: "S3CRET",
      pointer: "/arguments/S3CRET",
      roles: ["S3CRET"],
      changes: ["S3CRET"],
      method: "resources/read",
      resource: { kind: "resource", server: "fs", name: "file:///S3CRET" },
    }),
    { type: "noise", timeMs: NOON_MS, upstream: "fs", count: 1, bytes: 6, sample: "S3CRET" },
    { type: "event", timeMs: NOON_MS, event: "start", detail: { target: "S3CRET" } },
  ]);
  assert.match(collector.text(), /resources\/read/);
  assert.doesNotMatch(collector.text(), /S3CRET/);
});

Deno.test("names that a client chooses make few and short spans", async () => {
  const long = "x".repeat(5000);
  const { spans: [unknown, tool, unread] } = await spansOf([
    callEntry(1, { method: `made/${long}`, reason: "unknown_method", effect: "deny" }),
    callEntry(2, { id: long, resource: { kind: "tool", server: null, name: `${long}` } }),
    callEntry(3, { kind: "unreadable", id: null, method: null, resource: null, traceId: "" }),
  ]);
  assert.equal(unknown?.name, "unknown method");
  for (const span of [unknown, tool, unread]) {
    for (const value of Object.values(span?.attributes ?? {})) {
      assert.ok(String(value).length <= 128, `${value}`);
    }
  }
  assert.equal(unread?.name, "unreadable");
  assert.match(unread?.traceId ?? "", /^[0-9a-f]{32}$/);
});

Deno.test("a span leads to the span within which its message was recorded", async () => {
  const { spans: [span], others: [around] } = await spansOf([callEntry(1)], "POST");
  assert.equal(around?.name, "POST");
  assert.deepEqual(span?.links.map(({ traceId }) => traceId), [around.traceId]);
});

Deno.test("traceSink() gives the sink itself back where nobody takes spans", async () => {
  const memory = memorySink();
  assert.equal(await traceSink(memory), memory);
  const env = { OTEL_DENO: "false" };
  assert.deepEqual(await recordElsewhere([callEntry(1)], { env }), {
    place: "memory",
    entries: 1,
    isTraced: false,
  });
});
