import assert from "node:assert/strict";
import { explain } from "../../src/policy/explain.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import {
  asks,
  call,
  FILESYSTEM,
  getPrompt,
  local,
  readResource,
  token,
  unknownMethod,
  UPSTREAM,
} from "./asking.ts";

const POLICY = `version: "1"
principals:
  developer: { roles: [dev], tools: [{ pattern: "fs:*", actions: [read] }, { pattern: "db:*", actions: [execute] }] }
  writer: { roles: [writer], tools: [{ pattern: "fs:write_*", actions: [write] }] }
  guarded:
    roles: [guarded]
    tools:
      - { pattern: "*", actions: [execute] }
      - { pattern: "fs:write_file", actions: [write], effect: deny }
      - { pattern: "fs:edit_file", actions: [write], effect: deny, mode: observe }
  scoped: { roles: [scoped], tools: [{ pattern: "*", actions: [execute], scopes: [mcp:write] }] }
`;

const policy = await parsePolicy(POLICY, { file: "p.yaml", upstream: { argv: FILESYSTEM } });
const asked = (name: string, ...roles: string[]) =>
  explain(policy, call(name, { who: local("anna", ...roles), server: "fs" }));

Deno.test("explain() says which entries apply and why, and which rule decided", () => {
  const { decision, entries, rules, classification, remedies, server } = asked("read_file", "dev");
  assert.equal(decision.effect, "allow");
  assert.equal(server, "fs");
  assert.deepEqual(entries.map(({ name, applies, ref }) => [name, applies, ref.line]), [
    ["developer", { by: "role", role: "dev" }, 3],
  ]);
  assert.deepEqual(rules.map(({ pattern, outcome, because }) => [pattern, outcome, because]), [
    ["fs:*", "decided", "it allows this"],
  ]);
  assert.deepEqual(classification, {
    action: "read",
    source: { kind: "preset", preset: "filesystem" },
  });
  assert.deepEqual(remedies, []);
});

Deno.test("explain() shows a rule that missed by its action, and what would allow the call", () => {
  const { decision, rules, classification, remedies } = asked("write_file", "dev");
  assert.equal(decision.effect, "deny");
  assert.deepEqual(rules.map(({ outcome, because }) => [outcome, because]), [
    ["other-action", "it grants read, and this is write"],
    ["other-server", 'it speaks of another server: this one is "fs"'],
  ]);
  assert.deepEqual(classification?.source, {
    kind: "preset",
    preset: "filesystem",
    note: "replaces a file without asking",
  });
  assert.deepEqual(
    remedies,
    [
      "Add write to the actions at p.yaml:3:38",
      'Give "anna" the role "writer": p.yaml:4:38 allows it',
      'Add to the entry "developer" (p.yaml:3:3): tools: [{ pattern: "fs:write_file", actions: [write] }]',
    ].filter((line) => line !== ""),
  );
});

Deno.test("explain() shows the deny that won, and what it overruled", () => {
  const { rules, remedies } = asked("write_file", "guarded");
  assert.deepEqual(rules.map(({ pattern, outcome }) => [pattern, outcome]), [
    ["fs:write_file", "decided"],
    ["*", "overruled"],
  ]);
  assert.deepEqual(remedies, ["Remove or narrow the deny at p.yaml:9:9"]);
});

Deno.test("explain() tells a deny that is only observed", () => {
  const { decision, rules } = asked("edit_file", "guarded");
  assert.deepEqual([decision.effect, decision.mode], ["deny", "observe"]);
  assert.deepEqual(rules.map(({ pattern, outcome }) => [pattern, outcome]), [
    ["fs:edit_file", "observed"],
    ["*", "overruled"],
  ]);
});

Deno.test("explain() says that nobody has classified a tool, and how to", () => {
  const { classification, remedies } = asked("brand_new", "dev");
  assert.deepEqual(classification, { action: "execute", source: { kind: "default" } });
  assert.ok(remedies.includes(
    'If the tool only reads, write servers: { "fs": { tools: { "brand_new": { action: read } } } }',
  ));
});

