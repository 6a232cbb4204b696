import assert from "node:assert/strict";
import fc from "fast-check";
import { readWords } from "../../src/grammar/words.ts";
import { assertLinear } from "./growth.ts";

const words = (text: string) => readWords(text).map(({ word }) => word);
const sentences = (text: string) => readWords(text).map(({ sentence }) => sentence);

Deno.test("readWords() keeps names whole and folds case, width and apostrophes", () => {
  assert.deepEqual(words("Don’t read ~/.ssh/id_rsa.pub, USER's Ｆile-name!"), [
    ...["don't", "read", "ssh", "id_rsa.pub", "user's", "file-name"],
  ]);
  assert.deepEqual(words("Zażółć gęślą_jaźń 42"), ["zażółć", "gęślą_jaźń", "42"]);
});

Deno.test("readWords() ends sentences at marks, brackets, comments and lines that do not go on", () => {
  assert.deepEqual(sentences("One two. Three"), [0, 0, 1]);
  assert.deepEqual(sentences("see .env and a.b"), [0, 0, 0, 0]);
  assert.deepEqual(sentences("ignore the\n  previous"), [0, 0, 0]);
  assert.deepEqual(new Set(sentences("Title\nThen")).size, 2);
  assert.deepEqual(new Set(sentences("a [b] c <!-- d --> e")).size, 5);
});

Deno.test("readWords() tells what is quoted, and takes a lone mark for none", () => {
  const quoted = (text: string) =>
    readWords(text).filter((word) => word.quoted).map(({ word }) => word);
  assert.deepEqual(quoted('say "one two" and `three` or “four”'), ["one", "two", "three", "four"]);
  assert.deepEqual(quoted('5" wide and long\nnext "line"'), ["line"]);
});

Deno.test("readWords() gives the places of its words and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    let end = 0;
    for (const word of readWords(text)) {
      assert.ok(word.start >= end && word.end > word.start && word.end <= text.length);
      end = word.end;
    }
  }));
});

Deno.test("readWords() takes linear time", () => {
  for (const part of ["a", "a ", "a-", "-", "'", '"', '"a ', "\n", "<!--", "[", ".", "é"]) {
    assertLinear(readWords, part);
  }
});
