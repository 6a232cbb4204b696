import assert from "node:assert/strict";
import { examineShellarg } from "../../../src/inspect/arguments/shellarg.ts";

Deno.test("examineShellarg() names the rule of each effect", () => {
  assert.equal(examineShellarg("a && b")?.rule, "shellarg-separator");
  assert.equal(examineShellarg("a$(b)")?.rule, "shellarg-substitution");
  assert.equal(examineShellarg("a >/b")?.rule, "shellarg-redirection");
  assert.equal(examineShellarg("-rf")?.rule, "shellarg-option");
  assert.equal(examineShellarg("a\0b")?.rule, "shellarg-nul");
});

Deno.test("examineShellarg() passes one word", () => {
  for (const value of ["release/1.2", "a b (c)", "tom's", "$HOME", "[a-z]*.ts"]) {
    assert.equal(examineShellarg(value), undefined);
  }
});
