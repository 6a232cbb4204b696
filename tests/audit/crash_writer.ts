/**
 * Writes audit lines until it is killed: `crash_writer.ts PATH`. Says on stdout how many are recorded.
 * @module
 */

import { openFileSink } from "../../src/audit/file_sink.ts";
import { callEntry } from "./entries.ts";

const sink = await openFileSink({ path: Deno.args[0] ?? "", maxFileBytes: 64 * 1024 });
for (let i = 0;; i++) {
  sink.record(Array.from({ length: 1 + i % 5 }, (_, j) => callEntry(i + j)));
  Deno.stdout.writeSync(new TextEncoder().encode(`${sink.lines}\n`));
}
