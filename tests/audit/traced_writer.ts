/**
 * Records the entries that stand as JSON in its first argument, and says what the sink says of itself.
 * With a second argument all are recorded within a span of that name.
 * @module
 */

import { trace } from "@opentelemetry/api";
import type { AuditEntry } from "../../src/audit/entry.ts";
import { memorySink } from "../../src/audit/memory_sink.ts";
import { traceSink } from "../../src/audit/tracing.ts";

const [entries = "[]", around] = Deno.args;
const recorded: AuditEntry[] = JSON.parse(entries);
const memory = memorySink();
const sink = await traceSink(memory);
if (around === undefined) sink.record(recorded);
else {
  trace.getTracer("around").startActiveSpan(around, (span) => {
    sink.record(recorded);
    span.end();
  });
}
await sink[Symbol.asyncDispose]();
const said = { place: sink.place, entries: sink.entries.length, isTraced: sink !== memory };
console.log(JSON.stringify(said));
Deno.exit(0);
