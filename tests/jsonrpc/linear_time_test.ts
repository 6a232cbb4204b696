import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { IdFinder } from "../../src/jsonrpc/id_finder.ts";
import { readFrame } from "../../src/jsonrpc/read.ts";
import { bytesOf, result } from "./reading.ts";

const SMALL = 30_000; // bytes, about
const FACTOR = 8;
/** Linear time gives FACTOR, quadratic time its square; the rest is for a busy machine. */
const MOST = FACTOR * 4;

const repeated = (part: string) => (bytes: number) =>
  part.repeat(Math.ceil(bytes / part.length)).slice(0, -1);

function members(key: (index: number) => string): (bytes: number) => string {
  return (bytes) => {
    const parts: string[] = [];
    for (let length = 0, index = 0; length < bytes; index++) {
      const part = `"${key(index)}":0`;
      length += part.length + 1;
      parts.push(part);
    }
    return `{${parts.join(",")}}`;
  };
}

/** Base 36 with a constant length, front and back. */
const middle = (index: number) => index.toString(36).padStart(5, "0");

const SHAPES: Readonly<Record<string, (bytes: number) => string>> = {
  "backslashes": (bytes) => `"${"\\\\".repeat(bytes / 2)}"`,
  "escaped quotes": (bytes) => `"${'\\"'.repeat(bytes / 2)}"`,
  "a backslash every 40 bytes": (bytes) => `"${`${"x".repeat(40)}\\n`.repeat(bytes / 42)}"`,
  "unicode escapes": (bytes) => `"${"\\u0041".repeat(bytes / 6)}"`,
  "surrogate pairs": (bytes) => `"${"\\ud83d\\ude00".repeat(bytes / 12)}"`,
  "half pairs": (bytes) => `"${"\\ud83d".repeat(bytes / 6)}"`,
  "short strings": (bytes) => `[${repeated('"a",')(bytes)}]`,
  "strings of 33 bytes": (bytes) => `[${repeated(`"${"x".repeat(33)}",`)(bytes)}]`,
  "strings of 100 bytes": (bytes) => `[${repeated(`"${"x".repeat(100)}",`)(bytes)}]`,
  "empty objects": (bytes) => `[${repeated("{},")(bytes)}]`,
  "nesting": (bytes) => `[${repeated(`${"[".repeat(120)}${"]".repeat(120)},`)(bytes)}]`,
  "objects of 8": (bytes) => `[${repeated(`${members(middle)(70)},`)(bytes)}]`,
  "objects of 9": (bytes) => `[${repeated(`${members(middle)(80)},`)(bytes)}]`,
  "keys": members((index) => `k${index}`),
  "long keys alike but for the middle": members((index) =>
    `${"x".repeat(90)}${middle(index)}${"y".repeat(105)}`
  ),
  "keys that differ in one high bit a byte": members((index) =>
    [...index.toString(2).padStart(20, "0")].map((bit) => bit === "0" ? "A" : "a").join("")
  ),
  "escaped keys": members((index) => `\\u006b${index}`),
  "index keys": members((index) => String(index * 7)),
  "eight long keys": (bytes) => members((index) => `${"x".repeat(bytes / 8)}${index}`)(bytes),
  "fractions": (bytes) => `[${repeated("0.12345678901234567,")(bytes)}]`,
  "numbers kept as text": (bytes) => `[${repeated("1.0,")(bytes - (bytes % 4))}]`,
  "one long number": (bytes) => `0.${"1".repeat(bytes)}`,
  "white space": (bytes) => `[${" \r\n\t".repeat(bytes / 4)}]`,
  "broken at the end": (bytes) => `[${repeated('"a",')(bytes)}`,
};

/** The shortest of some runs, in ms. */
function shortest(run: () => void): number {
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Measures anew when another process got in between: what is quadratic fails every time. */
function assertLinear(name: string, run: (bytes: number) => () => void): void {
  const small = run(SMALL);
  const large = run(FACTOR * SMALL);
  small();
  let ratio = Infinity;
  for (let attempt = 0; attempt < 5 && ratio > MOST; attempt++) {
    ratio = shortest(large) / Math.max(shortest(small), 0.05);
  }
  assert.ok(
    ratio < MOST,
    `${name}: ${FACTOR} times the bytes took ${ratio.toFixed(1)} times as long`,
  );
}

Deno.test("readFrame() takes time in proportion to the bytes, whatever they are", () => {
  const limits = DEFAULT_LIMITS; // which bound no members of an upstream's objects
  for (const [name, shape] of Object.entries(SHAPES)) {
    assertLinear(name, (bytes) => {
      const frame = bytesOf(result(shape(bytes)));
      return () => void readFrame(frame, { sender: "upstream", limits, batches: false });
    });
  }
});

Deno.test("readFrame() takes a batch apart in proportion to its bytes", () => {
  for (const member of ['{"jsonrpc":"2.0","id":1,"method":"m"}', "[]", "{", '"\\""', "1"]) {
    assertLinear(member, (bytes) => {
      const frame = bytesOf(`[${repeated(`${member},`)(bytes / 4)}]`);
      return () =>
        void readFrame(frame, { sender: "client", limits: DEFAULT_LIMITS, batches: true });
    });
  }
});

Deno.test("IdFinder takes time in proportion to the bytes, whatever they are", () => {
  const lines: Readonly<Record<string, (bytes: number) => string>> = {
    ...SHAPES,
    "ids": repeated('"id":"abc",'),
    "escaped ids": repeated('"\\u0069d":"\\u0061",'),
    "methods": repeated('"method":1,'),
    "long keys": repeated(`"${"k".repeat(300)}":"${"v".repeat(300)}",`),
  };
  for (const [name, shape] of Object.entries(lines)) {
    assertLinear(name, (bytes) => {
      const line = bytesOf(`{"a":0,${shape(bytes)}`);
      return () => {
        const finder = new IdFinder();
        for (let at = 0; at < line.length; at += 4096) finder.push(line.subarray(at, at + 4096));
      };
    });
  }
});
