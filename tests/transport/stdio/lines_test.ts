import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { IncomingFrame } from "../../../src/gateway/channel.ts";
import { LineSplitter } from "../../../src/transport/stdio/lines.ts";
import { bytesOf, textOf } from "../support.ts";

const KIB = 1024;

/** Frames as values: texts, and what is told of lines that are too long. */
type Seen = string | Exclude<IncomingFrame, Uint8Array>;

/** Feeds a chunk as a reader does: no more at once than there is room for. */
function feed(splitter: LineSplitter, chunk: Uint8Array): Seen[] {
  const seen: Seen[] = [];
  for (let at = 0; at < chunk.length;) {
    const room = splitter.room();
    const part = chunk.subarray(at, at + room.length);
    room.set(part);
    at += part.length;
    seen.push(...splitter.took(room.subarray(0, part.length)).map(value));
  }
  return seen;
}

function end(splitter: LineSplitter): Seen[] {
  return splitter.end(splitter.room()).map(value);
}

function value(frame: IncomingFrame): Seen {
  return frame instanceof Uint8Array ? textOf(frame) : frame;
}

function all(chunks: readonly Uint8Array[], maxLineBytes: number): Seen[] {
  const splitter = new LineSplitter({ maxLineBytes });
  return [...chunks.flatMap((chunk) => feed(splitter, chunk)), ...end(splitter)];
}

/** The plain reading of the rule. */
function expected(text: string, maxLineBytes: number): string[] {
  return text.split("\n")
    .map((line) => line.endsWith("\r") ? line.slice(0, -1) : line)
    .filter((line) => line !== "")
    .map((line) => bytesOf(line).length > maxLineBytes ? "(too long)" : line);
}

function plain(seen: readonly Seen[]): string[] {
  return seen.map((frame) => typeof frame === "string" ? frame : "(too long)");
}

Deno.test("LineSplitter gives the same lines wherever the chunks are cut", () => {
  const text = '{"a":1}\n\r\n{"b":"é€😀"}\r\n\n\r\r\n' + "x".repeat(40) + '\n{"last":true}';
  const bytes = bytesOf(text);
  const want = expected(text, 30);
  for (let cut = 0; cut <= bytes.length; cut++) {
    for (let second = cut; second <= bytes.length; second += 3) {
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut, second), bytes.subarray(second)];
      deepEqual(plain(all(chunks, 30)), want, `cut at ${cut} and ${second}`);
    }
  }
  deepEqual(plain(all([...bytes].map((byte) => new Uint8Array([byte])), 30)), want);
});

Deno.test("LineSplitter agrees with the plain reading of the rule for any text and any cuts", () => {
  const line = fc.oneof(
    fc.constantFrom("", "\r", "\r\r", '{"jsonrpc":"2.0","id":7,"method":"m"}'),
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.integer({ min: 0, max: 60 }).map((size) => "y".repeat(size)),
  );
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n"));
  fc.assert(fc.property(text, fc.array(fc.nat(400)), fc.integer({ min: 1, max: 50 }), check));

  function check(text: string, cuts: readonly number[], maxLineBytes: number): void {
    const bytes = bytesOf(text);
    const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
    at.sort((a, b) => a - b);
    const chunks = at.slice(1).map((to, index) => bytes.subarray(at[index], to));
    deepEqual(plain(all(chunks, maxLineBytes)), expected(text, maxLineBytes));
  }
});

Deno.test("LineSplitter takes a line of exactly maxLineBytes, with either line end, and no longer one", () => {
  for (const lineEnd of ["\n", "\r\n", ""]) {
    deepEqual(all([bytesOf("x".repeat(2000) + lineEnd)], 2000), ["x".repeat(2000)]);
    deepEqual(plain(all([bytesOf("x".repeat(2001) + lineEnd)], 2000)), ["(too long)"]);
  }
});

Deno.test("LineSplitter gives a last line without a newline at the end", () => {
  deepEqual(all([bytesOf('{"a":1}\n{"b":2}')], KIB), ['{"a":1}', '{"b":2}']);
  deepEqual(all([bytesOf("a\nb\r")], KIB), ["a", "b"]);
  deepEqual(all([bytesOf("a\n")], KIB), ["a"]);
  deepEqual(all([], KIB), []);
});

