import assert from "node:assert/strict";
import fc from "fast-check";
import type { RawNumber } from "../../../src/base/json.ts";
import { exceedsBytes } from "../../../src/inspect/results/measure.ts";

const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawNumber };

Deno.test("exceedsBytes() agrees with the JSON within the commas, where nothing is escaped", () => {
  const text = fc.string({ unit: fc.constantFrom(..."abc é€👩") });
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie("value")),
      fc.dictionary(text, tie("value")),
    ),
  }));
  fc.assert(fc.property(value, (any) => {
    const json = JSON.stringify(any);
    const bytes = new TextEncoder().encode(json).length;
    const commas = json.length + 2;
    const value = JSON.parse(json);
    assert.equal(exceedsBytes(value, bytes + commas), false);
    assert.equal(
      exceedsBytes(value, bytes - Math.min(bytes, 3) - 1 < 0 ? -1 : bytes - commas),
      true,
    );
  }));
});

Deno.test("exceedsBytes() counts UTF-8 and long numbers", () => {
  assert.deepEqual([5, 4].map((max) => exceedsBytes("€", max)), [false, true]);
  assert.deepEqual([6, 5].map((max) => exceedsBytes("👩", max)), [false, true]);
  const long = rawJSON("1".repeat(30));
  assert.deepEqual([30, 29].map((max) => exceedsBytes(long, max)), [false, true]);
});
