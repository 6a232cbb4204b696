import { deepEqual, equal, ok } from "node:assert/strict";
import { createParser } from "eventsource-parser";
import fc from "fast-check";
import type { SseItem } from "../../../src/transport/http/sse_item.ts";
import { SseReader } from "../../../src/transport/http/sse_reader.ts";
import { bytesOf, textOf } from "../support.ts";
import { reference, type Seen, seen } from "./sse_reference.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** Feeds a stream cut at the given places. */
function read(
  stream: Uint8Array,
  { cuts = [], max = MIB }: { cuts?: readonly number[]; max?: number } = {},
): readonly SseItem[] {
  const reader = new SseReader({ maxSseBufferBytes: max });
  const at = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
  at.sort((a, b) => a - b);
  // Chunks of their own, as a network gives them; what was handed out must not depend on later ones.
  const chunks = at.slice(1).map((to, index) => stream.slice(at[index], to));
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

function plain(stream: string, options?: Parameters<typeof read>[1]): readonly Seen[] {
  return read(bytesOf(stream), options).map(seen);
}

function event(data: string, fields: Partial<Extract<Seen, { kind: "event" }>> = {}): Seen {
  const none = { event: undefined, id: undefined, retry: undefined };
  return { kind: "event", data, hasData: true, ...none, ...fields };
}

/** Streams made of the parts that matter, among them broken ones. */
const anyStream = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...["\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", ":", ": ", "data", "data:", "data: "],
      ...["event: message\n", "event:\0\n", "id", "id: 7\r\n", "id:\n", "id: a\0b\n", " ", "\0"],
      ...[
        "retry: 10\n",
        "retry: x\n",
        "retry:\n",
        "dat",
        "DATA: x\n",
        "Id: 1\n",
        "\ufeff",
        "foo: x",
      ],
      ...[
        'data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n',
        "é€😀",
        "x".repeat(50),
        "data:a\ndata:b\n\n",
      ],
    ).map(bytesOf),
    fc.constantFrom([0xff], [0xc3], [0xed, 0xa0, 0x80], [0xef, 0xbb], [0xef], [0xbf])
      .map((bytes) => Uint8Array.from(bytes)),
    fc.string({ unit: "grapheme", maxLength: 12 }).map(bytesOf),
  ),
  { maxLength: 30 },
).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

