import assert from "node:assert/strict";
import fc from "fast-check";
import { examineUniversal } from "../../../src/inspect/arguments/universal.ts";

Deno.test("examineUniversal() passes what any argument may hold", () => {
  for (
    const text of [
      ...["", "plain", "a\tb\nc\r\nd", "rm -rf / ; $(id) `id` ../..", "'; DROP TABLE t; --"],
      ...["👩‍💻 ❤️", "שלום עולם", "می‌خواهم", "naïve café", "one\u2028two", "\ufeffbom"],
    ]
  ) assert.equal(examineUniversal(text), undefined);
});

Deno.test("examineUniversal() refuses hidden channels and says which", () => {
  const rules = [
    "a\0",
    "a\x1b[0m",
    "a\x08",
    "a\rb",
    "a\u202eb",
    "a\u{e0041}",
    "a\u200b\u2060\u200b",
  ]
    .map((text) => examineUniversal(text)?.rule);
  assert.deepEqual(rules, [
    ...[
      "hidden-nul",
      "hidden-escape",
      "hidden-control",
      "hidden-lone-cr",
      "hidden-bidi",
      "hidden-tag",
    ],
    "hidden-invisible",
  ]);
});

Deno.test("examineUniversal() objects in one clause that quotes nothing, and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const objection = examineUniversal(text);
    if (objection === undefined) return;
    assert.match(objection.rule, /^hidden-[a-z-]+$/);
    assert.match(objection.detail, /^holds [\x20-\x7e]{1,100}$/);
  }));
});
