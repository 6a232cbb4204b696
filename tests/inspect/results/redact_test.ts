import assert from "node:assert/strict";
import fc from "fast-check";
import { redactText } from "../../../src/inspect/results/redact.ts";
import { draw, SECRETS } from "../../grammar/secret_samples.ts";

Deno.test("redactText() puts the rule for every secret and keeps the rest", () => {
  for (const [rule, secret] of SECRETS) {
    assert.deepEqual(redactText(`A ${secret} B ${secret}\n`), {
      text: `A [redacted:${rule}] B [redacted:${rule}]\n`,
      redacted: [rule, rule],
    });
  }
});

Deno.test("redactText() takes out a word of Base64 that holds one", () => {
  const word = btoa(`token=ghp_${draw("alnum", 36)}`);
  assert.equal(
    redactText(`data:\n  token: ${word.replaceAll("=", "")}\n`).text,
    "data:\n  token: [redacted:github-token]\n",
  );
});

Deno.test("redactText() can be limited to rules or to an issuer", () => {
  const text = `ghp_${draw("alnum", 36)} sk_live_${draw("alnum", 24)}`;
  assert.deepEqual(redactText(text, ["github"]).redacted, ["github-token"]);
  assert.deepEqual(redactText(text, ["stripe-key"]).redacted, ["stripe-key"]);
  assert.deepEqual(redactText(text, ["git", "stripe-webhook-secret"]), { text, redacted: [] });
});

Deno.test("redactText() leaves no secret behind", () => {
  const parts = fc.array(fc.oneof(
    fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
    fc.constantFrom(" ", "\n", "; ", '"', " = "),
  ));
  fc.assert(fc.property(parts, (texts) => {
    assert.deepEqual(redactText(redactText(texts.join(" ")).text).redacted, []);
  }));
});
