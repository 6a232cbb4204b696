import assert from "node:assert/strict";
import fc from "fast-check";
import type { Principal } from "../../src/access/principal.ts";
import type { AccessRequest } from "../../src/access/request.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { bucketsOf, CONTEXT } from "./asking.ts";

/** A rule and an entry as the file holds them. */
interface WrittenRule {
  readonly pattern: string;
  readonly actions: readonly string[];
  readonly effect?: "deny";
  readonly mode?: "observe" | "enforce";
  readonly scopes?: readonly string[];
  readonly rate?: { readonly capacity: number; readonly per: string };
}

interface WrittenPolicy {
  readonly version: "1";
  readonly defaults: { readonly effect: "allow" | "deny"; readonly mode: "observe" | "enforce" };
  readonly principals: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
  readonly servers: {
    readonly s: { readonly tools: Readonly<Record<string, { readonly action: string }>> };
  };
}

const LISTS = ["tools", "resources", "prompts"] as const;

/** DESIGN §5 once more, slowly: no index, no memory, every rule looked at for every request. */
function reference(policy: WrittenPolicy, { principal, action, resource }: AccessRequest) {
  const known = policy.servers.s.tools[resource.name];
  const isCall = resource.kind === "tool" && action === "execute";
  const actual = isCall && resource.server === "s" && known !== undefined ? known.action : action;
  const speaking: [rule: WrittenRule, path: string][] = [];
  for (const [name, entry] of Object.entries(policy.principals)) {
    const isOwn = principal.kind === "local" && principal.id === name;
    const holdsRole = (entry.roles ?? []).some((role) => principal.roles.has(String(role)));
    if (!isOwn && !holdsRole) continue;
    for (const list of LISTS) {
      const rules = (entry[list] ?? []) as readonly WrittenRule[];
      rules.forEach((rule, i) => {
        const reaches = list === `${resource.kind}s` || (list === "tools" && rule.pattern === "*");
        const covers = rule.actions.includes(actual) ||
          (rule.actions.includes("execute") && (rule.effect !== "deny" || actual !== "read"));
        const holdsScopes = (rule.scopes ?? []).every((scope) => principal.scopes.has(scope));
        const speaks = list === "resources" && /^[^:]*:\/\//.test(rule.pattern)
          ? match(rule.pattern, resource.name)
          : speaksOf(rule.pattern, resource.server, resource.name);
        if (reaches && covers && holdsScopes && speaks) {
          speaking.push([rule, `/principals/${name}/${list}/${i}`]);
        }
      });
    }
  }
  const mode = (rule: WrittenRule) => rule.mode ?? policy.defaults.mode;
  const denies = speaking.filter(([rule]) => rule.effect === "deny");
  const allows = speaking.filter(([rule]) => rule.effect !== "deny");
  const isAllowed = allows.length > 0 || policy.defaults.effect === "allow";
  const enforced = denies.some(([rule]) => mode(rule) === "enforce");
  const outcome = enforced
    ? "deny"
    : !isAllowed
    ? policy.defaults.mode === "observe" ? "observe" : "deny"
    : denies.length > 0
    ? "observe"
    : "allow";
  const buckets = enforced || allows.length === 0
    ? []
    : allows.flatMap(([rule, path]) => rule.rate === undefined ? [] : [path]);
  return { outcome, action: actual, buckets };
}

function speaksOf(pattern: string, server: string | null, name: string): boolean {
  const colon = pattern.indexOf(":");
  if (colon < 0 || server === null) return match(pattern, name);
  return match(pattern.slice(0, colon), server) && match(pattern.slice(colon + 1), name);
}

function match(pattern: string, text: string): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text === "";
  if (head !== "*") return text[0] === head && match(rest.join(""), text.slice(1));
  return Array.from({ length: text.length + 1 }, (_, i) => text.slice(i)).some((tail) =>
    match(rest.join(""), tail)
  );
}

