/**
 * Reading and writing of messages, beside the plain decoding and parsing that no program can avoid.
 *
 *     deno bench -A scripts/bench/jsonrpc.bench.ts
 * @module
 */

import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { IdFinder } from "../../src/jsonrpc/id_finder.ts";
import { readFrame } from "../../src/jsonrpc/read.ts";
import { serialise } from "../../src/jsonrpc/serialise.ts";

const MIB = 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const limits = { ...DEFAULT_LIMITS };

const call = {
  jsonrpc: "2.0",
  id: 12345,
  method: "tools/call",
  params: {
    name: "read_text_file",
    arguments: { path: "/srv/project/src/main.ts", head: 120, note: "x".repeat(80) },
    _meta: { progressToken: 77, "com.example/trace": "0af7651916cd43dd8448eb211c80319c" },
  },
};

const result = (value: unknown) => ({ jsonrpc: "2.0", id: 1, result: { content: value } });

/** 10 MiB of `{"id":…,"name":"…","tags":[…]}`. */
function smallObjects(): unknown {
  const items: unknown[] = [];
  for (let bytes = 0; bytes < 10 * MIB;) {
    const id = items.length;
    const item = { id, name: `item number ${id}`, tags: ["alpha", "beta"], done: id % 2 === 0 };
    bytes += JSON.stringify(item).length + 1;
    items.push(item);
  }
  return result(items);
}

/** 10 MiB of decimal fractions. */
function fractions(): unknown {
  return result(Array.from({ length: 600_000 }, (_, i) => Math.sin(i)));
}

const cases: Record<string, unknown> = {
  "a tools/call of 300 B": call,
  "10 MiB, one ASCII string": result([{ type: "text", text: "a".repeat(10 * MIB) }]),
  "10 MiB, one string of code": result([{
    type: "text",
    text: 'const quoted = "value";\n\tif (a < b) return `é`;\n'.repeat(10 * MIB / 48),
  }]),
  "10 MiB of small objects": smallObjects(),
  "10 MiB of fractions": fractions(),
};

for (const [group, value] of Object.entries(cases)) {
  const bytes = encoder.encode(JSON.stringify(value));
  Deno.bench("decode and JSON.parse", { group, baseline: true }, () => {
    JSON.parse(decoder.decode(bytes));
  });
  Deno.bench("readFrame()", { group }, () => {
    readFrame(bytes, { sender: "client", limits, batches: false });
  });
  const frame = readFrame(bytes, { sender: "client", limits, batches: false });
  if (frame.kind !== "single" || !frame.item.ok) throw new Error(`Cannot read "${group}"`);
  const { message } = frame.item;
  Deno.bench("JSON.stringify and encode", { group: `${group}, out`, baseline: true }, () => {
    encoder.encode(JSON.stringify(value));
  });
  Deno.bench("serialise()", { group: `${group}, out` }, () => {
    serialise(message);
  });
}

const long = encoder.encode(JSON.stringify(smallObjects()));
Deno.bench("IdFinder over 200 MB of small objects", () => {
  const finder = new IdFinder();
  for (let bytes = 0; bytes < 200_000_000; bytes += long.length) finder.push(long.subarray(0, -2));
});
