import assert from "node:assert/strict";
import fc from "fast-check";
import { compilePathGlob, matchesPathGlob } from "../../src/grammar/path_glob.ts";

function matches(glob: string, path: string): boolean {
  return matchesPathGlob(compilePathGlob(glob), path.split("/").filter((name) => name !== ""));
}

Deno.test("matchesPathGlob() keeps * in one name and lets ** span folders", () => {
  assert.ok(matches("**/*.key", "/a/b/c.key"));
  assert.ok(matches("**/*.key", "c.key"));
  assert.ok(matches("a/*/c", "a/b/c"));
  assert.ok(!matches("a/*/c", "a/b/b/c"));
  assert.ok(matches("a/**/c", "a/c"));
  assert.ok(matches("**/hooks/**", "x/hooks"));
  assert.ok(matches("**/hooks/**", "x/hooks/y/z"));
  assert.ok(!matches("**/hooks/**", "x/hooks2/y"));
  assert.ok(matches("a*b*c", "aXbbYc"));
  assert.ok(!matches("a*b*c", "acb"));
  assert.ok(!matches("ab*ba", "aba"));
  assert.ok(!matches("*.key", "key"));
  assert.ok(matches("**", ""));
});

Deno.test("matchesPathGlob() agrees with the same glob as a regular expression", () => {
  const glob = fc.array(fc.constantFrom("**", "*", "a", "a*", "*b", "a*b*"), { maxLength: 5 });
  const path = fc.array(fc.constantFrom("a", "b", "ab", "aab", "ba"), { maxLength: 6 });
  fc.assert(fc.property(glob, path, (names, parts) => {
    const source = names.map((name) =>
      name === "**" ? "(?:/[^/]*)*" : `/${name.replaceAll("*", "[^/]*")}`
    ).join("");
    const expected = new RegExp(`^${source}$`).test(parts.map((part) => `/${part}`).join(""));
    assert.equal(matches(names.join("/"), parts.join("/")), expected);
  }));
});
