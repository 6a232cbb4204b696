import assert from "node:assert/strict";
import fc from "fast-check";
import { decimal, tenths, threeDigits } from "../../src/audit/decimal.ts";

Deno.test("decimal() prints what String() prints, and null for what JSON cannot hold", () => {
  for (const edge of [0, 9, 10, 999, 1000, 1001, 10_000, 1_000_000, 999_999_999, 2 ** 53 - 1]) {
    assert.equal(decimal(edge), String(edge));
  }
  fc.assert(fc.property(fc.oneof(fc.maxSafeInteger(), fc.double()), (value) => {
    assert.equal(decimal(value), Number.isFinite(value) ? JSON.stringify(value) : "null");
  }));
});

Deno.test("tenths() rounds to one decimal", () => {
  for (const [value, text] of [[0, "0"], [0.04, "0"], [0.05, "0.1"], [12.34, "12.3"], [3, "3"]]) {
    assert.equal(tenths(Number(value)), text);
  }
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    const rounded = Math.round(value * 10) / 10;
    assert.equal(tenths(value), Number.isFinite(rounded) ? String(rounded + 0) : "null");
  }));
});

Deno.test("threeDigits() pads with zeros", () => {
  assert.deepEqual([0, 7, 42, 999].map(threeDigits), ["000", "007", "042", "999"]);
});
