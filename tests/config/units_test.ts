import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatBytes,
  parseBoolean,
  parseBytes,
  parseSeconds,
  parseWhole,
} from "../../src/config/units.ts";

Deno.test("parseBytes() reads plain bytes and both families of units", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["4096", 4096],
    ["10B", 10],
    ["10KB", 10_000],
    ["10KiB", 10_240],
    ["10mb", 10_000_000],
    ["1 MiB", 1_048_576],
    ["1.5GiB", 1_610_612_736],
    ["2.3MB", 2_300_000],
    ["1GB", 1_000_000_000],
  ];
  for (const [text, bytes] of cases) assert.equal(parseBytes(text), bytes, text);
});

Deno.test("parseBytes() refuses what it cannot read as a whole number of bytes", () => {
  const bad = ["", " ", "MB", "-1", "+1", "1e6", "0x10", "1,000", "1_000", "10M", "10 M B", "1.5"];
  const worse = ["1.0001KB", "١٠", "10MB ", "\n10", "10\n", "Infinity", "NaN", "99999999999999GB"];
  for (const text of [...bad, ...worse]) assert.equal(parseBytes(text), undefined, text);
});

Deno.test("parseBytes() reads back what formatBytes() prints", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (bytes) => {
    assert.equal(parseBytes(formatBytes(bytes)), bytes);
  }));
});

Deno.test("formatBytes() takes the largest unit that divides", () => {
  assert.deepEqual(
    [0, 1500, 1024, 65_536, 1000, 100_000_000, 1_000_000_000, 1_048_576].map(formatBytes),
    ["0", "1500", "1KiB", "64KiB", "1KB", "100MB", "1GB", "1MiB"],
  );
});

Deno.test("parseSeconds() gives milliseconds", () => {
  assert.deepEqual(["30", "0.5", "1.25", "30.0", "0"].map(parseSeconds), [
    30_000,
    500,
    1250,
    30_000,
    0,
  ]);
  for (const text of ["", "-1", "30s", "1.2345", ".5", "5.", "1e3", " 5"]) {
    assert.equal(parseSeconds(text), undefined, text);
  }
});

Deno.test("parseBoolean() knows true, false, 1 and 0 and nothing else", () => {
  assert.deepEqual(["true", "TRUE", "1", "false", "False", "0"].map(parseBoolean), [
    1,
    1,
    1,
    0,
    0,
    0,
  ]);
  for (const text of ["", "yes", "no", "on", "2", "truee"]) {
    assert.equal(parseBoolean(text), undefined, text);
  }
});

Deno.test("parseWhole() reads whole numbers without sign", () => {
  assert.deepEqual(["0", "128", "007"].map(parseWhole), [0, 128, 7]);
  for (const text of ["", "-1", "1.0", "1e3", "0x1", " 1", "9".repeat(16)]) {
    assert.equal(parseWhole(text), undefined, text);
  }
});