Deno.test("SseReader agrees with the plain reading of the standard for any stream, any cuts and any bound", () => {
  const bound = fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constant(MIB));
  fc.assert(
    fc.property(anyStream, fc.array(fc.nat(500), { maxLength: 12 }), bound, (stream, cuts, max) => {
      deepEqual(read(stream, { cuts, max }).map(seen), reference(stream, max));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("SseReader gives the same items wherever the chunks are cut", () => {
  const stream = bytesOf(
    '\ufeffid: 1\r\nevent: message\r\ndata: {"a":"é€😀"}\r\n\r\n: ping\r\r\ndata:1\ndata\rdata: 2\n\n' +
      "retry: 5\n\nid: x\ndata:\n\n:x\ndata: tail",
  );
  for (const max of [MIB, 12, 3]) {
    const want = read(stream, { max });
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second += 3) {
        deepEqual(read(stream, { cuts: [first, second], max }), want, `${first}, ${second}`);
      }
    }
    deepEqual(read(stream, { cuts: [...stream.keys()], max }), want);
  }
});

Deno.test("SseReader agrees with eventsource-parser on streams that are text", () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "data: ",
        "data:",
        "data\n",
        "id: 3\n",
        "event: e\n",
        ": c\n",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }).filter((part) => !/[\0\ufeff]/.test(part)),
    ),
    { maxLength: 30 },
  ).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (text) => {
      const theirs: unknown[] = [];
      const parser = createParser({
        onEvent: ({ data, event, id }) => theirs.push({ data, event: event || undefined, id }),
        onComment: (comment) => theirs.push(comment),
      });
      parser.feed(text + "\n");
      const ours = read(bytesOf(text + "\n")).flatMap((item): unknown[] => {
        if (item.kind === "comment") return [item.text];
        if (item.kind !== "event" || !item.hasData) return [];
        return [{ data: textOf(item.data), event: item.event || undefined, id: item.id }];
      });
      deepEqual(ours, theirs);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("SseReader reads the examples of the standard", () => {
  deepEqual(plain("data: YHOO\ndata: +2\ndata: 10\n\n"), [event("YHOO\n+2\n10")]);
  deepEqual(
    plain(
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
    ),
    [
      { kind: "comment", text: "test stream" },
      event("first event", { id: "1" }),
      event("second event", { id: "" }),
      event(" third event"),
    ],
  );
  deepEqual(plain("data\n\ndata\ndata\n\ndata:"), [event(""), event("\n"), { kind: "truncated" }]);
  deepEqual(plain("data:test\n\ndata: test\n\n"), [event("test"), event("test")]);
});

Deno.test("SseReader tells a priming event from one without data, and keeps event names as they are", () => {
  deepEqual(plain("id: 1\ndata: \n\n"), [event("", { id: "1" })]);
  deepEqual(plain("retry: 3000\n\n"), [event("", { hasData: false, retry: 3000 })]);
  deepEqual(plain("event: endpoint\ndata: /messages?sessionId=a:b\n\n"), [
    event("/messages?sessionId=a:b", { event: "endpoint" }),
  ]);
  deepEqual(plain("Data: 1\nDATA: 2\n data: 3\ndata : 4\nfoo\n\n"), []);
});

Deno.test("SseReader keeps the last of two retries, and no retry that is no number of digits", () => {
  const retry = (value: string) => plain(`retry: 5\nretry:${value}\n\n`).map((item) => item)[0];
  for (const value of ["", " ", "x", "-1", "1.5", "1e3", "٣", "9".repeat(16), "9".repeat(400)]) {
    deepEqual(retry(value), event("", { hasData: false, retry: 5 }), value);
  }
  deepEqual(retry("0007"), event("", { hasData: false, retry: 7 }));
});

Deno.test("SseReader gives the bytes of the data themselves, a BOM in them too", () => {
  const data = '\ufeff{"a":"\ufeff\u2028"}';
  const [item] = read(bytesOf(`\ufeffdata: ${data}\n\n`));
  ok(item?.kind === "event");
  deepEqual(item.data, bytesOf(data));
});

Deno.test("SseReader never repairs: what is not UTF-8 is unreadable, with its bytes, and the next event is read", () => {
  const bad = Uint8Array.from([
    ...bytesOf('data: {"id":4,"x":"'),
    0xc3,
    ...bytesOf('"}\n\ndata: 2\n\n'),
  ]);
  const [first, second] = read(bad);
  ok(first?.kind === "unreadable");
  equal(first.detail, "its data is not UTF-8");
  deepEqual(first.data, bad.subarray(6, bad.indexOf(10)));
  deepEqual(second && seen(second), event("2"));
  const large = new Uint8Array(300 * KIB).fill(0x41);
  large.set(bytesOf("data: "));
  large.set([0xff, 10, 10], large.length - 3);
  deepEqual(read(large).map(({ kind }) => kind), ["unreadable"]);
});

Deno.test("SseReader refuses an id or an event name that could not be written again", () => {
  const faults = (stream: string) =>
    read(bytesOf(stream)).map((item) => item.kind === "unreadable" ? item.detail : item.kind);
  deepEqual(faults("id: a\0\ndata: 1\n\n"), ["its id holds a NUL"]);
  deepEqual(faults("event: \0\n\n"), ["its event holds a NUL"]);
  deepEqual(faults(`id: ${"x".repeat(8193)}\n\n`), ["its id has more than 8192 bytes"]);
  deepEqual(faults(`id: ${"x".repeat(8192)}\n\n`), ["event"]);
});

Deno.test("SseReader skips an event that outgrows its bound and tells whose answer it was", () => {
  const start = 'data: {"jsonrpc":"2.0",';
  const rest = `"result":{"x":"${"x".repeat(3000)}"},"id":41}`;
  for (const lineEnd of ["\n", "\r\n", "\r"]) {
    for (
      const data of [`${start}${rest}`, `${start}${lineEnd}data:${rest}`, `${start}\ndata: ${rest}`]
    ) {
      const stream = bytesOf(
        `id: 1${lineEnd}${data}${lineEnd}: c${lineEnd}${lineEnd}data: next\n\n`,
      );
      const bytes = stream.length - "data: next\n\n".length - lineEnd.length * 4 -
        (data.length - data.replaceAll(/[\r\n]/g, "").length);
      for (const cuts of [[], [...stream.keys()], [10, 20, 30, 2000]]) {
        const [item, next, ...others] = read(stream, { cuts, max: KIB });
        deepEqual(item, { kind: "oversize", bytes, max: KIB, id: 41, hasMethod: false });
        deepEqual(next && seen(next), event("next"));
        deepEqual(others, []);
      }
    }
  }
});

Deno.test("SseReader finds the id of a skipped event in any of its data lines, and in no other line", () => {
  const long = "x".repeat(2000);
  const id = (stream: string) => {
    const [item, ...others] = read(bytesOf(stream), { max: KIB });
    deepEqual(others, []);
    return item?.kind === "oversize" ? item.id : item?.kind;
  };
  equal(id(`data: {"x":"${long}",\ndata\ndata:"id":7,\ndata: "y":"${long}"}\n\n`), 7);
  equal(id(`data: {"id":7,\n${long}\ndata: "x":1}\n\n`), 7);
  equal(id(`data: {"x":"${long}",\nfoo: "id":7,\ndatas: "id":8,\ndat\n\n`), undefined);
  equal(id(`\ufeffdata: {"id":"a","x":"${long}"}\n\n`), "a");
});

Deno.test("SseReader takes an event of exactly its bound and none that is one byte longer", () => {
  const line = (size: number) => "data: " + "x".repeat(size - 6);
  deepEqual(plain(`${line(KIB)}\n\n`, { max: KIB }), [event("x".repeat(KIB - 6))]);
  deepEqual(plain(`${line(KIB + 1)}\n\n`, { max: KIB }), [{ kind: "oversize", bytes: KIB + 1 }]);
});

Deno.test("SseReader tells of a stream that ends inside an event, and only then", () => {
  for (const stream of ["data: 1", "data: 1\n", "data: 1\r", "id: 1\n", "x", "event"]) {
    deepEqual(plain(stream), [{ kind: "truncated" }], stream);
  }
  for (const stream of ["", "\n", ": cut", "\ufeff", "\ufeff: cut", "foo: bar\n", "data: 1\n\n"]) {
    ok(!plain(stream).some(({ kind }) => kind === "truncated"), stream);
  }
  const oversize = { kind: "oversize", bytes: 2006, max: KIB, id: undefined, hasMethod: false };
  deepEqual(read(bytesOf("data: " + "x".repeat(2000)), { max: KIB }), [oversize]);
});

Deno.test("SseReader gives whole events as views of their chunk, and copies what it has to keep", () => {
  const reader = new SseReader({ maxSseBufferBytes: MIB });
  const chunk = bytesOf("data: 1\n\ndata: 2\n\ndata: 3\n");
  const [first, second] = reader.push(chunk);
  ok(first?.kind === "event" && second?.kind === "event");
  equal(first.data.buffer, chunk.buffer);
  equal(second.data.buffer, chunk.buffer);
  chunk.fill(0x21);
  const [third] = reader.push(bytesOf("\n"));
  deepEqual(third && seen(third), event("3"));
});

Deno.test("SseReader takes time in proportion to the bytes, however small the chunks", () => {
  const shapes: Readonly<Record<string, (bytes: number) => string>> = {
    "one line": (bytes) => `data: ${"x".repeat(bytes)}\n\n`,
    "many data lines": (bytes) => `${"data:x\n".repeat(bytes / 7)}\n`,
    "many fields": (bytes) => `${"id:1\nretry:1\nfoo:x\n".repeat(bytes / 20)}\n`,
    "many events": (bytes) => "data:1\n\n".repeat(bytes / 8),
    "carriage returns": (bytes) => `${"data:x\r".repeat(bytes / 7)}\r`,
    "a comment": (bytes) => `:${"x".repeat(bytes)}\n\n`,
  };
  for (const [name, shape] of Object.entries(shapes)) {
    for (const step of [1, 64 * KIB]) {
      const [small, large] = [bytesOf(shape(40_000)), bytesOf(shape(320_000))];
      // Eight times the bytes; quadratic time is sixty-four times. The rest is for a busy machine.
      let ratio = Infinity;
      for (let attempt = 0; attempt < 5 && ratio > 32; attempt++) {
        ratio = fastest(large, step) / Math.max(fastest(small, step), 0.2);
      }
      ok(ratio < 32, `${name} by ${step}: ${ratio.toFixed(1)} times as long`);
    }
  }

  function fastest(stream: Uint8Array, step: number): number {
    let bestMs = Infinity;
    for (let run = 0; run < 4; run++) {
      const reader = new SseReader({ maxSseBufferBytes: MIB });
      const startMs = performance.now();
      for (let at = 0; at < stream.length; at += step) reader.push(stream.subarray(at, at + step));
      bestMs = Math.min(bestMs, performance.now() - startMs);
    }
    return bestMs;
  }
});

Deno.test("SseReader holds no more than its bound while an endless event goes by", () => {
  const reader = new SseReader({ maxSseBufferBytes: 256 * KIB });
  const chunk = new Uint8Array(64 * KIB).fill(120);
  reader.push(bytesOf("data: "));
  const before = Deno.memoryUsage().external;
  for (let i = 0; i < 4000; i++) deepEqual(reader.push(chunk), []);
  ok(Deno.memoryUsage().external - before < 64 * MIB);
  const [item] = reader.push(bytesOf("\n\n"));
  deepEqual(item && seen(item), { kind: "oversize", bytes: 6 + 4000 * chunk.length });
});
