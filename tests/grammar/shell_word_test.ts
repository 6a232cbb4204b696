import assert from "node:assert/strict";
import fc from "fast-check";
import { findShellEffect } from "../../src/grammar/shell_word.ts";

Deno.test("findShellEffect() says what happens and where", () => {
  const effects: ReadonlyArray<readonly [string, string, number]> = [
    ["a;b", "separator", 1],
    ["a &", "separator", 2],
    ["a\rb", "separator", 1],
    ["x${y}", "substitution", 1],
    ["x<(y)", "substitution", 1],
    ["a > /tmp/x", "redirection", 2],
    ["a >> ~/x", "redirection", 3],
    ["a <  ../x", "redirection", 2],
    ["a > ..", "redirection", 2],
    ['a > "/x"', "redirection", 2],
    ["a > c:\\x", "redirection", 2],
    ["a > \\x", "redirection", 2],
    ["--no-verify", "option", 0],
    ["a\t-v", "option", 2],
    ['"-v"', "option", 1],
    ["a\0", "nul", 1],
  ];
  for (const [text, kind, at] of effects) assert.deepEqual(findShellEffect(text), { kind, at });
});

Deno.test("findShellEffect() finds nothing in words with ordinary punctuation", () => {
  for (
    const text of [
      "v1.2-rc~3^{tree}",
      "a - b",
      "a -> b",
      "--",
      "cost: 5 $ (net)",
      "pkg@>=2 <3",
      "640x480>",
      "a > b",
      "a > ...",
      "x-y",
      "50% #1 [a] {b} !c",
      'it\'s "fine"',
      "",
    ]
  ) {
    assert.equal(findShellEffect(text), undefined, text);
  }
});

Deno.test("findShellEffect() takes any text and stays linear in redirections and quotes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const effect = findShellEffect(text);
    assert.ok(effect === undefined || effect.at < text.length);
  }));
  for (const part of ["< ", '"', "> .", " -", "\\", "'-"]) {
    const from = performance.now();
    findShellEffect(part.repeat(1_000_000 / part.length));
    assert.ok(performance.now() - from < 5_000, part);
  }
});
