import assert from "node:assert/strict";
import { examineCode } from "../../../src/inspect/arguments/code.ts";
import { SECRETS } from "../../grammar/secret_samples.ts";

Deno.test("examineCode() passes ordinary code, with whatever it is made of", () => {
  for (
    const code of [
      ...[
        '#!/bin/sh\nrm -rf "$1" && eval $(cat x)\n',
        "DROP TABLE t;",
        'const p = "../../etc/passwd";',
      ],
      ...[
        'const RED = "\\x1b[31m";',
        'const zwsp = "\\u200b";',
        "\ufeff// with a mark\r\n",
        'emoji("👩‍💻")',
      ],
      ...SECRETS.map(([, secret]) => `const KEY = "${secret.replaceAll("\n", "\\n")}";`),
    ]
  ) assert.equal(examineCode(code), undefined, code);
});

Deno.test("examineCode() refuses what a reviewer would not see", () => {
  assert.equal(
    examineCode("/*\u202e } \u2066if (admin)\u2069 \u2066 begin */")?.rule,
    "hidden-bidi",
  );
  assert.equal(examineCode("if (is\u200bAdmin) {}")?.rule, "hidden-in-identifier");
  assert.equal(examineCode("echo\x1b[2K")?.rule, "hidden-escape");
  assert.equal(examineCode("a = 1\rb = 2")?.rule, "hidden-lone-cr");
});
