import assert from "node:assert/strict";
import { formatDiagnostic } from "../../src/base/diagnostic.ts";
import { ConfigurationError } from "../../src/base/error.ts";
import { readCases } from "../../src/policy/cases.ts";
import { runCases } from "../../src/policy/run_cases.ts";

const POLICY = `version: "1"
principals:
  dev:
    roles: [dev]
    tools:
      - { pattern: "fs:*", actions: [read] }
      - { pattern: "*", actions: [delete], effect: deny, mode: observe }
    resources:
      - { pattern: "demo://a/*", actions: [read] }
      - { methods: [x/y] }
servers:
  fs: { may: [roots], tools: { peek: { action: read }, wipe: { action: delete } } }
`;

async function withTable(cases: string, use: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/p.yaml`, POLICY);
    await Deno.writeTextFile(`${folder}/sub/p.cases.yaml`, cases);
    await use(`${folder}/sub/p.cases.yaml`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const table = (...cases: string[]) =>
  `policy: ../p.yaml\nserver: fs\ncases:\n${cases.map((one) => `  - { ${one} }\n`).join("")}`;

Deno.test("runCases() runs every case against the policy beside the table", async () => {
  const cases = table(
    "roles: [dev], tool: peek, expect: allow, action: read, rule: 6",
    "principal: dev, tool: peek, expect: allow",
    "tool: peek, expect: deny",
    "roles: [dev], tool: wipe, expect: deny, action: delete",
    "roles: [dev], tool: peek, hints: [notReadOnly], expect: deny, action: write",
    "roles: [dev], tool: peek, hints: [notReadOnly, destructive], expect: deny, action: delete",
    'roles: [dev], resource: "demo://a/b", expect: allow, rule: 9',
    'roles: [dev], template: "demo://{x}", expect: depends',
    "roles: [dev], prompt: p, expect: deny",
    "roles: [dev], method: x/y, expect: allow, rule: 10",
    "issuer: i, subject: s, roles: [dev], tool: peek, expect: allow",
    "issuer: i, subject: dev, tool: peek, expect: deny",
    "asks: roots, expect: allow, rule: 12",
    "asks: sampling, expect: deny",
    "server: other, roles: [dev], tool: peek, expect: deny, action: execute",
  );
  await withTable(cases, async (path) => {
    const { results, failed, file, policy } = await runCases(path);
    assert.deepEqual(results.flatMap(({ differences }) => differences), []);
    assert.deepEqual([results.length, failed, file], [15, 0, path]);
    assert.equal(policy, path.replace("p.cases.yaml", "../p.yaml"));
    assert.deepEqual([results[0]?.line, results[0]?.column, results[0]?.title], [
      4,
      5,
      "local-user (dev): tool peek",
    ]);
  });
});

Deno.test("runCases() tells a deny from one that is only observed", async () => {
  const cases = table("roles: [dev], tool: wipe, expect: deny").replace("server: fs", "server: fs")
    .replace(
      "wipe",
      "wipe",
    );
  await withTable(cases, async (path) => {
    const policy = path.replace("sub/p.cases.yaml", "p.yaml");
    await Deno.writeTextFile(
      policy,
      POLICY.replace('"fs:*", actions: [read]', '"fs:*", actions: [execute]'),
    );
    const { results, failed } = await runCases(path);
    assert.equal(failed, 1);
    assert.deepEqual(results[0]?.differences, ["Expected deny, got observe"]);
    assert.deepEqual([results[0]?.expected, results[0]?.actual], ["deny", "observe"]);
  });
});

Deno.test("runCases() says what differs", async () => {
  const cases = table(
    "roles: [dev], tool: peek, expect: deny, action: write, rule: 7",
    "tool: peek, expect: deny, rule: 6",
  );
  await withTable(cases, async (path) => {
    const { results, failed } = await runCases(path);
    assert.equal(failed, 2);
    assert.deepEqual(results.map(({ line, differences }) => [line, ...differences]), [
      [
        4,
        "Expected deny, got allow",
        "Expected it to count as write, got read",
        "Expected the rule in line 7 to decide, got line 6",
      ],
      [5, "Expected the rule in line 6 to decide, got no rule"],
    ]);
  });
});

Deno.test("runCases() throws what is wrong with the table or the policy", async () => {
  const failure = async (path: string) => {
    const error = await runCases(path).then(() => undefined, (reason: unknown) => reason);
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.diagnostics.map(({ code }) => code);
  };
  assert.deepEqual(await failure("/nowhere/x.cases.yaml"), ["not-found"]);
  await withTable("policy: nowhere.yaml\ncases: []\n", async (path) => {
    assert.deepEqual(
      await runCases(path).then(({ results }) => results),
      [],
      "no case, no policy needed",
    );
  });
  await withTable("policy: nowhere.yaml\ncases: [{ tool: t, expect: deny }]\n", async (path) => {
    assert.deepEqual(await failure(path), ["not-found"]);
  });
});

Deno.test("readCases() reports everything at once, with positions and hints", () => {
  const { table: read, diagnostics } = readCases(
    `polic: x.yaml
cases:
  - { tool: a, prompt: b, expect: allow }
  - { expect: allow }
  - { tool: a, expect: alow }
  - { tool: a }
  - { tool: a, expect: deny, principal: x, issuer: y }
  - { issuer: y, tool: a, expect: deny }
  - { asks: ping, expect: deny }
  - { tool: "", expect: deny }
  - { tool: a, expect: deny, rule: 0 }
  - { tool: a, expect: deny, when: x }
`,
    { file: "t.cases.yaml" },
  );
  assert.equal(read, undefined);
  assert.equal(
    diagnostics.map(formatDiagnostic).join("\n"),
    `t.cases.yaml:1:1: error: Unknown key "polic" [unknown-key]
  hint: Did you mean "policy"?
t.cases.yaml:1:1: error: The key "policy" is missing in a decision table [missing-key]
  hint: Add "policy:"
t.cases.yaml:3:5: error: A case asks for exactly one thing: found tool and prompt [unclear-case]
  hint: Write one of tool, resource, template, prompt, method, asks
t.cases.yaml:4:5: error: A case asks for exactly one thing: found none [unclear-case]
  hint: Write one of tool, resource, template, prompt, method, asks
t.cases.yaml:5:24: error: "alow" is not an outcome [unknown-outcome]
  hint: Did you mean "allow"?
t.cases.yaml:6:5: error: The key "expect" is missing in a case [missing-key]
  hint: Add "expect:"
t.cases.yaml:7:5: error: A case is about a local principal or about a token's [unclear-principal]
  hint: Write either principal, or both issuer and subject
t.cases.yaml:8:5: error: A case is about a local principal or about a token's [unclear-principal]
  hint: Write either principal, or both issuer and subject
t.cases.yaml:9:13: error: "ping" is not something that a server can ask [unknown-ask]
  hint: Write one of sampling, elicitation, roots
t.cases.yaml:10:13: error: A name cannot be empty or hold control characters [bad-name]
t.cases.yaml:11:36: error: "rule" must be a line of the policy from 1 to 100000000: found 0 [bad-number]
t.cases.yaml:12:30: error: Unknown key "when" [unknown-key]
  hint: Known here: target, server, principal, roles, issuer, subject, scopes, tool, arguments, hints, resource, template, prompt, method, asks, expect, action, rule`,
  );
});

Deno.test("readCases() refuses what is empty, too large or no YAML", () => {
  const codes = (source: string | Uint8Array) =>
    readCases(source, { file: "t", limits: { maxPolicyFileBytes: 1024 } }).diagnostics.map((
      { code },
    ) => code);
  assert.deepEqual(codes(""), ["empty-file"]);
  assert.deepEqual(codes("x".repeat(1025)), ["too-large"]);
  assert.deepEqual(codes("a: [\n"), ["yaml-unclosed"]);
  assert.deepEqual(codes(new Uint8Array([0xff])), ["not-utf8"]);
  assert.deepEqual(codes("policy: p\ncases: { a: b }\n"), ["wrong-type"]);
});
