import assert from "node:assert/strict";
import fc from "fast-check";
import { searchLiterals } from "../../src/grammar/literal_search.ts";

Deno.test("searchLiterals() finds the first place, and there the longest literal", () => {
  const search = searchLiterals(["ab", "abc", "bc", "xyz"]);
  assert.deepEqual(search.next("..abcd", { from: 0, to: 6 }), { literal: "abc", at: 2 });
  assert.deepEqual(search.next("..abcd", { from: 3, to: 9 }), { literal: "bc", at: 3 });
  assert.equal(search.next("..abcd", { from: 4, to: 6 }), undefined);
  assert.equal(search.next("äbä", { from: 0, to: 3 }), undefined);
});

Deno.test("searchLiterals() finds what a look at every place finds", () => {
  const literal = fc.string({ unit: fc.constantFrom(..."abc"), minLength: 2, maxLength: 4 });
  const text = fc.string({ unit: fc.constantFrom(..."abcä") });
  fc.assert(
    fc.property(
      fc.uniqueArray(literal, { minLength: 1 }),
      text,
      fc.nat(5),
      fc.nat(12),
      (literals, text, from, to) => {
        const search = searchLiterals(literals);
        let expected: { literal: string; at: number } | undefined;
        for (let at = from; at < Math.min(to, text.length) && expected === undefined; at++) {
          const here = literals.filter((one) => text.startsWith(one, at));
          const longest = here.sort((a, b) => b.length - a.length)[0];
          if (longest !== undefined) {
            expected = { literal: longest, at };
          }
        }
        assert.deepEqual(search.next(text, { from, to }), expected);
      },
    ),
  );
});
