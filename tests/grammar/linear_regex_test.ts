import assert from "node:assert/strict";
import fc from "fast-check";
import { linearRegex } from "../../src/grammar/linear_regex.ts";

Deno.test("linearRegex() matches as ECMAScript does, in either direction", () => {
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ["^[a-z]{2,3}$", "", "abc", true],
    ["^[a-z]{2,3}$", "", "abcd", false],
    ["^abc$", "", "abc\n", false],
    ["^abc$", "i", "ABC", true],
    ["^b$", "m", "a\nb", true],
    ["a.b", "s", "a\nb", true],
    ["\\u0041\\cA", "", "A\x01", true],
    ["^\\ud83d\\ude00$", "u", "\u{1f600}", true],
    ["^\\p{Script=Greek}+$", "u", "αβ", true],
    ["^\\p{Script=Greek}+$", "u", "ab", false],
    ["^(?<year>\\d{4})$", "", "1999", true],
    ["\\\\u0041", "", "\\u0041", true],
  ];
  for (const [source, flags, text, expected] of cases) {
    assert.equal(linearRegex(source, flags).test(text), expected, `/${source}/${flags} on ${text}`);
  }
});

Deno.test("linearRegex() throws a SyntaxError for what cannot be matched in linear time", () => {
  for (
    const source of [
      "(a)\\1",
      "a(?=b)",
      "(?<!a)b",
      "(?=a)b",
      "^(?=a)b|c",
      "^(?=a)*b",
      "(",
      "a{1001}",
      "a".repeat(10_001),
    ]
  ) {
    assert.throws(() => linearRegex(source), SyntaxError, source);
  }
  assert.throws(() => linearRegex("a", "g"), SyntaxError);
});

Deno.test("linearRegex() tells expressions and flags apart by toString()", () => {
  const names = [["a", ""], ["a", "i"], ["a/i", ""], ["b", "i"]] as const;
  assert.equal(new Set(names.map(([source, flags]) => `${linearRegex(source, flags)}`)).size, 4);
});

Deno.test("linearRegex() refuses an expression whose program is too large", () => {
  assert.throws(() => linearRegex("[a-z]?[b-y]{0,1000}".repeat(20)), SyntaxError);
});

Deno.test("linearRegex() is not slowed down by what makes V8 backtrack", () => {
  const regex = linearRegex("^(a+)+$");
  assert.equal(regex.test(`${"a".repeat(50_000)}!`), false);
});

Deno.test("linearRegex() answers lookaheads at the start as V8 does", () => {
  const sources = [
    "^(?!a)(?=.*b)[abc]+$",
    "^(?=(?:a|b))(?!.*[)]c)\\w*",
    "^(?!.*aa)(?!(?:b|c)$)[abc]{1,3}$",
  ];
  const text = fc.string({ unit: fc.constantFrom(..."abc)"), maxLength: 6 });
  for (const source of sources) {
    const [regex, native] = [linearRegex(source, "u"), new RegExp(source, "u")];
    fc.assert(fc.property(text, (value) => regex.test(value) === native.test(value)));
  }
});

Deno.test("linearRegex() compiles nothing that would become large", () => {
  for (
    const source of ["x{1,1000}".repeat(100), `(${"ab".repeat(50)}){900}`, "((a{30}){30}){30}"]
  ) {
    assert.throws(() => linearRegex(source), { name: "SyntaxError", message: /too large/ }, source);
  }
  assert.ok(linearRegex("^(?:[a-z0-9-]{1,63}\\.){1,8}[a-z]{2,63}$").test("a.example.com"));
});

Deno.test("linearRegex() throws nothing but a SyntaxError, and test() nothing", () => {
  const source = fc.string({
    unit: fc.constantFrom(..."ab\\()[]{}?*+|^$.,-1uxpdPQE:<=!P/".split(""), "\u{1f600}", "\ud800"),
    maxLength: 30,
  });
  fc.assert(fc.property(source, fc.string({ unit: "binary" }), (source, text) => {
    try {
      linearRegex(source, "u").test(text);
    } catch (error) {
      assert.ok(error instanceof SyntaxError, `${source}: ${error}`);
    }
  }));
});
