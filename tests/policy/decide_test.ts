import assert from "node:assert/strict";
import fc from "fast-check";
import type { Action } from "../../src/access/request.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import {
  asks,
  bucketsOf,
  call,
  control,
  FILESYSTEM,
  getPrompt,
  local,
  policyOf,
  readResource,
  token,
  unknownMethod,
  UPSTREAM,
} from "./asking.ts";

const effect = (decision: { readonly effect: string }) => decision.effect;

Deno.test("decide() denies by default: no entry, no rule, no allow", async () => {
  const policy = await policyOf(`tools: [{ pattern: "fs:*", actions: [execute] }]`, {
    upstream: { name: "fs" },
  });
  const nobody = policy.decide(call("read_file", { who: local("eve", "guest"), server: "fs" }));
  assert.equal(nobody.effect, "deny");
  assert.deepEqual(nobody.determining, [], "no determining rule: the default spoke");
  assert.equal(effect(policy.decide(call("read_file", { server: "fs" }))), "allow");
  assert.equal(effect(policy.decide(call("read_file", { server: "git" }))), "deny");
});

Deno.test("decide() lets defaults.effect allow what no rule denies, but no method outside the table", async () => {
  const policy = await parsePolicy(`
version: "1"
defaults: { effect: allow }
principals:
  devs: { roles: [dev], tools: [{ pattern: "drop_*", actions: [execute], effect: deny }] }
`);
  assert.equal(effect(policy.decide(call("read_file", { who: local("eve") }))), "allow");
  assert.equal(effect(policy.decide(call("drop_table"))), "deny");
  assert.equal(effect(policy.decide(readResource("demo://x"))), "allow");
  assert.equal(effect(policy.decide(unknownMethod("x/y"))), "deny");
  assert.equal(effect(policy.decide(asks("sampling"))), "deny");
});

Deno.test("decide() matches an entry's name with the local principal of that name only", async () => {
  const policy = await parsePolicy(`
version: "1"
principals:
  anna: { tools: [{ pattern: "*", actions: [execute] }] }
  "https://issuer#sub": { tools: [{ pattern: "*", actions: [execute] }] }
`);
  assert.equal(effect(policy.decide(call("t", { who: local("anna") }))), "allow");
  assert.equal(effect(policy.decide(call("t", { who: local("Anna") }))), "deny");
  assert.equal(effect(policy.decide(call("t", { who: token("anna") }))), "deny");
  assert.equal(effect(policy.decide(call("t", { who: token("https://issuer#sub") }))), "deny");
  assert.equal(effect(policy.decide(call("t", { who: { ...UPSTREAM, id: "anna" } }))), "deny");
});

Deno.test("decide() matches a token principal by role or by match, never by a name it could choose", async () => {
  const policy = await parsePolicy(`
version: "1"
principals:
  ci:
    match: { issuer: "https://issuer", subject: "robot#1" }
    tools: [{ pattern: "build", actions: [execute] }]
  staff: { roles: [staff], tools: [{ pattern: "read", actions: [execute] }] }
`);
  const robot = token("https://issuer#robot#1");
  assert.equal(effect(policy.decide(call("build", { who: robot }))), "allow");
  assert.equal(effect(policy.decide(call("read", { who: robot }))), "deny");
  assert.equal(
    effect(policy.decide(call("build", { who: token("https://other#robot#1") }))),
    "deny",
  );
  assert.equal(
    effect(policy.decide(call("build", { who: local("https://issuer#robot#1") }))),
    "deny",
  );
  assert.equal(effect(policy.decide(call("build", { who: token("ci") }))), "deny");
  assert.equal(
    effect(policy.decide(call("read", { who: token("x#y", { roles: ["staff"] }) }))),
    "allow",
  );
});

Deno.test("decide() unites the entries that apply; a deny of one wins over an allow of another", async () => {
  const policy = await parsePolicy(`
version: "1"
principals:
  a: { roles: [a], tools: [{ pattern: "one", actions: [execute] }] }
  b: { roles: [b], tools: [{ pattern: "two", actions: [execute] }] }
  c: { roles: [c], tools: [{ pattern: "t*", actions: [execute], effect: deny }] }
`);
  const both = local("x", "a", "b");
  assert.equal(effect(policy.decide(call("one", { who: both }))), "allow");
  assert.equal(effect(policy.decide(call("two", { who: both }))), "allow");
  const all = policy.decide(call("two", { who: local("x", "a", "b", "c") }));
  assert.equal(all.effect, "deny");
  assert.deepEqual(all.determining.map(({ line, path }) => [line, path]), [[
    6,
    "/principals/c/tools/0",
  ]]);
});

