import assert from "node:assert/strict";
import fc from "fast-check";
import { findExpansion } from "../../src/grammar/expansion.ts";

Deno.test("findExpansion() finds substitutions and variables", () => {
  assert.deepEqual(findExpansion("a`b"), { kind: "command", text: "`" });
  assert.deepEqual(findExpansion("x$(y"), { kind: "command", text: "$(" });
  assert.deepEqual(findExpansion("${x"), { kind: "variable", text: "${" });
  assert.deepEqual(findExpansion("in/$TMP_DIR/x"), { kind: "variable", text: "$TMP_DIR" });
  for (const name of ["%TEMP%", "%windir%", "%ProgramFiles(x86)%", "%DATE%", "%PATH:~0,3%"]) {
    assert.deepEqual(findExpansion(`a/${name}/b`), { kind: "variable", text: name });
  }
});

Deno.test("findExpansion() leaves names alone that only hold the signs", () => {
  for (
    const name of [
      "$id.tsx",
      "Outer$Nested.class",
      "Outer$1.class",
      "price in $",
      "$$",
      "5$",
      "na%C3%AFve.txt",
      "a%20fine%20day.txt",
      "%u65e5%u672c.txt",
      "100%",
      "10% to 20%.csv",
      "%a%",
      "%ab%",
      "%1234%",
    ]
  ) {
    assert.equal(findExpansion(name), undefined, name);
  }
});

Deno.test("findExpansion() takes any text", () => {
  const unit = fc.constantFrom("$", "%", "(", "{", "A", "z", "4", "_", ":", "`");
  fc.assert(fc.property(fc.string({ unit }), (text) => {
    const found = findExpansion(text);
    assert.ok(found === undefined || text.includes(found.text));
  }));
});
