import assert from "node:assert/strict";
import fc from "fast-check";
import { plainSpelling } from "../../src/grammar/look_alike.ts";

Deno.test("plainSpelling() writes compatibility forms and look-alikes plainly", () => {
  assert.equal(plainSpelling("\uff0e\u2024\u2215\uff05\uff54"), "../%t");
  assert.equal(plainSpelling("a\u29f5b\uff3cc\ufe68d"), "a\\b\\c\\d");
});

Deno.test("plainSpelling() leaves out what shows nothing", () => {
  assert.equal(plainSpelling(".g\u200cit\u00ad/\ufeffx\u{e0041}"), ".git/x");
});

Deno.test("plainSpelling() keeps letters of living scripts", () => {
  for (const text of ["キノコ/メモ.md", "café/día", "ملف", "चित्र"]) {
    assert.equal(plainSpelling(text).normalize("NFC"), text.normalize("NFKC"));
  }
});

Deno.test("plainSpelling() leaves ASCII alone and takes lone surrogates", () => {
  fc.assert(fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
    assert.equal(plainSpelling(text), text);
  }));
  assert.equal(typeof plainSpelling("\ud800/\udc00"), "string");
});

Deno.test("plainSpelling() is linear in runs of combining marks", () => {
  const time = (length: number) => {
    const text = "\u0301".repeat(length / 2) + "\u0316".repeat(length / 2);
    const from = performance.now();
    plainSpelling(text);
    return performance.now() - from;
  };
  time(4_000);
  const small = Math.min(...Array.from({ length: 5 }, () => time(4_000)));
  const large = Math.min(...Array.from({ length: 5 }, () => time(64_000)));
  // Sixteen times the length: linear is 16, quadratic 256.
  assert.ok(large < 100 * Math.max(small, 0.1), `${small} ms, then ${large} ms`);
});