Deno.test("decide() gives names of objects' prototypes no meaning", async () => {
  const policy = await parsePolicy(`
version: "1"
principals:
  __proto__: { roles: [constructor], tools: [{ pattern: "toString", actions: [execute] }] }
`);
  assert.equal(effect(policy.decide(call("toString", { who: local("__proto__") }))), "allow");
  assert.equal(
    effect(policy.decide(call("toString", { who: local("x", "constructor") }))),
    "allow",
  );
  for (const name of ["constructor", "hasOwnProperty", "valueOf"]) {
    assert.equal(effect(policy.decide(call("toString", { who: local(name, name + "x") }))), "deny");
    assert.equal(effect(policy.decide(call(name, { who: local("__proto__") }))), "deny");
  }
});

Deno.test("decide() takes execute to cover read, write and delete; nothing else covers anything else", async () => {
  const actions: readonly Action[] = ["read", "write", "delete", "execute"];
  for (const granted of actions) {
    for (const asked of actions) {
      const policy = await policyOf(`tools: [{ pattern: "t", actions: [${granted}] }]`);
      const decision = policy.decide({ ...call("t"), action: asked });
      const covered = granted === asked || granted === "execute";
      assert.equal(decision.effect, covered ? "allow" : "deny", `${granted} for ${asked}`);
      assert.equal(decision.action, asked);
    }
  }
});

Deno.test("decide() takes a deny of execute to cover execute, write and delete, not read", async () => {
  const denied = async (actions: string, asked: Action) => {
    const policy = await policyOf(`
tools:
  - { pattern: "*", actions: [execute] }
  - { pattern: "t", actions: [${actions}], effect: deny }`);
    return effect(policy.decide({ ...call("t"), action: asked })) === "deny";
  };
  assert.deepEqual(
    await Promise.all(
      (["read", "write", "delete", "execute"] as const).map((asked) => denied("execute", asked)),
    ),
    [false, true, true, true],
  );
  assert.equal(await denied("delete", "delete"), true);
  assert.equal(await denied("delete", "execute"), false);
  assert.equal(await denied("read, execute", "read"), true);
});

Deno.test("decide() matches a pattern with a colon against server:tool only", async () => {
  const policy = await policyOf(`
tools:
  - { pattern: "fs:*", actions: [execute] }
  - { pattern: "*:ping", actions: [execute] }
  - { pattern: "bare", actions: [execute] }`);
  const asked = (server: string | null, name: string) =>
    effect(policy.decide(call(name, { server })));
  assert.equal(asked("fs", "read"), "allow");
  assert.equal(
    asked("evil", "fs:read"),
    "deny",
    "a server cannot spell its way into another's rules",
  );
  assert.equal(asked("evil", "x:ping"), "deny");
  assert.equal(asked("evil", "ping"), "allow");
  assert.equal(asked("xfs", "read"), "deny");
  assert.equal(asked("evil", "bare"), "allow");
  assert.equal(asked("evil", "bare:bare"), "deny");
});

Deno.test("decide() matches server:tool against the bare name when the upstream has none, as version 1 did", async () => {
  const policy = await policyOf(`tools: [{ pattern: "fs:*", actions: [execute] }]`);
  assert.equal(effect(policy.decide(call("fs:read", { server: null }))), "allow");
  assert.equal(effect(policy.decide(call("read", { server: null }))), "deny");
});

Deno.test("decide() uses the policy's own upstream name when a request gives none", async () => {
  const policy = await policyOf(
    `
tools:
  - { pattern: "*", actions: [execute] }
  - { pattern: "fs:write_*", actions: [execute], effect: deny }`,
    { upstream: { name: "fs" } },
  );
  assert.equal(effect(policy.decide(call("write_file", { server: null }))), "deny");
});

