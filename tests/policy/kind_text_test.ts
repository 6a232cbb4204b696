import assert from "node:assert/strict";
import { DIALECTS, KIND_NAMES, kindFromText, settledKind } from "../../src/policy/argument_kind.ts";
import { kindText } from "../../src/policy/kind_text.ts";

Deno.test("kindText() writes what kindFromText() reads as the same kind", () => {
  const written = [
    ...KIND_NAMES,
    ...["path(read)", "path(write)", "command(build)", "argv(build)"],
    ...DIALECTS.flatMap((dialect) =>
      ["read", "dml", "any"].map((profile) => `sql(${dialect}, ${profile})`)
    ),
  ];
  for (const text of written) {
    const around = { action: "write", decides: false, dialect: "mysql" } as const;
    const declared = kindFromText(text);
    assert.ok(declared.ok, text);
    const kind = settledKind(declared.value, around);
    const again = kindFromText(kindText(kind));
    assert.ok(again.ok, kindText(kind));
    assert.deepEqual(settledKind(again.value, { ...around, action: "read" }), kind);
  }
});
