import assert from "node:assert/strict";
import fc from "fast-check";
import { isRawNumber } from "../../src/base/json.ts";
import { messageOf, result } from "./reading.ts";

/** The value of `a` in a result with this text for it. */
function valueOf(text: string): unknown {
  const message = messageOf(result(text), "upstream");
  assert.ok(message.kind === "result");
  return message.result.a;
}

/** Decimal texts around the precision of a double, with the point anywhere. */
const decimal = fc.tuple(
  fc.constantFrom("", "-"),
  fc.stringMatching(/^[0-9]{13,19}$/),
  fc.integer({ min: 0, max: 19 }),
  fc.integer({ min: 0, max: 8 }),
).map(([sign, digits, point, zeros]) => {
  const at = Math.min(point, digits.length);
  const whole = digits.slice(0, at).replace(/^0+(?=.)/, "") || "0";
  const fraction = "0".repeat(zeros) + digits.slice(at);
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
});

Deno.test("readFrame() keeps a number as text exactly when a double prints it otherwise", () => {
  fc.assert(
    fc.property(fc.array(decimal, { minLength: 1, maxLength: 20 }), (texts) => {
      const values = valueOf(`[${texts.join(",")}]`);
      assert.ok(Array.isArray(values));
      assert.equal(JSON.stringify(values), `[${texts.join(",")}]`);
      values.forEach((value, index) => {
        const text = texts[index] ?? "";
        assert.equal(isRawNumber(value), JSON.stringify(Number(text)) !== text, text);
      });
    }),
    { numRuns: 1000 },
  );
});

Deno.test("readFrame() keeps numbers that any double prints as doubles", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    fc.pre(!Object.is(value, -0));
    assert.equal(valueOf(JSON.stringify(value)), value);
  }));
});

Deno.test("readFrame() keeps strings that look like a number kept as text strings", () => {
  const strings = ["0".repeat(16) + "0", "f".repeat(16) + "1", "1.0", "x".repeat(17)];
  const values = valueOf(`{"n":[1.0,2.0],"s":${JSON.stringify(strings)},"m":1.0}`);
  assert.equal(JSON.stringify(values), `{"n":[1.0,2.0],"s":${JSON.stringify(strings)},"m":1.0}`);
});

Deno.test("readFrame() puts numbers kept as text back wherever they stood", () => {
  const text = '{"9":1.0,"1":{"b":[1.0,[2.00,{"c":-0}]]},"é\\u0000":3e0,"x":"' + "y".repeat(200) +
    '","z":[' + Array.from({ length: 2000 }, (_, i) => `${i}.0`).join(",") + "]}";
  assert.deepEqual(
    JSON.stringify(valueOf(text)),
    JSON.stringify(JSON.parse(text, function (_key, value, context?: { source?: string }) {
      return typeof value === "number" && context?.source !== undefined
        ? (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source)
        : value;
    })),
  );
});
