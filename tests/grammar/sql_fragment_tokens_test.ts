import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findClosingQuote,
  type SqlToken,
  SqlTokens,
} from "../../src/grammar/sql_fragment_tokens.ts";

function kinds(text: string, mysql: boolean): readonly string[] {
  return all(text, mysql).map(({ kind, text }) => text === "" ? kind : text);
}

function all(text: string, mysql: boolean): readonly SqlToken[] {
  const tokens = new SqlTokens(text, { mysql });
  const taken: SqlToken[] = [];
  for (let token = tokens.take(); token.kind !== "end"; token = tokens.take()) {
    taken.push(token);
    if (tokens.exhausted) break;
  }
  return taken;
}

Deno.test("SqlTokens reads words, numbers, quotes, names, variables and operators", () => {
  assert.deepEqual(
    kinds("id<=>0x1F || f(.5e3, 'a''b', \"c\") [t] @@v $1", false),
    ["ID", "<=>", "number", "||", "F", "(", "number", ",", "quoted", ",", "quoted", ")"]
      .concat(["name", "variable", "variable"]),
  );
  assert.deepEqual(kinds("$t$ it's $t$ 'open", false), ["quoted", "unclosed"]);
});

Deno.test("SqlTokens reads what families of dialects read differently", () => {
  const texts: ReadonlyArray<readonly [string, readonly string[], readonly string[]]> = [
    ["a#b\nc", ["A", "C"], ["A", "#", "B", "C"]],
    ["1--2", ["number", "-", "-", "number"], ["number"]],
    ["1 -- 2", ["number"], ["number"]],
    ["'a\\'b'", ["quoted"], ["quoted", "B", "unclosed"]],
    ["1/*!50000or*/2", ["number", "OR", "number"], ["number", "number"]],
    ["7up", ["7UP"], ["number", "UP"]],
    ["1e3x", ["1E3X"], ["number", "X"]],
    ["`a``b`", ["name"], ["name"]],
  ];
  for (const [text, mysql, others] of texts) {
    assert.deepEqual(kinds(text, true), mysql, text);
    assert.deepEqual(kinds(text, false), others, text);
  }
});

Deno.test("SqlTokens tells of the comment that ends the text", () => {
  const comment = (text: string) => {
    const tokens = new SqlTokens(text, { mysql: true });
    while (tokens.take().kind !== "end");
    return tokens.finalComment;
  };
  assert.deepEqual(comment("1 -- -"), { opener: "--", worded: false });
  assert.deepEqual(comment("1 # the rest"), { opener: "#", worded: true });
  assert.deepEqual(comment("1 /* 'x'"), { opener: "/*", worded: true });
  assert.equal(comment("1 -- x\n2"), undefined);
  assert.equal(comment("1 /* x */"), undefined);
});

Deno.test("SqlTokens takes any text, and gives up on endless SQL", () => {
  const unit = fc.constantFrom(..."'\"`\\-#/*!$@.;()[]1ae \n", "é", "\ud800");
  fc.assert(fc.property(fc.string({ unit }), fc.boolean(), (text, mysql) => {
    let at = 0;
    for (const { from, to } of all(text, mysql)) {
      assert.ok(from >= at && to > from);
      at = to;
    }
  }));
  assert.ok(all("1,".repeat(100_000), false).length < 10_000);
});

Deno.test("findClosingQuote() leaves out doubled and escaped quotes", () => {
  const find = (text: string, backslash: boolean) =>
    findClosingQuote(text, { quote: "'", backslash, from: 0 });
  assert.equal(find("it''s '", false), 6);
  assert.equal(find("a\\'b'", true), 4);
  assert.equal(find("a\\'b'", false), 2);
  assert.equal(find("a\\\\'b", true), 3);
  assert.equal(find("none", true), -1);
});

Deno.test("findClosingQuote() agrees with the plain way of reading a string", () => {
  const unit = fc.constantFrom("'", "\\", "a");
  fc.assert(fc.property(fc.string({ unit }), fc.boolean(), (text, backslash) => {
    let at = 0;
    while (at < text.length) {
      if (backslash && text[at] === "\\") at += 2;
      else if (text[at] !== "'") at++;
      else if (text[at + 1] === "'") at += 2;
      else break;
    }
    const expected = at < text.length ? at : -1;
    assert.equal(findClosingQuote(text, { quote: "'", backslash, from: 0 }), expected);
  }));
});
