import assert from "node:assert/strict";
import fc from "fast-check";
import type { SqlDialect } from "../../src/grammar/sql_facts.ts";
import { readSqlTokens } from "../../src/grammar/sql_lexer.ts";

function lexed(text: string, dialect: SqlDialect): readonly string[] | string {
  const tokens = readSqlTokens(text, dialect);
  if (typeof tokens === "string") return tokens;
  return tokens.map((token) => `${token.type[0]}:${token.text}`);
}

Deno.test("readSqlTokens() tells words, names, literals, numbers, parameters and signs", () => {
  assert.deepEqual(lexed("SELECT `A b`, 'it''s', 1.5e-3, @@x.y, a->>'$.z'", "mysql"), [
    ...["w:select", "q:A b", "p:,", "s:it's", "p:,", "n:1.5e-3", "p:,"],
    ...["p:@@x", "p:.", "w:y", "p:,", "w:a", "p:->>", "s:$.z"],
  ]);
  assert.equal(lexed("[a b", "sqlite"), "syntax");
  assert.deepEqual(lexed("[a b] \"c\" ?1 :d $e x'0F'", "sqlite"), [
    ...["q:a b", "q:c", "p:?1", "p::d", "p:$e", "s:0F"],
  ]);
  assert.deepEqual(lexed("$1 $$a;$$ $t$ $$ $t$ E'\\'' '\\' \"x\"\"y\"", "postgres"), [
    ...["p:$1", "s:a;", "s: $$ ", "s:'", "s:\\", 'q:x"y'],
  ]);
});

Deno.test("readSqlTokens() ends comments where the dialect ends them", () => {
  assert.deepEqual(lexed("1 -- a\n2", "postgres"), ["n:1", "n:2"]);
  assert.deepEqual(lexed("1--2", "mysql"), ["n:1", "p:-", "p:-", "n:2"]);
  assert.deepEqual(lexed("1--2\n3", "sqlite"), ["n:1", "n:3"]);
  assert.deepEqual(lexed("1 # a\n2", "mysql"), ["n:1", "n:2"]);
  assert.deepEqual(lexed("1 /* /* */ 2 */ 3", "postgres"), ["n:1", "n:3"]);
  assert.deepEqual(lexed("1 /* /* */ 2", "sqlite"), ["n:1", "n:2"]);
  assert.equal(lexed("1 /* /* */ 2", "postgres"), "syntax");
  assert.equal(lexed("1 /*!2*/", "mysql"), "executable_comment");
});

Deno.test("readSqlTokens() takes letters beyond ASCII, and spaces beyond it, for names", () => {
  for (const dialect of ["postgres", "mysql", "sqlite"] as const) {
    assert.deepEqual(lexed("drop\u00a0table \uff1b", dialect), ["w:drop\u00a0table", "w:\uff1b"]);
  }
});

Deno.test("readSqlTokens() reads a name that begins with digits in MySQL alone", () => {
  assert.deepEqual(lexed("2fa", "mysql"), ["w:2fa"]);
  assert.equal(lexed("2fa", "sqlite"), "syntax");
});

for (const dialect of ["postgres", "mysql", "sqlite"] as const) {
  Deno.test(`readSqlTokens() gives back any literal and any quoted name (${dialect})`, () => {
    const anyText = fc.string({ unit: "grapheme", maxLength: 40 })
      .map((text) => text.replaceAll("\0", "").replaceAll("\\", ""))
      .filter((text) => text.isWellFormed());
    const quote = dialect === "mysql" ? "`" : '"';
    fc.assert(fc.property(anyText, anyText, (literal, name) => {
      const text = `a '${literal.replaceAll("'", "''")}' ${quote}${
        name.replaceAll(quote, quote + quote)
      }${quote} /* ${name.replaceAll("*", "").replaceAll("!", "").replaceAll("/", "")} */ b`;
      assert.deepEqual(lexed(text, dialect), ["w:a", `s:${literal}`, `q:${name}`, "w:b"]);
    }));
  });
}
