import assert from "node:assert/strict";
import fc from "fast-check";
import { wordList } from "../../src/grammar/word_list.ts";
import { readWords as readListed, type Word } from "../../src/grammar/words.ts";
import { assertLinear } from "./growth.ts";
import { readAllWords } from "./naive_words.ts";

function readWords(text: string): readonly Word[] {
  return readList(text, readAllWords(text).map(({ word }) => word));
}

function readList(text: string, listed: Iterable<string>): readonly Word[] {
  const { words, end } = readListed(text, { list: wordList(listed), from: 0 });
  assert.equal(end, text.length);
  return words;
}

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
  const list = wordList(["a", "a-a"]);
  for (const part of ["a", "a ", "a-", "-", "'", '"', '"a ', "\n", "<!--", "[", ".", "é"]) {
    assertLinear((text) => {
      for (let from = 0; from < text.length;) from = readListed(text, { list, from }).end;
    }, part);
  }
});

Deno.test("readWords() finds what reading all words and leaving out the others finds", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..."aAbİKé'’.-_ \n\"“`[]<>!?;1",
      "<!--",
      "-->",
      "Ｆile",
      "user's",
      "the ",
      ". ",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 2 }),
  );
  const texts = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(texts, fc.func(fc.boolean()), (text, isListed) => {
      const all = readAllWords(text);
      const listed = new Set(all.map(({ word }) => word).filter((word) => isListed(word)));
      const expected = all.flatMap((one, place) => {
        if (!listed.has(one.word)) return [];
        return [{ ...one, place, first: all[place - 1]?.sentence !== one.sentence }];
      });
      assert.deepEqual(readList(text, listed), expected);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("readWords() reads a long text in parts that end with their sentences", () => {
  const line = 'Some "words\nthat go on\n  and on" to a\nThe end';
  const text = `${line.repeat(500)}`;
  const list = wordList(["that", "on", "the"]);
  const places: number[] = [];
  let parts = 0;
  for (let from = 0; from < text.length; parts++) {
    const { words, end } = readListed(text, { list, from });
    places.push(...words.map(({ start }) => start));
    assert.ok(from === 0 || words[0]?.first === true, String(from));
    assert.ok(end === text.length || text.startsWith("\nThe", end - 1));
    from = end;
  }
  assert.ok(parts > 2);
  const all = readAllWords(text).filter(({ word }) => ["that", "on", "the"].includes(word));
  assert.deepEqual(places, all.map(({ start }) => start));
});