Deno.test("decide() lets the bare * of tools cover resources, prompts and completions; no other tools pattern does", async () => {
  const bare = await policyOf(`tools: [{ pattern: "*", actions: [read] }]`);
  assert.equal(effect(bare.decide(readResource("file:///x"))), "allow");
  assert.equal(effect(bare.decide(getPrompt("p"))), "allow");
  assert.equal(effect(bare.decide(call("t"))), "deny", "a tool that nobody classified is execute");
  for (const pattern of ["*:*", "fs:*", "*e*", "file:*"]) {
    const other = await policyOf(`tools: [{ pattern: "${pattern}", actions: [execute] }]`);
    assert.equal(
      effect(other.decide(readResource("file:///x", { server: "fs" }))),
      "deny",
      pattern,
    );
    assert.equal(effect(other.decide(getPrompt("fe", { server: "fs" }))), "deny", pattern);
  }
  const denied = await policyOf(`
tools:
  - { pattern: "*", actions: [execute] }
  - { pattern: "*", actions: [read], effect: deny }`);
  assert.equal(effect(denied.decide(readResource("file:///x"))), "deny");
});

Deno.test("decide() reads rules for resources and prompts", async () => {
  const policy = await policyOf(`
resources:
  - { pattern: "file:///public/*", actions: [read] }
  - { pattern: "memory:memory://*", actions: [read] }
  - { pattern: "docs:*", actions: [read] }
prompts:
  - { pattern: "gh:review", actions: [read] }
  - { pattern: "hello", actions: [read] }`);
  const read = (uri: string, server: string) =>
    effect(policy.decide(readResource(uri, { server })));
  assert.equal(read("file:///public/a", "any"), "allow", "scheme:// is a URI of any server");
  assert.equal(read("file:///private/a", "any"), "deny");
  assert.equal(read("memory://graph", "memory"), "allow");
  assert.equal(read("memory://graph", "evil"), "deny");
  assert.equal(read("memory:memory://graph", "evil"), "deny", "nor by spelling");
  assert.equal(read("anything://x", "docs"), "allow");
  assert.equal(read("docs:x", "evil"), "deny");
  const get = (name: string, server: string) => effect(policy.decide(getPrompt(name, { server })));
  assert.deepEqual([
    get("review", "gh"),
    get("review", "x"),
    get("hello", "x"),
    get("gh:review", "x"),
  ], [
    "allow",
    "deny",
    "allow",
    "deny",
  ]);
  assert.equal(effect(policy.decide(call("hello"))), "deny", "a prompt's rule grants no tool");
});

Deno.test("decide() keeps control open to every principal that is identified", async () => {
  const policy = await parsePolicy('version: "1"\n');
  for (const who of [local("nobody"), token("https://i#s"), UPSTREAM]) {
    assert.equal(effect(policy.decide(control(who))), "allow");
  }
  assert.equal(effect(policy.decide({ ...control(UPSTREAM), known: false })), "deny");
});

Deno.test("decide() grants what a server may ask by may alone, in place of the default", async () => {
  const text = `
version: "1"
defaults: { server_may: [roots] }
principals:
  everyone: { roles: [dev], tools: [{ pattern: "*", actions: [execute] }] }
servers:
  a: { may: [sampling] }
  b: { may: [] }
`;
  const may = async (name: string | null) => {
    const policy = await parsePolicy(text, { upstream: { name } });
    return ["sampling", "elicitation", "roots"].filter((ask) =>
      effect(policy.decide(asks(ask, { server: name }))) === "allow"
    );
  };
  assert.deepEqual(await may("a"), ["sampling"]);
  assert.deepEqual(await may("b"), []);
  assert.deepEqual(await may("c"), ["roots"]);
  assert.deepEqual(await may(null), ["roots"]);
  const policy = await parsePolicy(text, { upstream: { name: "a" } });
  const granted = policy.decide(asks("sampling", { server: "a" }));
  assert.deepEqual(granted.determining.map(({ path }) => path), ["/servers/a/may/0"]);
  assert.equal(effect(policy.decide(asks("sampling", { who: local("anna", "dev") }))), "deny");
  assert.equal(
    effect(policy.decide(call("t", { who: { ...UPSTREAM, roles: new Set(["dev"]) } }))),
    "deny",
  );
  assert.equal(
    effect(policy.decide({ ...asks("sampling", { server: "a" }), known: false })),
    "deny",
  );
});

