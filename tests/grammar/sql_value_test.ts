import assert from "node:assert/strict";
import fc from "fast-check";
import { findSqlBreakout } from "../../src/grammar/sql_value.ts";

Deno.test("findSqlBreakout() says from where and by what a value breaks out", () => {
  const values: ReadonlyArray<readonly [string, string, string]> = [
    ["' or 2=2 -- ", "single-quoted", "operator"],
    ["x') or ('b'='b", "single-quoted", "operator"],
    ['" or "" = "', "double-quoted", "operator"],
    ["'='", "single-quoted", "operator"],
    ["x' or 'b'='b'", "single-quoted", "operator"],
    ["root' --", "single-quoted", "comment"],
    ["root'/*", "single-quoted", "comment"],
    ["') union select name, 1 from t", "single-quoted", "set-operation"],
    ["'; delete from t --", "single-quoted", "statement"],
    ["\\' or 1=1 -- ", "single-quoted", "operator"],
    ["' order by 4 -- ", "single-quoted", "clause"],
    ["'||(select a from t)||'", "single-quoted", "sub-select"],
    ["7 or 3=3", "bare", "operator"],
    ["7 and f(1)", "bare", "operator"],
    ["7-f(1)", "bare", "operator"],
    ["7 or true", "bare", "operator"],
    ["7) or (2=2", "bare", "operator"],
    ["7 order by 9", "bare", "clause"],
    ["7; drop table t", "bare", "statement"],
    ["7 waitfor delay '0:0:9'", "bare", "statement"],
    ["7; if (1=1) select 1", "bare", "statement"],
    ["7/**/union/**/all/**/select/**/1,2", "bare", "set-operation"],
    ["7/*!50000union*/ select 1,2", "bare", "set-operation"],
    ["7 union(((select a from t)))", "bare", "set-operation"],
    ["(select a from t limit 1)", "bare", "sub-select"],
    ["case when 2>1 then 3 else 4 end", "bare", "operator"],
    ["7 -- ", "bare", "comment"],
    ["7 or 8 #", "bare", "comment"],
    ["(".repeat(500), "bare", "unreadable"],
  ];
  for (const [value, place, by] of values) {
    assert.deepEqual(findSqlBreakout(value), { place, by }, value);
  }
});

Deno.test("findSqlBreakout() passes prose, names, numbers and codes", () => {
  for (
    const value of [
      "O'Neil",
      "rock 'n' roll and the '60s",
      "the girls' or the boys' team",
      'a 5\'2" board or a 6" one',
      "don't; won't",
      "salt or pepper -- both",
      "either this or that",
      "credit union select members",
      "a union of states, select few",
      "Shirt (select size)",
      "cap (2) and scarf (1)",
      "pen(s) and pencil(s)",
      "dogs and cats like fish",
      "made in (Spain)",
      '"hard" and "soft"',
      "hello; set sail",
      "17-4-11",
      "4 or 5",
      "1/2",
      "a=b",
      "1+1=2",
      "12,13,14",
      "x || y",
      "notes # of all",
      "a -- b",
      "'quoted'",
      "it's",
      "''",
      "'",
      "\\",
      "-",
      "",
      "select * from here on",
      "I having fun",
      "5 in a row",
    ]
  ) {
    assert.equal(findSqlBreakout(value), undefined, value);
  }
});

Deno.test("findSqlBreakout() lets nothing by that is escaped as the standard says", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const escaped = text.replace(/['"]/g, "$&$&").replaceAll("\\", "");
    assert.notEqual(findSqlBreakout(`word ${escaped}`)?.place, "single-quoted");
    assert.notEqual(findSqlBreakout(`word ${escaped}`)?.place, "double-quoted");
  }));
});

Deno.test("findSqlBreakout() finds a tautology behind any prefix, closers, case and blanks", () => {
  const start = fc.constantFrom("", "1", "x", "it is", "%", "-3");
  const closers = fc.constantFrom("", ")", "))", " ) ");
  const blank = fc.constantFrom(" ", "\t", "\n", "/**/", "  ", "/* x */");
  const or = fc.constantFrom("or", "OR", "oR", "||", "and", "xor");
  const test = fc.constantFrom("1=1", "2>1", "'a'='a'", "1 like 1", "not 1=2", "null is null");
  const end = fc.constantFrom("-- ", "#", "/*", "-- x");
  fc.assert(
    fc.property(start, fc.constantFrom("'", '"'), closers, blank, or, test, end, (...parts) => {
      const [first, quote, close, space, word, condition, comment] = parts;
      const value = first + quote + close + space + word + space + condition + space + comment;
      assert.ok(findSqlBreakout(value) !== undefined, value);
    }),
  );
});

Deno.test("findSqlBreakout() takes any text", () => {
  const unit = fc.constantFrom(
    ..."'\"`\\()-#/*;,.1a@=",
    ...[
      " or ",
      " union ",
      "select ",
      " case when ",
      " in (",
      " is null",
      "f(",
      " from ",
      "$$",
      "\n",
    ],
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
      findSqlBreakout(text);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("findSqlBreakout() does not recurse or grow with its input", () => {
  const parts = ["(", "case when ", "1,", "'a' ", "not ", "/*", "--\n", "' or '", "\\'", "f(", ";"];
  for (
    const part of [...parts, "select ", "x::y", "*//*!", "1 union select ", "[a]", "$a$", "''"]
  ) {
    for (const prefix of ["", "'", "1 or "]) {
      const value = prefix + part.repeat(1_000_000 / part.length);
      const from = performance.now();
      findSqlBreakout(value);
      assert.ok(performance.now() - from < 5_000, part);
    }
  }
});
