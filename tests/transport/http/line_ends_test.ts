import { equal } from "node:assert/strict";
import fc from "fast-check";
import { LineEnds } from "../../../src/transport/http/line_ends.ts";

Deno.test("LineEnds finds what a look at every byte finds, wherever the bytes stand in memory", () => {
  const byte = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(0x09, 0x0b, 0x0c, 0x0e, 0x8a, 0x8d, 0xff, 0, 0x20) },
    { weight: 1, arbitrary: fc.constantFrom(0x0a, 0x0d) },
  );
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 200, size: "max" }),
      fc.nat(7),
      fc.nat(200),
      (all, offset, from) => {
        const bytes = Uint8Array.from(all).subarray(Math.min(offset, all.length));
        const start = Math.min(from, bytes.length);
        const end = bytes.findIndex((one, at) => at >= start && (one === 0x0a || one === 0x0d));
        equal(new LineEnds(bytes).next(start), end);
      },
    ),
    { numRuns: 2000 },
  );
});
