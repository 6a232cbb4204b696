import assert from "node:assert/strict";
import fc from "fast-check";
import { Problems } from "../../src/yaml/problems.ts";
import { valueOf } from "../../src/yaml/node.ts";
import { offsetInside } from "../../src/yaml/scalar_position.ts";
import { parseYaml } from "../../src/yaml/parse.ts";

/** What stands in the file where the text of `when` has `needle`. */
function found(file: string, needle: string): string {
  const node = valueOf(parseYaml(file, new Problems("p", file)), "when");
  assert.ok(node?.kind === "scalar", file);
  const index = node.text.indexOf(needle);
  assert.ok(index >= 0, node.text);
  return file.slice(offsetInside(file, node, index));
}

Deno.test("offsetInside() finds a place in plain and quoted texts", () => {
  assert.match(found("when: a == bad", "bad"), /^bad$/);
  assert.match(found("when: 'it''s  bad'", "bad"), /^bad'$/);
  assert.match(found('when: "\\"x\\" \\u0041\\t\\x41 bad"', "bad"), /^bad"$/);
  assert.match(found("when: one\n  two\n\n  bad three\n", "bad"), /^bad three/);
  assert.match(found('when: "one\n   two \\\n   bad"', "bad"), /^bad"/);
  assert.match(found("when: 'bad'", "bad"), /^bad/);
});

Deno.test("offsetInside() finds a place in block texts line by line", () => {
  assert.match(found("x: 1\nwhen: |\n    one &&\n      bad\n", "bad"), /^bad\n$/);
  assert.match(found("when: >-\n  one &&\n  two\n\n  bad\n", "bad"), /^bad\n$/);
  assert.match(found('when: |\n  "bad" in x\n', '"bad'), /^"bad"/);
  assert.match(found("when: |2\n   bad\n", "bad"), /^bad\n$/);
  assert.match(found("a:\n  - b\nwhen: |+\n  it's\n  bad\n\n", "bad"), /^bad/);
});

Deno.test("offsetInside() points behind the last character at the end", () => {
  for (const file of ["when: a b", "when: 'a b'", 'when: "a b"', "when: |-\n  a b"]) {
    const node = valueOf(parseYaml(file, new Problems("p", file)), "when");
    assert.ok(node?.kind === "scalar");
    assert.equal(file.slice(offsetInside(file, node, 3)).replace(/['"]/, ""), "", file);
  }
});

Deno.test("offsetInside() finds every character of any text, however it is written", () => {
  const text = fc.array(fc.constantFrom("a", "b", "'", '"', " ", "é", "💡", "\n", "x &&", "=="), {
    minLength: 1,
    maxLength: 20,
  }).map((parts) => `k${parts.join("")}k`);
  const styles = [
    (value: string) => JSON.stringify(value),
    (value: string) => `'${value.replaceAll("'", "''").replaceAll("\n", "\n\n  ")}'`,
    (value: string) => `|-\n${value.split("\n").map((line) => `  ${line}`).join("\n")}`,
  ];
  fc.assert(
    fc.property(text, fc.constantFrom(...styles), (value, style) => {
      const file = `first: 1\nwhen: ${style(value)}\nlast: k\n`;
      const node = valueOf(parseYaml(file, new Problems("p", file)), "when");
      assert.ok(node?.kind === "scalar");
      for (let i = 0; i < node.text.length; i++) {
        const unit = node.text.charAt(i);
        if (/\s/.test(unit)) continue;
        const at = file.slice(offsetInside(file, node, i));
        const escaped = unit === '"' && at.startsWith('\\"');
        assert.ok(at.startsWith(unit) || escaped, `${JSON.stringify(file)} at ${i}: ${at}`);
      }
    }),
    { numRuns: 400 },
  );
});
