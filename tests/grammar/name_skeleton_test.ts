import assert from "node:assert/strict";
import fc from "fast-check";
import { nameSkeletons } from "../../src/grammar/name_skeleton.ts";

function alike(a: string, b: string): boolean {
  return nameSkeletons(a).some((skeleton) => nameSkeletons(b).includes(skeleton));
}

Deno.test("nameSkeletons() meet for names that look alike or fold together", () => {
  const pairs = [
    ["file", "FILE"],
    ["file", "fiIe"],
    ["file", "fi\u200ble"],
    ["file", "ｆｉｌｅ"],
    ["path", "раth"],
    ["BODY", "ВОDY"],
    ["tool1", "tooll"],
    ["v0", "vo"],
    ["key", "\u212aey"],
    ["user id", "userid"],
    ["cafe", "café"],
  ] as const;
  for (const [a, b] of pairs) assert.ok(alike(a, b), `${a} ${b}`);
});

Deno.test("nameSkeletons() differ for words that are only spelt nearly alike", () => {
  const pairs = [["ceil", "cell"], ["path", "paths"], ["a_b", "ab"], ["form", "from"]] as const;
  for (const [a, b] of pairs) assert.ok(!alike(a, b), `${a} ${b}`);
});

Deno.test("nameSkeletons() meet whatever case a name is written in", () => {
  const name = fc.string({ unit: fc.constantFrom(..."abIiLl10OoéKſßΣς \u00ad") });
  fc.assert(fc.property(name, (text) => alike(text, text.toLowerCase())));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => nameSkeletons(text).length > 0));
});
