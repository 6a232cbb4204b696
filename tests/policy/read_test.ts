import assert from "node:assert/strict";
import { readPolicy } from "../../src/policy/read.ts";
import { printedProblems, problemsOf } from "./asking.ts";

const GOOD = `version: "1"
principals:
  dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] }
`;

/** A policy with one rule. */
const withRule = (rule: string) =>
  `version: "1"\nprincipals:\n  dev:\n    roles: [dev]\n    tools:\n      - ${rule}\n`;

Deno.test("readPolicy() reads YAML, JSON, CR LF and a byte order mark alike", async () => {
  const json = JSON.stringify(
    {
      version: "1",
      principals: { dev: { roles: ["dev"], tools: [{ pattern: "*", actions: ["read"] }] } },
    },
    null,
    "\t",
  );
  for (
    const text of [GOOD, json, GOOD.replaceAll("\n", "\r\n"), `\ufeff${GOOD}`, `---\n${GOOD}...\n`]
  ) {
    assert.deepEqual(await problemsOf(text), [], JSON.stringify(text));
    assert.deepEqual(await problemsOf(new TextEncoder().encode(text)), []);
  }
});

Deno.test("readPolicy() gives every rule its line and column", () => {
  const { document } = readPolicy(
    `version: "1"\r\nprincipals:\r\n  a:\r\n    tools:\r\n      - pattern: x\r\n        actions: [read]\r\n      - { pattern: y, actions: [read] }\r\n`,
    { file: "p.yaml" },
  );
  assert.deepEqual(document?.entries[0]?.rules.map(({ ref }) => ref), [
    { file: "p.yaml", line: 5, column: 9, path: "/principals/a/tools/0" },
    { file: "p.yaml", line: 7, column: 9, path: "/principals/a/tools/1" },
  ]);
});

Deno.test("readPolicy() reports everything at once, each with line, column, path and hint", async () => {
  const printed = await printedProblems(
    `version: 2
defaults: { effect: dney, mode: watch }
principles: {}
principals:
  dev:
    roles: dev
    tools:
      - { patern: "*", actions: [raed, execute, delete] }
      - { pattern: "", actions: read }
servers:
  a/b: { may: [samplng], tools: { x: { action: list } } }
`,
    { file: "policies.yaml" },
  );
  assert.equal(
    printed,
    `policies.yaml:1:10: error: This program reads version "1": found "2" [unknown-version]
  hint: Write version: "1"
policies.yaml:2:21: error: "dney" is not an effect [unknown-effect]
  hint: Did you mean "deny"?
policies.yaml:2:33: error: "watch" is not a mode [unknown-mode]
  hint: Write one of enforce, observe
policies.yaml:3:1: error: Unknown key "principles" [unknown-key]
  hint: Did you mean "principals"?
policies.yaml:6:12: error: "roles" must be a list of names: found the text "dev" [wrong-type]
  hint: Write ["dev"]
policies.yaml:8:9: error: The key "pattern" is missing in a rule [missing-key]
  hint: Add pattern: "*", or the names it speaks of
policies.yaml:8:11: error: Unknown key "patern" [unknown-key]
  hint: Did you mean "pattern"?
policies.yaml:8:34: error: "raed" is not an action [unknown-action]
  hint: Did you mean "read"?
policies.yaml:9:20: error: A pattern cannot be empty [bad-pattern]
  hint: Write "*" for everything
policies.yaml:9:33: error: "actions" must be a list of actions: found the text "read" [wrong-type]
  hint: Write ["read"]
policies.yaml:11:16: error: "samplng" is not something that a server can ask [unknown-ask]
  hint: Did you mean "sampling"?
policies.yaml:11:48: error: "list" is not an action [unknown-action]
  hint: Lists need no grant: each item is shown to whoever may use it`,
  );
  const { document, diagnostics } = readPolicy(withRule(`{ pattern: "*", actions: [raed] }`), {
    file: "p",
  });
  assert.equal(diagnostics[0]?.path, "/principals/dev/tools/0/actions/0");
  assert.equal(document?.entries[0]?.rules.length, 0);
});

Deno.test("readPolicy() refuses an empty file, and one with only comments", async () => {
  for (const text of ["", "   \n", "# nothing\n", "---\n", "~\n"]) {
    assert.deepEqual(
      await problemsOf(text),
      ["1:1 error empty-file The policy is empty"],
      JSON.stringify(text),
    );
  }
});

