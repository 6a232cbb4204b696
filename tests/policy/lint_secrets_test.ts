import assert from "node:assert/strict";
import { checkPolicy } from "../../src/policy/load.ts";
import { redactText } from "../../src/inspect/results/redact.ts";
import { SECRET_RULES } from "../../src/grammar/secret_rules.ts";

async function found(redact: string) {
  const { diagnostics } = await checkPolicy(`version: "1"
principals:
  dev:
    roles: [dev]
    tools: [{ pattern: "*", actions: [read], redact: ${redact} }]
`);
  return diagnostics.map(({ code, severity, line, column, hint }) =>
    `${line}:${column} ${severity} ${code}: ${hint}`
  );
}

Deno.test("checkPolicy() knows every rule for secrets, and every issuer of several", async () => {
  const names = SECRET_RULES.map(({ rule }) => rule);
  assert.deepEqual(await found(JSON.stringify([...new Set(names)])), []);
  assert.deepEqual(await found("[secrets]"), []);
  assert.deepEqual(await found("[github, aws, aws-access-key]"), []);
});

Deno.test("checkPolicy() reports a name that no rule for secrets has, at its place", async () => {
  assert.deepEqual(await found("[jwt, gihub-token]"), [
    '5:60 error unknown-secret: Did you mean "github-token"?',
  ]);
  const [far = ""] = await found("[my-own-thing]");
  assert.match(far, /^5:55 error unknown-secret: Write secrets for all of them/);
});

Deno.test("a name that checkPolicy() takes is one that redactText() goes by", () => {
  const token = `AKIA${"QYLP4HZT7XWM2VKD"}`;
  assert.equal(redactText(`key ${token}`, ["aws"]).redacted.length, 1);
  assert.equal(redactText(`key ${token}`, ["aws-access"]).redacted.length, 1);
  assert.equal(redactText(`key ${token}`, ["github"]).redacted.length, 0);
});
