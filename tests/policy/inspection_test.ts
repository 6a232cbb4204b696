import assert from "node:assert/strict";
import fc from "fast-check";
import { checkPolicy, type ParseOptions, parsePolicy } from "../../src/policy/load.ts";
import { FILESYSTEM, printedProblems, problemsOf } from "./asking.ts";

const HEAD = `version: "1"\nprincipals: { devs: { tools: [{ pattern: "*", actions: [read] }] } }\n`;

async function inspection(rest: string, options: ParseOptions = {}) {
  return (await parsePolicy(HEAD + rest, options)).inspection;
}

async function first(rest: string): Promise<string> {
  return (await problemsOf(HEAD + rest))[0] ?? "";
}

Deno.test("inspection is safe where the policy says nothing", async () => {
  const { level, paths, commands, urls, dialect, results } = await inspection("");
  assert.deepEqual([level, paths, commands.size, dialect], ["standard", undefined, 0, "postgres"]);
  assert.deepEqual(urls.schemes, ["http", "https"]);
  assert.equal(urls.allowHosts, undefined);
  assert.ok(urls.denyNames.includes("localhost") && urls.denyNames.includes("*.internal"));
  assert.ok(urls.denySuffixes.includes("nip.io"));
  assert.deepEqual(urls.allowNetworks, []);
  assert.deepEqual(results, { hidden: "remove", secrets: "redact", injection: "mark" });
});

Deno.test("readPolicy() reads every group of inspect", async () => {
  const { level, paths, commands, urls, dialect, results } = await inspection(`
defaults: { arguments: strict }
inspect:
  paths: { cwd: /srv/p, roots: [/srv/p/, /srv//docs], home: /home/a, deny: ["**/.env"], except: ["**/.env.x"], ignore_case: false, local: false }
  commands:
    default: { allow: [git, "[", ":"], project_scripts: true, no_inline_code: [node], sensitive: ["~/.ssh", /etc/shadow, "/proc/*/environ"], write_roots: [/tmp, /dev/null] }
    small: { allow: [ls] }
  urls: { schemes: [https, git+ssh], allow_hosts: ["*.example.com", 192.0.2.7], deny_names: [localhost], deny_suffixes: [lvh.me], allow_networks: [10.1.0.0/16, "fd00::/8"] }
  sql: { dialect: sqlite }
  results: { hidden: refuse, secrets: off, injection: refuse }
`.replace("secrets: off", 'secrets: "off"'));
  assert.equal(level, "strict");
  assert.deepEqual(paths, {
    cwd: "/srv/p",
    roots: ["/srv/p", "/srv/docs"],
    home: "/home/a",
    deny: ["**/.env"],
    except: ["**/.env.x"],
    ignoreCase: false,
    local: false,
  });
  assert.deepEqual(commands.get("default"), {
    allow: new Set(["git", "[", ":"]),
    projectScripts: true,
    noInlineCode: new Set(["node"]),
    sensitive: ["~/.ssh", "/etc/shadow", "/proc/*/environ"],
    writeRoots: ["/tmp", "/dev/null"],
    cwd: "/srv/p",
    home: "/home/a",
  });
  const small = commands.get("small");
  assert.deepEqual(small?.writeRoots, ["/srv/p", "/srv/docs"], "the roots of paths");
  assert.equal(small?.projectScripts, false);
  assert.ok(small?.noInlineCode.has("python3") === true && small.sensitive.includes("~/.ssh"));
  assert.deepEqual(urls, {
    schemes: ["https", "git+ssh"],
    allowHosts: ["*.example.com", "192.0.2.7"],
    denyNames: ["localhost"],
    denySuffixes: ["lvh.me"],
    allowNetworks: ["10.1.0.0/16", "fd00::/8"],
  });
  assert.deepEqual([dialect, results.hidden, results.secrets], ["sqlite", "refuse", "off"]);
});

Deno.test("readPolicy() takes off as a word though YAML 1.1 had it for false", async () => {
  const { results } = await inspection("inspect: { results: { injection: off } }");
  assert.equal(results.injection, "off");
});

Deno.test("a server's inspect replaces the groups it names, and no others", async () => {
  const rest = `
inspect:
  paths: { cwd: /a, roots: [/a], home: /h }
  commands: { default: { allow: [ls] } }
  urls: { schemes: [https] }
servers:
  one: { inspect: { paths: { roots: [/b] }, sql: { dialect: mysql } } }
`;
  const at = (name: string) => inspection(rest, { upstream: { name } });
  const one = await at("one");
  assert.deepEqual([one.paths?.roots, one.paths?.cwd, one.dialect], [["/b"], undefined, "mysql"]);
  assert.deepEqual(one.urls.schemes, ["https"]);
  const profile = one.commands.get("default");
  assert.deepEqual([profile?.cwd, profile?.home, profile?.writeRoots], ["/b", undefined, ["/b"]]);
  const two = await at("two");
  assert.deepEqual([two.paths?.roots, two.dialect], [["/a"], "postgres"]);
});