Deno.test("decide() allows a method outside the table only by a rule that names it", async () => {
  const policy = await policyOf(`
tools:
  - { pattern: "*", actions: [execute] }
  - { methods: [vendor/ask] }
  - { pattern: "x", actions: [read], methods: [vendor/more] }`);
  assert.equal(effect(policy.decide(unknownMethod("vendor/ask"))), "allow");
  assert.equal(effect(policy.decide(unknownMethod("vendor/more"))), "allow");
  assert.equal(effect(policy.decide(unknownMethod("vendor/other"))), "deny");
  assert.equal(effect(policy.decide(unknownMethod("*"))), "deny");
  assert.equal(effect(policy.decide(unknownMethod("vendor/ask", { who: UPSTREAM }))), "deny");
  const denied = await policyOf(`
tools:
  - { methods: [vendor/ask] }
  - { methods: [vendor/ask], effect: deny }`);
  assert.equal(effect(denied.decide(unknownMethod("vendor/ask"))), "deny");
});

Deno.test("decide() counts a rule with scopes only for a token that holds them all", async () => {
  const policy = await policyOf(
    `tools: [{ pattern: "t", actions: [execute], scopes: [mcp, write] }]`,
  );
  const asked = (...scopes: string[]) =>
    effect(policy.decide(call("t", { who: token("i#s", { roles: ["dev"], scopes }) })));
  assert.equal(asked("mcp", "write", "more"), "allow");
  assert.equal(asked("mcp"), "deny");
  assert.equal(asked(), "deny");
  assert.equal(effect(policy.decide(call("t"))), "deny");
});

Deno.test("decide() gives a rule's rate as an obligation with a bucket of its own", async () => {
  const policy = await policyOf(`
tools:
  - { pattern: "search", actions: [execute], rate: { capacity: 10, per: 1m } }
  - { pattern: "buy", actions: [execute], rate: { capacity: 100, per: 2h, cost: 5 } }`);
  assert.deepEqual(policy.decide(call("search")).obligations, [
    {
      kind: "rate",
      bucket: "/principals/devs/tools/0",
      rate: { capacity: 10, perMs: 60_000 },
      cost: 1,
    },
  ]);
  assert.deepEqual(policy.decide(call("buy")).obligations, [
    {
      kind: "rate",
      bucket: "/principals/devs/tools/1",
      rate: { capacity: 100, perMs: 7_200_000 },
      cost: 5,
    },
  ]);
});

Deno.test("decide() owes every rate of the rules that allow: no allow beside it lifts the rate of a rule", async () => {
  const policy = await parsePolicy(`
version: "1"
principals:
  devs:
    roles: [dev]
    tools:
      - { pattern: "search", actions: [read, execute], rate: { capacity: 10, per: 1m } }
      - { pattern: "s*", actions: [execute], rate: { capacity: 99, per: 1m } }
  admins: { roles: [admin], tools: [{ pattern: "*", actions: [execute] }] }
`);
  const buckets = (name: string, ...roles: string[]) =>
    bucketsOf(policy.decide(call(name, { who: local("x", ...roles) })).obligations);
  assert.deepEqual(buckets("search", "dev", "admin"), [
    "/principals/devs/tools/0",
    "/principals/devs/tools/1",
  ]);
  assert.deepEqual(buckets("sort", "dev", "admin"), ["/principals/devs/tools/1"]);
  assert.deepEqual(buckets("search", "admin"), []);
});

Deno.test("decide() observes by the rule's mode, else the server's, else the default's", async () => {
  const text = (defaults: string, server: string, rule: string) => `
version: "1"
defaults: { mode: ${defaults} }
principals:
  devs:
    roles: [dev]
    tools:
      - { pattern: "*", actions: [execute], rate: { capacity: 9, per: 1m } }
      - { pattern: "t", actions: [execute], effect: deny ${rule} }
servers: { s: { ${server} } }
`;
  const asked = async (defaults: string, server: string, rule: string) => {
    const policy = await parsePolicy(text(defaults, server, rule), { upstream: { name: "s" } });
    const { effect, mode, obligations } = policy.decide(call("t", { server: "s" }));
    assert.equal(effect, "deny");
    if (mode === "observe") assert.equal(obligations.length, 1, "a limit is never merely observed");
    return mode;
  };
  assert.equal(await asked("enforce", "", ""), "enforce");
  assert.equal(await asked("observe", "", ""), "observe");
  assert.equal(await asked("observe", "mode: enforce", ""), "enforce");
  assert.equal(await asked("enforce", "mode: observe", ""), "observe");
  assert.equal(await asked("observe", "", ", mode: enforce"), "enforce");
  assert.equal(await asked("enforce", "", ", mode: observe"), "observe");
});