Deno.test("LineSplitter tells of a line that is too long as soon as its id and method are known", () => {
  const splitter = new LineSplitter({ maxLineBytes: KIB });
  const start = '{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"x":"';
  deepEqual(feed(splitter, bytesOf(start + "x".repeat(900))), []);
  const seen = feed(splitter, bytesOf("x".repeat(200)));
  const bytes = start.length + 1100;
  const limit = { limit: "maxLineBytes", max: KIB };
  deepEqual(seen, [{ oversize: true, bytes, ...limit, id: "a", hasMethod: true }]);
  deepEqual(feed(splitter, bytesOf("x".repeat(200_000))), []);
  deepEqual(feed(splitter, bytesOf('"}}\n{"next":1}\n')), ['{"next":1}']);
});

Deno.test("LineSplitter finds an id and a method that stand at the end of a line that is too long", () => {
  const splitter = new LineSplitter({ maxLineBytes: KIB });
  const start = '{"params":{"x":"';
  deepEqual(feed(splitter, bytesOf(start)), []);
  for (let i = 0; i < 100; i++) deepEqual(feed(splitter, bytesOf("x".repeat(10_000))), []);
  const rest = '"},"method":"m","id":41,"jsonrpc":"2.0"}';
  const [frame, ...others] = feed(splitter, bytesOf(rest + "\nnext\n"));
  const bytes = start.length + 1_000_000 + rest.length;
  const limit = { limit: "maxLineBytes", max: KIB };
  deepEqual(frame, { oversize: true, bytes, ...limit, id: 41, hasMethod: true });
  deepEqual(others, ["next"]);
});

Deno.test("LineSplitter tells of a line that is too long without an id at its end, or at the end of the input", () => {
  const long = "z".repeat(5000);
  for (const text of [`${long}\nnext\n`, `next\n${long}`]) {
    const seen = all([bytesOf(text)], KIB);
    equal(seen.length, 2);
    const frame = seen.find((one) => typeof one !== "string");
    const limit = { limit: "maxLineBytes", max: KIB };
    deepEqual(frame, { oversize: true, bytes: 5000, ...limit, id: undefined, hasMethod: false });
  }
});

Deno.test("LineSplitter holds no more than a read while a line that is too long goes by", () => {
  const splitter = new LineSplitter({ maxLineBytes: 256 * KIB });
  const chunk = new Uint8Array(64 * KIB).fill(120);
  let largest = 0;
  for (let i = 0; i < 1000; i++) {
    feed(splitter, chunk);
    if (i > 100) largest = Math.max(largest, splitter.room().buffer.byteLength);
  }
  ok(largest <= 64 * KIB, `${largest} bytes`);
});

Deno.test("LineSplitter gives the memory of a long line back after it, a little later when it may be of use", () => {
  for (const [size, reads] of [[10, 65], [30, 1]] as const) {
    const splitter = new LineSplitter({ maxLineBytes: 64 * KIB * KIB });
    const bytes = size * KIB * KIB;
    const part = new Uint8Array(64 * KIB).fill(120);
    const seen: Seen[] = [];
    for (let at = 0; at < bytes; at += part.length) seen.push(...feed(splitter, part));
    ok(splitter.room().buffer.byteLength >= bytes);
    seen.push(...feed(splitter, bytesOf("\nshort\npart")));
    for (let i = 1; i < reads; i++) {
      ok(splitter.room().buffer.byteLength >= bytes);
      seen.push(...feed(splitter, bytesOf("")));
    }
    equal(splitter.room().buffer.byteLength, 64 * KIB);
    seen.push(...feed(splitter, bytesOf(" and rest\n")));
    deepEqual(seen.map((frame) => typeof frame === "string" ? frame.length : 0), [bytes, 5, 13]);
    equal(seen[2], "part and rest");
  }
});

Deno.test("LineSplitter uses its memory again for one long line after another", () => {
  const splitter = new LineSplitter({ maxLineBytes: 64 * KIB * KIB });
  const line = bytesOf("y".repeat(3 * KIB * KIB) + "\n");
  const memory = new Set<ArrayBufferLike>();
  for (let i = 0; i < 5; i++) {
    equal(feed(splitter, line).length, 1);
    memory.add(splitter.room().buffer);
  }
  equal(memory.size, 1);
});

Deno.test("LineSplitter goes on in memory that replaced the room, and forgets what was lost with it", () => {
  const splitter = new LineSplitter({ maxLineBytes: KIB });
  const replace = (text: string) => {
    const room = splitter.room();
    const { byteOffset } = room;
    const moved = new Uint8Array(room.buffer.transfer(), byteOffset, text.length);
    moved.set(bytesOf(text));
    return moved;
  };
  deepEqual(splitter.took(replace("ab\nc")).map(value), ["ab"]);
  deepEqual(splitter.took(replace("d\nef")).map(value), ["cd"]);
  splitter.room().buffer.transfer();
  deepEqual(splitter.end(new Uint8Array(0)), []);
});