Deno.test("links are followed where the server is started here, unless the policy says otherwise", async () => {
  const local = async (rest: string, argv: readonly string[]) =>
    (await inspection(`inspect: { paths: { roots: [/a]${rest} } }`, { upstream: { argv } }))
      .paths?.local;
  assert.equal(await local("", FILESYSTEM), true);
  assert.equal(await local("", []), false);
  assert.equal(await local(", local: false", FILESYSTEM), false);
  assert.equal(await local(", local: true", []), true);
});

Deno.test("readPolicy() says what is wrong with folders, globs, names and networks", async () => {
  const paths = (text: string) => first(`inspect: { paths: { roots: [/a], ${text} } }`);
  assert.equal(
    await paths("cwd: src"),
    '3:39 error bad-path A path here is absolute: found "src"',
  );
  assert.match(await paths('cwd: "~/src"'), /A path here is absolute/);
  assert.match(await paths("cwd: /a/../b"), /holds the step "\.\."/);
  assert.match(await paths("cwd: /b"), /warning cwd-outside-roots/);
  assert.match(await paths('deny: [".env"]'), /error bad-glob The glob "\.env" can match no path/);
  assert.match(await paths('deny: ["/a/**.pem"]'), /error bad-glob \*\* stands for whole folders/);
  assert.match(await paths('deny: ["**/../x"]'), /error bad-path/);
  assert.match(await paths('deny: ["**/\\u0000"]'), /error bad-glob/);
  assert.match(await paths('except: ["**/.env"]'), /warning idle-except/);
  assert.match(await paths("ignore_case: yes"), /must be true or false: found the text "yes"/);
  assert.match(await paths("rots: [/a]"), /unknown-key/);
  assert.match(
    await first('inspect: { paths: { deny: ["**/.env"] } }'),
    /error dead-deny This deny can never take effect/,
  );
  const profile = (text: string) => first(`inspect: { commands: { default: { ${text} } } }`);
  assert.match(await profile("project_scripts: true"), /missing-key The key "allow"/);
  for (const program of ["/bin/rm", "git log", "rm;ls", "*", ""]) {
    assert.match(await profile(`allow: ["${program}"]`), /error bad-program/, program);
  }
  assert.match(await profile("allow: [ls], sensitive: [.ssh]"), /error bad-glob/);
  assert.match(await profile("allow: [ls], write_roots: [tmp]"), /error bad-path/);
  assert.match(await first('inspect: { commands: { "a b": { allow: [ls] } } }'), /bad-name/);
  const urls = (text: string) => first(`inspect: { urls: { ${text} } }`);
  assert.match(await urls('schemes: ["https:"]'), /error bad-scheme/);
  for (const host of ["https://a.b", "a.*", "*", "*.10.0.0.1/8", "A.example", "a..b", "a b", ""]) {
    assert.match(await urls(`allow_hosts: ["${host}"]`), /error bad-host/, host);
  }
  assert.match(await urls('deny_suffixes: ["*.nip.io"]'), /error bad-host/);
  for (
    const network of ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "x/8", "1.2.3.4/8/8"]
  ) {
    assert.match(await urls(`allow_networks: ["${network}"]`), /error bad-network/, network);
  }
  assert.match(await first("inspect: { sql: { dialect: oracle } }"), /error unknown-choice/);
  assert.match(await first("inspect: { results: { hidden: redact } }"), /error unknown-choice/);
  assert.match(await first("defaults: { arguments: on }"), /error unknown-level/);
});

Deno.test("argumentKinds() gives what the policy declares, over what the preset does", async () => {
  const policy = await parsePolicy(
    `${HEAD}
inspect: { paths: { roots: [/a] }, sql: { dialect: mysql }, commands: { default: { allow: [ls] }, build: { allow: [ls] } } }
servers:
  fs:
    tools:
      search_files: { arguments: { pattern: text, /more/*: url } }
      odd: { action: read, arguments: { file: path, query: sql, run: { kind: command, profile: build } } }
`,
    { upstream: { argv: FILESYSTEM } },
  );
  assert.deepEqual([...policy.argumentKinds("search_files") ?? []], [
    ["/path", { kind: "path", access: "read" }],
    ["/pattern", { kind: "text" }],
    ["/excludePatterns/*", { kind: "regex" }],
    ["/more/*", { kind: "url" }],
  ]);
  assert.deepEqual(Object.fromEntries(policy.argumentKinds("odd") ?? []), {
    "/file": { kind: "path", access: "read" },
    "/query": { kind: "sql", dialect: "mysql", profile: "read" },
    "/run": { kind: "command", profile: "build" },
  });
  assert.deepEqual(policy.argumentKinds("write_file")?.get("/path"), {
    kind: "path",
    access: "write",
  });
  assert.equal(policy.argumentKinds("nobody_knows"), undefined);
  assert.equal(policy.argumentKinds("constructor"), undefined);
});

