import assert from "node:assert/strict";
import fc from "fast-check";
import { decodePercent, decodingRounds, isEscape } from "../../src/grammar/percent.ts";

Deno.test("decodePercent() agrees with decodeURIComponent on well-formed escapes", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(decodePercent(encodeURIComponent(text)), text);
  }));
});

Deno.test("decodePercent() decodes one round only", () => {
  assert.equal(decodePercent("%252e%%32%65"), "%2e%2e");
});

Deno.test("decodePercent() reads overlong forms of every length, and %u", () => {
  const slashes = ["%2f", "%C0%AF", "%e0%80%af", "%f0%80%80%af", "%f8%80%80%80%af", "%u002F"];
  for (const slash of [...slashes, "%fc%80%80%80%80%af", "%U002f"]) {
    assert.equal(decodePercent(`a${slash}b`), "a/b", slash);
  }
});

Deno.test("decodePercent() folds or drops a stray lead byte, as told", () => {
  assert.equal(decodePercent("%c1%1c"), "\\");
  assert.equal(decodePercent(".%c1%2e", { malformed: "drop" }), "..");
  assert.equal(decodePercent("caf%E9.txt"), "caf.txt");
});

Deno.test("decodePercent() leaves alone what is no escape", () => {
  for (const text of ["100%", "5 % off", "%g1", "%u12", "%2", "a%zz%"]) {
    assert.equal(decodePercent(text), text);
  }
});

Deno.test("decodePercent() takes any text and never makes it longer", () => {
  const unit = fc.constantFrom(..."%u2fFcC0a8eEdD/.".split(""), "é");
  fc.assert(fc.property(fc.string({ unit }), (text) => {
    assert.ok(decodePercent(text).length <= text.length);
    assert.ok(decodePercent(text, { malformed: "drop" }).length <= text.length);
  }));
});

Deno.test("isEscape() wants a percent sign and hexadecimal digits", () => {
  assert.deepEqual([0, 1, 3].map((at) => isEscape("%4f%4", at)), [true, false, false]);
  assert.ok(isEscape("%u00e9", 0));
  assert.ok(!isEscape("%u00g9", 0));
});

Deno.test("decodingRounds() decodes four times and no more", () => {
  const encoded = "%252525252e";
  assert.deepEqual(decodingRounds(encoded), [encoded, "%2525252e", "%25252e", "%252e", "%2e"]);
  assert.deepEqual(decodingRounds("plain"), ["plain"]);
});
