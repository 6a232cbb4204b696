import assert from "node:assert/strict";
import fc from "fast-check";
import { wordList } from "../../src/grammar/word_list.ts";

Deno.test("wordList() finds its words in any case and form, and no others", () => {
  const list = wordList(["don't", "mcp.json", "Zürich".toLowerCase(), "id_rsa"]);
  for (const word of ["DON'T", "don’t", "ＤＯＮ’T", "ZÜRICH", "Id_Rsa", "mcp.JSON"]) {
    assert.ok(list.find(word) !== undefined, word);
  }
  for (const word of ["dont", "don-t", "mcp-json", "zurich", "id\u007frsa", ""]) {
    assert.equal(list.find(word), undefined, word);
  }
});

Deno.test("wordList() finds within a text what it finds cut out", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abAB01_'.-"), minLength: 1, maxLength: 5 });
  const longer = fc.tuple(word, fc.nat(40)).map(([one, times]) => one.repeat(times + 1));
  fc.assert(
    fc.property(fc.array(fc.oneof(word, longer)), fc.oneof(word, longer), (words, one) => {
      const list = wordList([...words, one.slice(1)].map((word) => word.toLowerCase()));
      const text = `<${one}>`;
      const found = list.findAscii({ text, start: 1, end: text.length - 1 });
      assert.equal(found, list.find(one));
    }),
  );
});
