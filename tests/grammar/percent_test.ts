import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePercent, decodingRounds } from "../../src/grammar/percent.ts";

Deno.test("decodePercent() undoes what encodeURIComponent() does", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(decodePercent(encodeURIComponent(text)), text);
  }));
});

Deno.test("decodePercent() reads overlong forms, %u and bytes that are no UTF-8", () => {
  assert.equal(decodePercent("%c0%ae%C0%AF"), "./");
  assert.equal(decodePercent("%e0%80%ae%u002e"), "..");
  assert.equal(decodePercent("%ff%2e%c3"), "ÿ.Ã");
  assert.equal(decodePercent("100% %zz %4"), "100% %zz %4");
  assert.equal(decodePercent("%f7%bf%bf%bf"), "÷¿¿¿");
});

Deno.test("decodingRounds() decodes four times and no more", () => {
  const encoded = "%252525252e";
  assert.deepEqual(decodingRounds(encoded), [encoded, "%2525252e", "%25252e", "%252e", "%2e"]);
  assert.deepEqual(decodingRounds("plain"), ["plain"]);
});

Deno.test("decodePercent() never throws", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 255 })), (bytes) => {
    decodePercent(bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  }));
});