Deno.test("readPolicy() refuses what is no mapping", async () => {
  assert.deepEqual(await problemsOf("hello"), [
    '1:1 error wrong-type This must be a policy (a mapping): found the text "hello"',
  ]);
  assert.match((await problemsOf("- a\n- b\n"))[0] ?? "", /found a list/);
});

Deno.test("readPolicy() refuses bytes that are no UTF-8, and says where", async () => {
  const bytes = new TextEncoder().encode(`version: "1"\n# \ufffd é ? \n`);
  bytes[bytes.indexOf(0x3f)] = 0xe9;
  assert.deepEqual(await problemsOf(bytes), ["2:7 error not-utf8 The policy is not UTF-8"]);
  const wide = new Uint8Array([0xff, 0xfe, 0x76, 0]);
  assert.deepEqual(await problemsOf(wide), [
    "1:1 error not-utf8 The policy is not UTF-8: it starts like UTF-16",
  ]);
  const truncated = new Uint8Array([...new TextEncoder().encode("a: "), 0xe2, 0x82]);
  assert.deepEqual(await problemsOf(truncated), ["1:4 error not-utf8 The policy is not UTF-8"]);
});

Deno.test("readPolicy() refuses more than maxPolicyFileBytes", async () => {
  const limits = { maxPolicyFileBytes: 1024 };
  const padded = (bytes: number) => GOOD + "#".repeat(bytes - GOOD.length);
  assert.deepEqual(await problemsOf(padded(1024), { limits }), []);
  assert.deepEqual(await problemsOf(padded(1025), { limits }), [
    "1:1 error too-large The policy is larger than 1024 bytes",
  ]);
  assert.match(
    (await problemsOf("é".repeat(513), { limits }))[0] ?? "",
    /too-large/,
    "bytes, not characters",
  );
});

Deno.test("readPolicy() refuses aliases, so that no bomb goes off", async () => {
  const bomb = `a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nversion: "1"\n`;
  const found = await problemsOf(bomb);
  assert.equal(found.filter((line) => line.includes("yaml-alias")).length, 6);
  assert.equal(
    found.find((line) => line.includes("yaml-alias")),
    "2:8 error yaml-alias An alias (*name) is not allowed",
  );
});

Deno.test("readPolicy() tells a forgotten quote around * from an alias", async () => {
  const bare = await printedProblems(withRule("{ pattern: *, actions: [read] }"));
  assert.match(
    bare,
    /policy:6:21: error: A \* must be quoted \[unquoted-star\]\n {2}hint: Write pattern: "\*"/,
  );
  const named = await printedProblems(withRule("{ pattern: *_file, actions: [read] }"));
  assert.match(named, /An alias .*\n.*quote it: "\*_file"/);
});

Deno.test("readPolicy() refuses doubled keys, odd keys, tags, merge keys, tabs and second documents", async () => {
  const first = async (text: string) => (await problemsOf(text))[0];
  assert.equal(
    await first(`version: "1"\nversion: "1"\n`),
    '2:1 error duplicate-key The key "version" stands here a second time',
  );
  assert.equal(
    await first(`{"version": "1", "vers\\u0069on": "1"}`),
    '1:18 error duplicate-key The key "version" stands here a second time',
  );
  assert.equal(
    await first(`version: "1"\nprincipals:\n  42: {}\n`),
    "3:3 error odd-key A key must be text: found 42 (a number)",
  );
  assert.equal(
    await first(`version: "1"\n? [a]\n: b\n`),
    "2:3 error odd-key A key must be text: found a list",
  );
  assert.equal(
    await first(`version: !!str "1"\n`),
    '1:10 error yaml-tag The tag "!!str" is not allowed',
  );
  assert.equal(
    await first(`version: !!js/function "1"\n`),
    '1:10 error yaml-tag The tag "!!js/function" is not allowed',
  );
  assert.equal(
    await first(`version: "1"\n<<: { a: b }\n`),
    '2:1 error unknown-key Unknown key "<<"',
  );
  assert.equal(
    await first(`version: "1"\nprincipals:\n\tdev: {}\n`),
    "3:1 error yaml-tab A tab is used for indentation",
  );
  assert.equal(
    await first(`${GOOD}---\n${GOOD}`),
    "4:1 error several-documents A second YAML document starts here",
  );
  assert.equal(
    await first(`version: "1"\nx: "a\0b"\n`),
    "2:6 error control-character The file holds a NUL character",
  );
  assert.equal(
    await first(`version: "1"\nx: \u0007\n`),
    "2:4 error control-character The file holds a control character",
  );
});

