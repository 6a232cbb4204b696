import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePolicy } from "../../src/policy/load.ts";
import { completeTemplate, listTemplate, policyOf, readResource } from "./asking.ts";

Deno.test("decide() says depends when some expansion of a template could be allowed", async () => {
  const policy = await policyOf(`resources: [{ pattern: "file:///public/*", actions: [read] }]`);
  const listed = (template: string) => policy.decide(listTemplate(template)).effect;
  assert.equal(listed("file:///{path}"), "depends");
  assert.equal(listed("file:///public/{path}"), "allow", "every expansion is allowed");
  assert.equal(listed("file:///private/{path}"), "deny");
  assert.equal(listed("{+anything}"), "depends");
  assert.equal(listed("memo://{x}"), "deny");
  assert.equal(listed("file:///public/readme"), "allow");
});

Deno.test("decide() hides a template only if every expansion is denied", async () => {
  const policy = await policyOf(`
resources:
  - { pattern: "demo://*", actions: [read] }
  - { pattern: "demo://secret/*", actions: [read], effect: deny }`);
  const listed = (template: string) => policy.decide(listTemplate(template)).effect;
  assert.equal(listed("demo://secret/{id}"), "deny");
  assert.equal(listed("demo://{place}/{id}"), "depends");
  assert.equal(listed("demo://open/{id}"), "allow");
});

Deno.test("decide() takes an allow out of a template when a deny covers all of it", async () => {
  const policy = await policyOf(`
resources:
  - { pattern: "demo://a/b/*", actions: [read] }
  - { pattern: "demo://a/*", actions: [read], effect: deny }`);
  assert.equal(policy.decide(listTemplate("demo://{x}")).effect, "deny");
  const observing = await policyOf(`
resources:
  - { pattern: "demo://a/b/*", actions: [read] }
  - { pattern: "demo://a/*", actions: [read], effect: deny, mode: observe }`);
  assert.equal(observing.decide(listTemplate("demo://{x}")).effect, "depends");
});

Deno.test("decide() completes a template only if every expansion is allowed", async () => {
  const policy = await policyOf(`
resources:
  - { pattern: "demo://*", actions: [read] }
  - { pattern: "demo://secret/*", actions: [read], effect: deny }`);
  const completed = (template: string) => policy.decide(completeTemplate(template)).effect;
  assert.equal(completed("demo://open/{id}"), "allow");
  assert.equal(completed("demo://{place}/{id}"), "deny", "depends is for lists alone");
  assert.equal(completed("{+x}"), "deny");
  assert.equal(completed("demo://secret/{id}"), "deny");
});

Deno.test("decide() treats templates under defaults.effect allow alike", async () => {
  const policy = await parsePolicy(`
version: "1"
defaults: { effect: allow }
principals:
  devs: { roles: [dev], resources: [{ pattern: "demo://secret/*", actions: [read], effect: deny }] }
`);
  const listed = (template: string) => policy.decide(listTemplate(template)).effect;
  assert.deepEqual(
    ["demo://secret/{x}", "demo://{x}", "other://{x}"].map(listed),
    ["deny", "depends", "allow"],
  );
  assert.equal(policy.decide(completeTemplate("demo://{x}")).effect, "deny");
});

Deno.test("decide() hides nothing that some call could reach, and nothing hidden is callable", async () => {
  const piece = fc.string({
    unit: fc.constantFrom("a", "b", "/", "*"),
    minLength: 1,
    maxLength: 5,
  });
  const rule = fc.record({ pattern: piece, deny: fc.boolean() });
  const template = fc.array(fc.constantFrom("a", "b", "/", "{x}"), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      template,
      async (rules, pieces) => {
        const lines = rules.map(({ pattern, deny }) =>
          `  - { pattern: "u://${pattern}", actions: [read]${deny ? ", effect: deny" : ""} }`
        );
        const policy = await policyOf(`resources:\n${lines.join("\n")}`);
        const uriTemplate = `u://${pieces.join("")}`;
        const listed = policy.decide(listTemplate(uriTemplate)).effect;
        const effects = new Set(
          expansions(uriTemplate).map((uri) => policy.decide(readResource(uri)).effect),
        );
        if (effects.has("allow")) assert.notEqual(listed, "deny", uriTemplate);
        if (listed === "allow") assert.ok(!effects.has("deny"), uriTemplate);
        if (policy.decide(completeTemplate(uriTemplate)).effect === "allow") {
          assert.ok(
            !effects.has("deny"),
          );
        }
      },
    ),
    { numRuns: 150 },
  );
});

function expansions(template: string): string[] {
  const at = template.indexOf("{x}");
  if (at < 0) return [template];
  return ["", "a", "b", "/", "ab", "b/a", "zz"].flatMap((text) =>
    expansions(template.slice(0, at) + text + template.slice(at + 3))
  );
}