Deno.test("readPolicy() says what is wrong with kinds, at the place", async () => {
  const tool = (entry: string) =>
    problemsOf(`${HEAD}servers: { db: { tools: { query: { ${entry} } } } }`);
  assert.deepEqual(await tool("arguments: { sql: sqll }"), [
    '3:54 error unknown-kind "sqll" is not a kind of argument',
  ]);
  assert.deepEqual(await tool("arguments: { sql: { kind: url, dialect: mysql } }"), [
    "3:54 error bad-kind The kind url has no dialect",
  ]);
  assert.deepEqual(await tool('arguments: { sql: sql, "/sql": text }'), [
    '3:59 error duplicate-argument "/sql" is the argument /sql, which has a kind already',
  ]);
  assert.match((await tool('arguments: { "": text }'))[0] ?? "", /error bad-argument/);
  assert.match((await tool("arguments: { a: 5 }"))[0] ?? "", /must be a kind of argument/);
  assert.match(
    (await tool("arguments: { a: sql(postgres, read) }")).join("\n"),
    /error bad-kind "sql\(postgres" is not a kind/,
  );
  assert.match((await tool("arguments: { a: { dialect: mysql } }"))[0] ?? "", /The key "kind"/);
  assert.match((await tool("arguments: { a: command(bild) }"))[0] ?? "", /error unknown-profile/);
});

Deno.test("readPolicy() finds the argument that decides, or says why it cannot", async () => {
  const tool = (entry: string) =>
    problemsOf(`${HEAD}servers: { db: { tools: { query: { ${entry} } } } }`);
  const args = "arguments: { a: sql, b: sql, c: text, /d/*: sql }";
  assert.deepEqual(await tool("action: { from: sql }, arguments: { q: sql }"), []);
  assert.deepEqual(await tool(`action: { from: sql, argument: /b }, ${args}`), []);
  assert.deepEqual(await tool(`action: { from: sql, argument: b }, ${args}`), []);
  assert.deepEqual(await tool(`action: { from: sql }, ${args}`), [
    "3:44 error several-statements Several arguments are of the kind sql: /a, /b, /d/*",
  ]);
  assert.match(
    (await tool(`action: { from: sql, argument: c }, ${args}`))[0] ?? "",
    /3:67 error undeclared-statement \/c is not declared to be of the kind sql/,
  );
  assert.match(
    (await tool(`action: { from: sql, argument: /d/* }, ${args}`))[0] ?? "",
    /error several-statements \/d\/\* can be several values/,
  );
  assert.match(
    (await tool("action: { from: command }, arguments: { a: sql }"))[0] ?? "",
    /error undeclared-statement No argument of this tool/,
  );
  assert.match((await tool("action: { from: shell }"))[0] ?? "", /error unknown-from/);
  assert.match((await tool("action: { argument: a }"))[0] ?? "", /The key "from" is missing/);
});

Deno.test("lintPolicy() warns of paths without roots and of commands without a profile", async () => {
  const declared =
    `servers: { s: { tools: { t: { arguments: { a: path, b: command, c: argv(x) } } } } }`;
  assert.deepEqual(await problemsOf(HEAD + declared), [
    '3:65 error unknown-profile There is no profile "x" of commands here',
    "3:44 warning no-roots This path is not held against folders: no roots are named",
    '3:53 warning no-command-profile This argument is refused: it is a command, and there is no profile "default"',
  ]);
  const sound = `${declared}
inspect: { paths: { roots: [/a] }, commands: { default: { allow: [ls] }, x: { allow: [ls] } } }`;
  assert.deepEqual(await problemsOf(HEAD + sound), []);
  const run = { upstream: { argv: ["npx", "mcp-server-commands"] } };
  assert.match(
    await printedProblems(HEAD, run),
    /Every call of "run_command" is refused: \/command is a command, and there is no profile/,
  );
  assert.deepEqual(
    await problemsOf(`${HEAD}inspect: { commands: { default: { allow: [ls] } } }`, run),
    ["3:10 warning no-roots The paths of preset commands are not held against folders: no roots"],
  );
  assert.deepEqual(await problemsOf(HEAD, { upstream: { argv: FILESYSTEM } }), []);
});

Deno.test("lintPolicy() warns of rules for arguments that nobody looks into", async () => {
  assert.deepEqual(
    await problemsOf(
      `${HEAD}defaults: { arguments: off }\ninspect: { urls: { schemes: [https] } }`,
    ),
    ["4:10 warning idle-inspect These rules hold for results alone: defaults.arguments is off"],
  );
});

Deno.test("checkPolicy() never throws, whatever stands under inspect and arguments", async () => {
  const value = fc.oneof(
    fc.constantFrom("/a", "**/x", "ls", "sql", "path(read)", "localhost", "10.0.0.0/8", "off"),
    fc.string({ maxLength: 8 }),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.constantFrom(
    ...["paths", "roots", "deny", "commands", "default", "allow", "urls", "allow_hosts", "sql"],
    ...["dialect", "results", "hidden", "kind", "/a/*", "from", "argument", "__proto__"],
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      value,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(tree, tree, tree, async (inspect, args, action) => {
      const servers = { s: { inspect, tools: { t: { action, arguments: args } } } };
      const text = JSON.stringify({ version: "1", inspect, servers });
      const { policy, diagnostics } = await checkPolicy(text, { upstream: { name: "s" } });
      assert.ok(policy !== undefined || diagnostics.length > 0);
      policy?.argumentKinds("t");
    }),
    { numRuns: 300 },
  );
});