Deno.test("readPolicy() names the remedy for slips of syntax", async () => {
  const first = async (text: string) => (await problemsOf(text))[0];
  assert.equal(
    await first("principals: { a: [\n"),
    "2:1 error yaml-unclosed A bracket, brace or quote above is not closed, or this line is not indented below it",
  );
  assert.equal(
    await first('version: "1\n'),
    "2:1 error yaml-unclosed A bracket, brace or quote above is not closed, or this line is not indented below it",
  );
  assert.equal(
    await first("a: b: c\n"),
    "1:5 error yaml-syntax This cannot stand here, on the line of another value",
  );
  assert.equal(
    await first("  a: 1\n b: 2\n"),
    "2:2 error yaml-indentation This line is indented differently from its neighbours",
  );
  assert.equal(await first("a: @b\n"), "1:4 error yaml-syntax A text cannot start with @");
  assert.match(
    (await first(`a: ${"[".repeat(1000)}`)) ?? "",
    /1:3\d error too-deep Nested more than 32 levels deep/,
  );
});

Deno.test("readPolicy() takes version 1 without quotes with a warning, and nothing else", async () => {
  assert.deepEqual(await problemsOf(GOOD.replace('"1"', "1")), [
    "1:10 warning unquoted-version The version is a text",
  ]);
  assert.match(
    (await problemsOf(GOOD.replace('version: "1"\n', "")))[0] ?? "",
    /1:1 error missing-key The key "version"/,
  );
  for (const version of ["1.0", '"1.0"', '"2"', "true", '"01"', "0x1"]) {
    assert.match(
      (await problemsOf(GOOD.replace('"1"', version)))[0] ?? "",
      /error unknown-version/,
      version,
    );
  }
  assert.match(
    (await problemsOf(GOOD.replace('"1"', "")))[0] ?? "",
    /error wrong-type "version" must be the version/,
  );
});

Deno.test("readPolicy() refuses execute beside write or delete, in an allow and in a deny", async () => {
  assert.deepEqual(await problemsOf(withRule(`{ pattern: "*", actions: [execute, delete] }`)), [
    "6:34 error execute-covers A rule lists execute beside delete: execute already grants delete",
  ]);
  assert.match(
    (await problemsOf(withRule(`{ pattern: "*", actions: [write, execute], effect: deny }`)))[0] ??
      "",
    /execute already denies write/,
  );
  assert.deepEqual(await problemsOf(withRule(`{ pattern: "*", actions: [read, execute] }`)), []);
});