Deno.test("decide() enforces a default deny although a rule that observes denies it too", async () => {
  const policy = await policyOf(`
tools:
  - { pattern: "known", actions: [execute] }
  - { pattern: "*", actions: [execute], effect: deny, mode: observe }`);
  assert.deepEqual(
    ["known", "other"].map((name) => policy.decide(call(name))).map((
      { effect, mode },
    ) => [effect, mode]),
    [["deny", "observe"], ["deny", "enforce"]],
  );
  assert.equal(policy.observing, true);
});

Deno.test("decide() lets no rule that observes weaken a deny that is enforced", async () => {
  const policy = await policyOf(`
tools:
  - { pattern: "*", actions: [execute] }
  - { pattern: "t", actions: [execute], effect: deny }
  - { pattern: "*", actions: [execute], effect: deny, mode: observe }`);
  const { effect, mode, determining } = policy.decide(call("t"));
  assert.deepEqual([effect, mode, determining.length], ["deny", "enforce", 1]);
});

Deno.test("decide() answers the same from memory, and forgets what would outgrow it", async () => {
  const policy = await policyOf(`
tools:
  - { pattern: "*_ok", actions: [execute] }
  - { pattern: "no_*", actions: [execute], effect: deny }`);
  fc.assert(
    fc.property(
      fc.constantFrom("x_ok", "no_ok", "x", "no_", "x".repeat(200) + "_ok"),
      fc.constantFrom("dev", "guest"),
      (name, role) => {
        const who = local("x", role);
        const first = policy.decide(call(name, { who }));
        const again = policy.decide(call(name, { who: local("x", role) }));
        assert.deepEqual(first, again);
        return (first.effect === "allow") ===
          (role === "dev" && name.endsWith("_ok") && !name.startsWith("no_"));
      },
    ),
  );
  for (let i = 0; i < 5000; i++) {
    policy.decide(call(`tool${i}_ok`, { who: local(`p${i}`, `role${i}`, "dev") }));
  }
  assert.equal(effect(policy.decide(call("x_ok"))), "allow");
  assert.equal(effect(policy.decide(call("no_ok"))), "deny");
});

Deno.test("decide() does not confuse server and tool, kinds or actions in its memory", async () => {
  const policy = await policyOf(
    `
tools: [{ pattern: "fs:read_file", actions: [read] }]
prompts: [{ pattern: "other", actions: [read] }]`,
    { upstream: { argv: FILESYSTEM } },
  );
  assert.equal(effect(policy.decide(call("read_file", { server: "fs" }))), "allow");
  assert.equal(effect(policy.decide(call("read_file", { server: "git" }))), "deny");
  assert.equal(effect(policy.decide(getPrompt("read_file", { server: "fs" }))), "deny");
  assert.equal(effect(policy.decide(readResource("read_file", { server: "fs" }))), "deny");
  assert.equal(
    effect(
      policy.decide(call("read_file", { server: "fs", annotations: { readOnlyHint: false } })),
    ),
    "deny",
    "its own server now says that it writes",
  );
  assert.equal(effect(policy.decide(call("read_file", { server: "fs" }))), "allow");
});

Deno.test("decide() answers the same for more principals than it keeps ready", async () => {
  const entries = Array.from(
    { length: 200 },
    (_, i) => `  e${i}: { roles: [r${i}], tools: [{ pattern: "t${i}", actions: [execute] }] }`,
  );
  const policy = await parsePolicy(`version: "1"\nprincipals:\n${entries.join("\n")}\n`);
  const people = Array.from({ length: 200 }, (_, i) => local("x", `r${i}`));
  for (let round = 0; round < 3; round++) {
    people.forEach((who, i) => {
      assert.equal(effect(policy.decide(call(`t${i}`, { who }))), "allow");
      assert.equal(effect(policy.decide(call(`t${(i + 1) % 200}`, { who }))), "deny");
    });
  }
});
