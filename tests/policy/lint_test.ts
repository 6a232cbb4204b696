import assert from "node:assert/strict";
import { FILESYSTEM, printedProblems, problemsOf } from "./asking.ts";

const policy = (rules: string, rest = "") =>
  `version: "1"\nprincipals:\n  devs:\n    roles: [dev]\n    tools:\n${
    rules.trim().split("\n").map((rule) => `      - ${rule.trim()}`).join("\n")
  }\n${rest}`;

/** Codes with their severity and line. */
async function codes(
  text: string,
  upstream?: {
    readonly name?: string | null;
    readonly argv?: string[];
    readonly beside?: readonly string[];
  },
) {
  const found = await problemsOf(text, upstream === undefined ? {} : { upstream });
  return found.map((line) => line.replace(/^(\d+):\d+ (\w+) ([\w-]+) .*$/, "$1 $2 $3"));
}

Deno.test("lintPolicy() finds nothing wrong with a sound policy", async () => {
  const text = policy(`
{ pattern: "fs:*", actions: [read] }
{ pattern: "fs:write_*", actions: [write] }
{ pattern: "*", actions: [delete, execute], effect: deny }`.replace("delete, execute", "execute"));
  assert.deepEqual(await codes(text, { argv: FILESYSTEM }), []);
  assert.deepEqual(await codes(text), []);
});

Deno.test("lintPolicy() takes as an error a deny that can never take effect", async () => {
  const list = (kind: string, rule: string) =>
    `version: "1"\nprincipals:\n  devs:\n    roles: [dev]\n    ${kind}:\n      - ${rule}\n`;
  assert.deepEqual(
    await codes(list("resources", '{ pattern: "*", actions: [write], effect: deny }')),
    ["6 error dead-deny"],
  );
  assert.deepEqual(
    await codes(list("prompts", '{ pattern: "*", actions: [execute], effect: deny }')),
    ["6 error dead-deny"],
  );
  assert.deepEqual(
    await codes(list("prompts", '{ pattern: "*", actions: [read], effect: deny }')),
    [],
  );
  assert.deepEqual(await codes(list("resources", '{ pattern: "*", actions: [write] }')), [
    "6 warning dead-allow",
  ]);
  const scoped =
    'version: "1"\nprincipals:\n  anna:\n    tools:\n      - { pattern: "*", actions: [execute], effect: deny, scopes: [x] }\n';
  assert.deepEqual(await codes(scoped), ["5 error dead-deny"]);
  assert.deepEqual(await codes(scoped.replace(", effect: deny", "")), ["5 warning dead-allow"]);
  assert.deepEqual(await codes(scoped.replace("    tools", "    roles: [x]\n    tools")), []);
});

Deno.test("lintPolicy() knows that a deny of delete stops no tool that nobody has classified", async () => {
  const deny = (pattern: string, rest = "") =>
    policy(
      `{ pattern: "*", actions: [execute] }\n{ pattern: "${pattern}", actions: [delete], effect: deny }`,
      rest,
    );
  const db = { name: "db" };
  assert.deepEqual(await codes(deny("db:drop_table"), db), ["7 error dead-deny"]);
  assert.deepEqual(
    await codes(deny("drop_table"), db),
    ["7 warning dead-deny"],
    "another shim may know it",
  );
  assert.deepEqual(await codes(deny("drop_*"), db), ["7 warning dead-deny"]);
  assert.deepEqual(await codes(deny("*"), db), ["7 warning dead-deny"]);
  assert.deepEqual(await codes(deny("*")), [], "the upstream is not known");
  const classified = "servers: { db: { tools: { drop_table: { action: delete } } } }\n";
  for (const pattern of ["db:drop_table", "drop_table", "drop_*", "*"]) {
    assert.deepEqual(await codes(deny(pattern, classified), db), [], pattern);
  }
  assert.deepEqual(
    await codes(deny("*"), { argv: FILESYSTEM }),
    [],
    "its tools are known; none deletes",
  );
  assert.deepEqual(await codes(deny("fs:write_file"), { argv: FILESYSTEM }), ["7 error dead-deny"]);
  assert.deepEqual(
    await codes(deny("fs:read_file"), { argv: FILESYSTEM }),
    [],
    "annotations may tighten it",
  );
  const printed = await printedProblems(deny("db:drop_table"), { upstream: db });
  assert.match(printed, /count as execute, which a deny of delete does not cover/);
  assert.match(
    printed,
    /hint: Say what the tool does under servers\.<name>\.tools, or deny execute/,
  );
});

Deno.test("lintPolicy() finds methods: that name a method of the protocol", async () => {
  const knownMethods = new Set(["tools/call"]);
  const found = await problemsOf(
    policy("{ methods: [tools/call, x/y], effect: deny }\n{ methods: [tools/call] }"),
    { knownMethods },
  );
  assert.deepEqual(found.map((line) => line.split(" ").slice(1, 3).join(" ")), [
    "error dead-deny",
    "warning dead-allow",
  ]);
});