Deno.test("readPolicy() checks durations, numbers, names and unfinished rules", async () => {
  const first = async (rule: string) => (await problemsOf(withRule(rule)))[0] ?? "";
  const rated = (rate: string) => first(`{ pattern: t, actions: [execute], rate: ${rate} }`);
  for (const per of ["1", "1x", "-1s", "0s", "1.5m", "31d", "9999999999s", "1 m", "m"]) {
    assert.match(await rated(`{ capacity: 1, per: "${per}" }`), /error bad-duration/, per);
  }
  assert.match(
    await rated("{ capacity: 1, per: 60 }"),
    /error wrong-type "per" must be a duration/,
  );
  for (const capacity of ["0", "-1", "1.5", "1e99"]) {
    assert.match(await rated(`{ capacity: ${capacity}, per: 1m }`), /error bad-number/, capacity);
  }
  assert.match(await rated("{ capacity: 3, per: 1m, cost: 4 }"), /error cost-over-capacity/);
  assert.match(await rated("{ per: 1m }"), /error missing-key The key "capacity"/);
  assert.match(await rated("{ capacity: 3, per: 1m, key: tool }"), /error unknown-rate-key/);
  assert.match(
    await first("{ pattern: t, actions: [execute], effect: deny, rate: { capacity: 1, per: 1m } }"),
    /rate-on-deny/,
  );
  assert.match(await first("{ pattern: t }"), /error missing-key The key "actions"/);
  assert.match(await first("{ actions: [read] }"), /error missing-key The key "pattern"/);
  assert.match(
    await first("{ methods: [a/b], actions: [read] }"),
    /error missing-key The key "pattern"/,
  );
  assert.match(await first("{ pattern: t, actions: [] }"), /error does-nothing/);
  assert.match(await first("{ methods: [] }"), /error does-nothing/);
  assert.match(await first('{ methods: ["a/*"] }'), /error bad-name A method is named exactly/);
  assert.match(
    await first('{ pattern: "fs:", actions: [read] }'),
    /Nothing stands after the colon/,
  );
  assert.match(
    await first('{ pattern: ":x", actions: [read] }'),
    /Nothing stands before the colon/,
  );
  assert.match(await first('{ pattern: "a\\u0000", actions: [read] }'), /error bad-pattern/);
  assert.match(await first('{ pattern: "\\uD800", actions: [read] }'), /error bad-pattern/);
  assert.match(
    await first("{ pattern: 42, actions: [read] }"),
    /error wrong-type "pattern" must be a pattern: found the number "42"/,
  );
  assert.match(await first("nonsense"), /must be a rule \(a mapping\): found the text "nonsense"/);
  assert.match(await first("{ pattern: t, actions: [control] }"), /error unknown-action/);
  assert.match(await first("{ pattern: t, actions: [read, read] }"), /warning listed-twice/);
});

Deno.test("readPolicy() checks the names of principals, servers, tools and matches", async () => {
  const first = async (text: string) => (await problemsOf(`version: "1"\n${text}\n`))[0] ?? "";
  assert.match(
    await first('principals: { "": {} }'),
    /error bad-name A principal's name cannot be empty/,
  );
  assert.match(await first('principals: { "a\\tb": {} }'), /error bad-name/);
  assert.match(
    await first("principals: { a: { roles: [on, 42] } }"),
    /error wrong-type This must be a name: found the number "42"/,
  );
  assert.match(
    await first("principals: { a: }"),
    /error wrong-type "a" must be a principal's entry \(a mapping\): found nothing/,
  );
  assert.match(await first('servers: { "a:b": {} }'), /error bad-name A server's name cannot hold/);
  assert.match(
    await first('servers: { a: { tools: { "get_*": { action: read } } } }'),
    /error bad-name A tool is named exactly here/,
  );
  assert.match(await first("servers: { a: { trust: everything } }"), /error unknown-trust/);
  assert.match(
    await first("presets: [filesystm]"),
    /error unknown-preset "filesystm" is not a preset/,
  );
  assert.match(
    await printedProblems('version: "1"\npresets: [filesystm]\n'),
    /Did you mean "filesystem"\?/,
  );
  assert.match(await first("presets: always"), /error unknown-preset/);
  const match = (text: string) => first(`principals: { a: { match: { ${text} } } }`);
  assert.match(await match("issuer: x"), /error missing-key The key "subject"/);
  assert.match(
    await match('issuer: "https://*", subject: a'),
    /error bad-name The issuer is matched exactly/,
  );
  assert.match(
    await match('issuer: "https://a#b", subject: a'),
    /error bad-name An issuer cannot hold #/,
  );
});

Deno.test("readPolicy() shows a hundred problems of a kind and counts the rest", async () => {
  const rules = Array.from({ length: 500 }, () => `      - { pattern: "" , actions: [read] }`).join(
    "\n",
  );
  const found = await problemsOf(`version: "1"\nprincipals:\n  a:\n    tools:\n${rules}\n`);
  const errors = found.filter((line) => line.includes(" error "));
  assert.equal(errors.length, 101);
  assert.equal(errors.at(-1), "1:1 error more-problems 400 more errors are not shown");
});

Deno.test("readPolicy() warns of an entry without rules", async () => {
  assert.deepEqual(
    await problemsOf('version: "1"\nprincipals:\n  a: { roles: [x] }\n  b: { tools: [] }\n'),
    [
      '3:3 warning no-rules The entry "a" has no rules',
      '4:3 warning no-rules The entry "b" has no rules',
    ],
  );
});