Deno.test("explain() names what annotations tightened", () => {
  const { classification } = explain(
    policy,
    call("read_file", {
      who: local("anna", "dev"),
      server: "fs",
      annotations: { readOnlyHint: false },
    }),
  );
  assert.deepEqual([classification?.action, classification?.tightenedFrom], ["write", "read"]);
});

Deno.test("explain() names the scopes that a token lacks", () => {
  const who = token("https://i#s", { roles: ["scoped"] });
  const { rules, remedies } = explain(policy, call("read_file", { who, server: "fs" }));
  assert.deepEqual(rules.map(({ outcome, because }) => [outcome, because]), [
    ["missing-scopes", "the token lacks mcp:write"],
  ]);
  assert.equal(remedies[0], "Get a token with the scope mcp:write, which p.yaml:11:38 asks for");
});

Deno.test("explain() tells someone whom no entry knows where to start", () => {
  const { entries, remedies } = explain(
    policy,
    call("read_file", { who: local("eve"), server: "fs" }),
  );
  assert.deepEqual(entries, []);
  assert.deepEqual(remedies, [
    'Give "eve" the role "dev": p.yaml:3:38 allows it',
    'Give "eve" the role "guarded": p.yaml:8:9 allows it',
    'Add to a new entry under principals, "eve": tools: [{ pattern: "fs:read_file", actions: [read] }]',
  ]);
});

Deno.test("explain() covers resources, prompts, unknown methods and what a server asks", () => {
  const last = (explanation: { readonly remedies: readonly string[] }) =>
    explanation.remedies.at(-1);
  const who = local("eve");
  assert.equal(
    last(explain(policy, readResource("file:///x", { who, server: "fs" }))),
    'Add to a new entry under principals, "eve": resources: [{ pattern: "file:///x", actions: [read] }]',
  );
  assert.equal(
    last(explain(policy, getPrompt("p", { who, server: "fs" }))),
    'Add to a new entry under principals, "eve": prompts: [{ pattern: "fs:p", actions: [read] }]',
  );
  assert.equal(
    last(explain(policy, unknownMethod("x/y", { who }))),
    'Add to a new entry under principals, "eve": tools: [{ methods: ["x/y"] }]',
  );
  assert.deepEqual(explain(policy, asks("sampling", { server: "fs" })).remedies, [
    'Write servers: { "fs": { may: [sampling] } }',
  ]);
  assert.deepEqual(
    explain(policy, { ...asks("sampling"), principal: { ...UPSTREAM }, known: false }).remedies,
    [],
  );
});

Deno.test("explain() gives remedies that work", async () => {
  const before = explain(policy, call("write_file", { who: local("anna", "dev"), server: "fs" }));
  const rule = /tools: \[(\{.*\})\]$/.exec(before.remedies.at(-1) ?? "")?.[1];
  const mended = await parsePolicy(
    POLICY.replace('{ pattern: "db:*"', `${rule}, { pattern: "db:*"`),
    {
      upstream: { argv: FILESYSTEM },
    },
  );
  assert.equal(
    mended.decide(call("write_file", { who: local("anna", "dev"), server: "fs" })).effect,
    "allow",
  );
});

Deno.test("explain() names a rule for a method, and refuses a policy of someone else's", async () => {
  const own = await parsePolicy(
    'version: "1"\nprincipals:\n  a: { tools: [{ methods: [x/y] }] }\n',
  );
  const { decision, rules } = explain(own, unknownMethod("x/y", { who: local("a") }));
  assert.deepEqual([decision.effect, rules[0]?.outcome, rules[0]?.pattern], [
    "allow",
    "decided",
    undefined,
  ]);
  assert.throws(() => explain({ ...own }, unknownMethod("x/y")), TypeError);
});