Deno.test("lintPolicy() warns of a pattern for an upstream that is not configured here", async () => {
  const text = policy(
    '{ pattern: "ftp:*", actions: [read] }\n{ pattern: "f*:x", actions: [read] }',
  );
  assert.deepEqual(await codes(text, { argv: FILESYSTEM }), ["6 warning other-upstream"]);
  assert.deepEqual(await codes(text, { argv: FILESYSTEM, beside: ["ftp"] }), []);
  assert.deepEqual(await codes(text), [], "any upstream may be meant");
  assert.deepEqual(await codes(text + "servers: { ftp: {} }\n", { argv: FILESYSTEM }), []);
  assert.deepEqual(
    await codes(text + "servers: { db: {} }\n"),
    ["6 warning other-upstream"],
    "fs is known by a preset",
  );
});

Deno.test("lintPolicy() warns of server:tool when the upstream has no name", async () => {
  const text = policy('{ pattern: "fs:*", actions: [read] }');
  assert.deepEqual(await codes(text, { argv: ["./server"] }), ["6 warning unnamed-upstream"]);
  assert.match(
    await printedProblems(text, { upstream: { argv: ["./server"] } }),
    /hint: Give it one: --name fs/,
  );
});

Deno.test("lintPolicy() warns of rules that change nothing", async () => {
  const idle = (rules: string, rest = "") => codes(policy(rules, rest));
  assert.deepEqual(
    await idle('{ pattern: "*", actions: [execute] }\n{ pattern: "read", actions: [read] }'),
    ["7 warning redundant-allow"],
  );
  assert.deepEqual(
    await idle('{ pattern: "read", actions: [read] }\n{ pattern: "*", actions: [execute] }'),
    ["6 warning redundant-allow"],
  );
  assert.deepEqual(
    await idle('{ pattern: "a", actions: [read] }\n{ pattern: "a", actions: [read] }'),
    ["7 warning redundant-allow"],
  );
  assert.deepEqual(
    await idle(
      '{ pattern: "a", actions: [read], effect: deny }\n{ pattern: "*", actions: [read], effect: deny }',
    ),
    ["6 warning redundant-deny"],
  );
  assert.deepEqual(
    await idle(
      '{ pattern: "fs:a", actions: [read] }\n{ pattern: "f*:*", actions: [read] }',
      "servers: { fs: {} }\n",
    ),
    ["6 warning redundant-allow"],
  );
  for (
    const different of [
      '{ pattern: "*", actions: [read] }\n{ pattern: "a", actions: [write] }',
      '{ pattern: "*", actions: [read] }\n{ pattern: "a", actions: [read], rate: { capacity: 1, per: 1m } }',
      '{ pattern: "*", actions: [read], scopes: [x] }\n{ pattern: "a", actions: [read] }',
      '{ pattern: "*", actions: [read] }\n{ pattern: "a", actions: [read], mode: observe }',
      '{ pattern: "*", actions: [read] }\n{ pattern: "a", actions: [read], effect: deny }',
      '{ pattern: "a*", actions: [read] }\n{ pattern: "*a", actions: [read] }',
      '{ pattern: "fs:*", actions: [read] }\n{ pattern: "a", actions: [read] }',
      '{ pattern: "a", actions: [read] }\n{ pattern: "a", actions: [read], methods: [x/y] }',
    ]
  ) {
    const found = await idle(different);
    assert.ok(
      found.every((code) => code.startsWith("6 ") || !code.includes("redundant")),
      `${different}: ${found}`,
    );
  }
  const open = policy('{ pattern: "*", actions: [execute] }').replace(
    "principals",
    "defaults: { effect: allow }\nprincipals",
  );
  assert.deepEqual(await codes(open), ["7 warning redundant-allow"]);
});

Deno.test("lintPolicy() warns of wildcards of other languages, and of a token's id as a name", async () => {
  for (const pattern of ["fs:.*", "read_(a|b)", "get_?", "^read$", "[ab]", "{a,b}"]) {
    assert.deepEqual(await codes(policy(`{ pattern: "${pattern}", actions: [execute] }`)), [
      "6 warning foreign-wildcard",
    ], pattern);
  }
  assert.deepEqual(await codes(policy('{ pattern: "fs.read-file_2/x", actions: [read] }')), []);
  const named =
    'version: "1"\nprincipals:\n  "https://idp.example#me":\n    tools: [{ pattern: "*", actions: [read] }]\n';
  assert.deepEqual(await codes(named), ["3 warning token-by-name"]);
  assert.match(
    await printedProblems(named),
    /Add match: \{ issuer: "https:\/\/idp\.example", subject: "me" \}/,
  );
});

Deno.test("lintPolicy() shows a hundred warnings and counts the rest", async () => {
  const rules = Array.from({ length: 300 }, (_, i) => `{ pattern: "git:t${i}", actions: [read] }`);
  const found = await codes(policy(rules.join("\n")), { argv: FILESYSTEM });
  assert.deepEqual([found.length, found.at(-1)], [101, "1 warning more-problems"]);
});

Deno.test("lintPolicy() leaves a deny alone where annotations are trusted or another server is meant", async () => {
  const deny = (pattern: string, rest = "") =>
    policy(
      `{ pattern: "*", actions: [execute] }\n{ pattern: "${pattern}", actions: [write], effect: deny }`,
      rest,
    );
  assert.deepEqual(
    await codes(deny("drop_*", "servers: { db: { trust: annotations } }\n"), { name: "db" }),
    [],
  );
  assert.deepEqual(
    await codes(deny("git:push", "servers: { git: {} }\n"), { name: "db" }),
    [],
    "the other shim will tell",
  );
  assert.deepEqual(await codes(deny("fs:list_*"), { argv: FILESYSTEM }), []);
});