const ACTIONS = fc.constantFrom(["read"], ["write"], ["delete"], ["execute"], ["read", "execute"], [
  "read",
  "write",
  "delete",
]);
const NAMES = ["a", "ab", "b", "s:a", "u://a", "u://ab"];
const PATTERN = fc.constantFrom(
  "*",
  "a",
  "a*",
  "*b",
  "s:a",
  "s:*",
  "*:b",
  "t:*",
  "u://*",
  "u://a",
  "s:u://*",
  "s:*a*",
);

const RULE: fc.Arbitrary<WrittenRule> = fc.record({
  pattern: PATTERN,
  actions: ACTIONS,
  effect: fc.constant("deny" as const),
  mode: fc.constantFrom("observe" as const, "enforce" as const),
  scopes: fc.constant(["x"]),
}, { requiredKeys: ["pattern", "actions"] });
const RATED: fc.Arbitrary<WrittenRule> = fc.record({
  pattern: PATTERN,
  actions: ACTIONS,
  rate: fc.constant({ capacity: 3, per: "1m" }),
});
const RULES = fc.array(fc.oneof({ weight: 3, arbitrary: RULE }, RATED), { maxLength: 4 });
const ENTRY = fc.record({
  roles: fc.subarray(["dev", "ops"], { minLength: 1 }),
  tools: RULES,
  resources: RULES.map((rules) => rules.map((rule) => ({ ...rule, actions: ["read"] }))),
  prompts: RULES.map((rules) => rules.map((rule) => ({ ...rule, actions: ["read"] }))),
});
const POLICY: fc.Arbitrary<WrittenPolicy> = fc.record({
  version: fc.constant("1" as const),
  defaults: fc.record({
    effect: fc.constantFrom("deny" as const, "deny" as const, "allow" as const),
    mode: fc.constantFrom("enforce" as const, "enforce" as const, "observe" as const),
  }),
  principals: fc.record({ anna: ENTRY, team: ENTRY, "#x": ENTRY }),
  servers: fc.constant({ s: { tools: { a: { action: "read" }, b: { action: "delete" } } } }),
});
const PRINCIPAL: fc.Arbitrary<Principal> = fc.record({
  id: fc.constantFrom("anna", "team", "eve"),
  kind: fc.constantFrom("local" as const, "token" as const),
  roles: fc.subarray(["dev", "ops", "guest"]).map((roles) => new Set(roles)),
  scopes: fc.subarray(["x", "y"]).map((scopes) => new Set(scopes)),
});
const REQUEST: fc.Arbitrary<AccessRequest> = fc.record({
  principal: PRINCIPAL,
  action: fc.constant("execute" as const),
  resource: fc.record({
    kind: fc.constantFrom("tool" as const, "resource" as const, "prompt" as const),
    server: fc.constantFrom("s", "t", null),
    name: fc.constantFrom(...NAMES),
  }),
  method: fc.constant("m"),
  known: fc.constant(true),
  arguments: fc.constant({}),
  context: fc.constant(CONTEXT),
}).map((request) =>
  request.resource.kind === "tool" ? request : { ...request, action: "read" as const }
);

Deno.test("decide() agrees with the design written down once more, slowly", async () => {
  await fc.assert(
    fc.asyncProperty(
      POLICY,
      fc.array(REQUEST, { minLength: 20, maxLength: 20 }),
      async (written, requests) => {
        const policy = await parsePolicy(JSON.stringify(written));
        for (const request of [...requests, ...requests]) {
          const { effect, mode, action, obligations } = policy.decide(request);
          const expected = reference(written, request);
          assert.deepEqual(
            {
              outcome: effect === "deny" && mode === "observe" ? "observe" : effect,
              action,
              buckets: bucketsOf(obligations),
            },
            { ...expected, buckets: expected.buckets.sort() },
            JSON.stringify(request.resource),
          );
        }
      },
    ),
    { numRuns: 150 },
  );
});
