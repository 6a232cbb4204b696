import assert from "node:assert/strict";
import { examineSqlvalue } from "../../../src/inspect/arguments/sqlvalue.ts";

Deno.test("examineSqlvalue() names the rule, and says where the value goes on", () => {
  assert.deepEqual(examineSqlvalue("x' or 4=4 -- "), {
    rule: "sqlvalue-operator",
    detail: "closes its quotes and goes on with SQL: an operator with operands",
  });
  assert.deepEqual(examineSqlvalue("8 union select 1,2"), {
    rule: "sqlvalue-set-operation",
    detail: "goes on with SQL: a UNION or the like",
  });
});

Deno.test("examineSqlvalue() passes a value", () => {
  for (const value of ["42", "Ana O'Hara", "black or white"]) {
    assert.equal(examineSqlvalue(value), undefined);
  }
});
