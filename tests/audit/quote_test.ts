import assert from "node:assert/strict";
import fc from "fast-check";
import { Cuts, quote, quoteAll, visible } from "../../src/audit/quote.ts";
import { nastyText } from "./arbitrary.ts";

/** What a terminal may act on, or a reader would not see. */
const ACTIVE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u;

Deno.test("quoteAll() gives JSON of the same string and nothing a terminal acts on", () => {
  fc.assert(
    fc.property(nastyText, (text) => {
      const json = quoteAll(text);
      assert.equal(JSON.parse(json), text);
      assert.doesNotMatch(json, ACTIVE);
      assert.equal(json.isWellFormed(), true);
    }),
    { numRuns: 500 },
  );
});

Deno.test("quoteAll() escapes newline, ANSI, C1, bidi controls, line separators and tags", () => {
  assert.equal(quoteAll('a"\n{'), '"a\\"\\n{"');
  assert.equal(quoteAll("\u001b[31m"), '"\\u001b[31m"');
  assert.equal(quoteAll("\u009b31m\u007f"), '"\\u009b31m\\u007f"');
  assert.equal(quoteAll("\u202e\u2066\u2028\u2029\u0085"), '"\\u202e\\u2066\\u2028\\u2029\\u0085"');
  assert.equal(quoteAll("\u{e0041}\u200b\u3164"), '"\\udb40\\udc41\\u200b\\u3164"');
  assert.equal(quoteAll("\ud800"), '"\\ud800"');
  assert.equal(quoteAll("é漢字🎉"), '"é漢字🎉"');
});

Deno.test("visible() keeps the value of any JSON", () => {
  fc.assert(fc.property(fc.dictionary(nastyText, nastyText), (object) => {
    const json = visible(JSON.stringify(object));
    assert.doesNotMatch(json, ACTIVE);
    assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(object)));
  }));
});

Deno.test("quote() cuts at the bound and notes the length before", () => {
  const cuts = new Cuts();
  assert.equal(quote("abc", { name: "a", max: 3, cuts }), '"abc"');
  assert.equal(cuts.toString(), "");
  assert.equal(quote("abcd", { name: "b", max: 3, cuts }), '"abc"');
  assert.equal(quote("12🎉", { name: "c", max: 3, cuts }), '"12\\ud83c"');
  assert.equal(cuts.toString(), ',"cut":{"b":4,"c":4}');
});
