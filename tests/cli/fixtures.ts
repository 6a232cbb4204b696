/**
 * The folder that transcripts are played in.
 * @module
 */

/** A temporary folder, removed at the end. */
export interface Fixtures extends AsyncDisposable {
  readonly dir: string;
}

/** More than a policy may have; most of it is a hole. */
const BIG_BYTES = 10_000_001;

const VERSION_1 = `version: "1"
defaults: { effect: deny }
principals:
  admin:
    roles: [admin]
    tools: [{ pattern: "*", actions: [read, execute] }]
  developer:
    roles: [dev]
    tools:
      - { pattern: "db:read", actions: [execute] }
      - { pattern: "fs:*", actions: [read] }
  readonly:
    roles: [observer]
    tools: [{ pattern: "*", actions: [read] }]
`;

const FILES: Readonly<Record<string, string>> = {
  "policies.yaml": VERSION_1,
  "redundant.yaml": VERSION_1.replace(
    'tools: [{ pattern: "*", actions: [read] }]',
    'tools: [{ pattern: "*", actions: [read] }, { pattern: "fs:*", actions: [read] }]',
  ),
  "aegis.yaml": `principal: developer
roles: [dev]
policy: policies.yaml
upstreams:
  - { name: fs, command: npx -y @modelcontextprotocol/server-filesystem /tmp }
  - { name: db, url: "https://db.example/mcp", token: { env: DB_TOKEN } }
`,
  "aegis_warned.yaml": `issuers: [{ issuer: "https://auth.example", audiences: [all] }]
upstreams:
  - { name: fs, command: [npx, some-server], policy: redundant.yaml }
  - { name: db, url: "http://db.example/mcp", policy: policies.yaml, headers: { X-Key: { env: KEY } } }
`,
  "aegis_broken.yaml": `listen: { host: 0.0.0.0, prot: 1 }
principal: developer
limits: { maxDepth: 1, maxLineByte: 1MB }
upstreams:
  - { name: fs, path: /mcp, command: [npx, some-server], policy: policies.yaml }
  - { name: fs, path: /mcp, url: "https://db.example/mcp", token: s3cret }
  - { name: "a:b", command: "npx 'open", polcy: p.yaml, ssePath: /sse }
`,
  "aegis_lost.yaml": `principal: developer
upstreams:
  - { name: fs, command: [npx, some-server], policy: nowhere.yaml }
  - { name: db, command: [npx, some-server], policy: unknown.yaml }
`,
  "aegis_bomb.yaml": "principal: developer\nupstreams: &a [{ name: x }]\nroles: *a\n",
  "served.yaml": `version: "1"
principals:
  developer: { roles: [dev], tools: [{ pattern: "files:*", actions: [read] }] }
  tidier:
    roles: [tidy]
    tools:
      - { pattern: "files:*", actions: [write] }
      - { pattern: "files:run*", actions: [execute], effect: deny }
servers:
  files:
    tools: { read_file: { action: read }, write_file: { action: write } }
    trust: annotations
`,
  "argued.yaml": `version: "1"
principals:
  reader:
    roles: [reader]
    tools:
      - { pattern: "files:*", actions: [read] }
      - { pattern: "files:far", actions: [execute] }
inspect:
  paths: { roots: [/srv/project], deny: ["**/.env"] }
servers:
  files:
    tools:
      read_file: { action: read, arguments: { path: path } }
      fetch_page: { action: read }
      run_report: { action: { from: sql }, arguments: { sql: sql(sqlite) } }
      keep: { action: read, arguments: { /data/*: text } }
`,
  "misfitting.yaml": `version: "1"
principals:
  reader: { roles: [reader], tools: [{ pattern: "files:*", actions: [read] }] }
inspect: { paths: { roots: [/srv/project] }, commands: { default: { allow: [ls] } } }
servers:
  files:
    tools:
      read_file: { action: read, arguments: { pth: path, lines: path } }
      fetch_pages: { action: read }
      keep: { action: write, arguments: { /data/note: text, /tags/*/name: text } }
      run_report: { action: read, arguments: { title: argv } }
`,
  "strict.yaml": `version: "1"
defaults: { arguments: strict }
principals:
  reader: { roles: [reader], tools: [{ pattern: "files:*", actions: [read] }] }
inspect: { paths: { roots: [/srv/project] } }
servers:
  files:
    tools:
      read_file: { action: read, arguments: { path: path } }
      fetch_page: { action: read, arguments: { url: url } }
    trust: annotations
`,
  "secrets.yaml": `version: "1"
principals:
  reader:
    roles: [reader]
    tools:
      - { pattern: "*", actions: [read], redact: [github, slack-token, gitub-token, nonsense] }
inspect:
  urls: { allow_networks: [10.1.0.0/16, 10.1.0.0/33], allow_hosts: ["a*.example"] }
`,
  "empty.yaml": "",
  "tabs.yaml": 'version: "1"\nprincipals:\n\tadmin: {}\n',
  "duplicate.yaml":
    'version: "1"\nprincipals:\n  a: { roles: [x] }\n  b: { roles: [x] }\n  a: { roles: [y] }\n',
  "unknown.yaml":
    'version: "1"\nprincipal:\n  a: { roles: [x], tools: [{ patern: "*", actions: [raed] }] }\n',
  "bomb.yaml": `version: "1"\nprincipals:\n  a: &a { roles: [x, x, x, x] }\n${
    [..."bcd"].map((name, i) => `  ${name}: &${name} { roles: [*${"abc"[i]}, *${"abc"[i]}] }`)
      .join("\n")
  }\n`,
};

const TABLES: Readonly<Record<string, string>> = {
  "good.cases.yaml": `policy: ../policies.yaml
server: fs
cases:
  - { roles: [observer], resource: "file:///a", expect: allow }
  - { roles: [dev], tool: anything, expect: deny, action: execute }
`,
  "wrong.cases.yaml": `policy: ../policies.yaml
cases:
  - { roles: [admin], tool: anything, expect: allow, rule: 6 }
  - { principal: developer, roles: [dev], tool: anything, expect: allow }
`,
  "broken.cases.yaml": `policy: ../policies.yaml
cases:
  - { roles: [admin], tol: anything, expect: alow }
`,
  "orphan.cases.yaml": "policy: nowhere.yaml\ncases: [{ tool: x, expect: deny }]\n",
};

/** What the fixture server's tools were: one of them another one, one that is gone, one that was not there. */
const PINNED = `{"version": 1, "servers": {
 "files": {
  "read_file": {"hash": "sha256:0", "definition": {"description": "Reads\\u0007 a file", "inputSchema": {"type": "object"}}},
  "write_file": {"hash": "sha256:1a2159938f01fb364a42a0d53ec371852e0f95347df42af5b6de544f35f0aaaa"},
  "old_tool": {"hash": "sha256:0"}
 }
}}
`;

/** A recorded run of the fixture server under `policies.yaml`; old audits have to stay readable. */
const AUDIT = new URL("./recorded_audit.jsonl", import.meta.url);
/** Two calls as they are written down: one refused for an argument, one whose arguments are kept. */
const INSPECTED = [
  {
    reason: "unsafe_argument",
    detail: "The argument /path leads outside the allowed folders.",
    pointer: "/path",
    finding: "path-outside-roots",
  },
  {
    reason: "unsafe_argument",
    detail: "The argument /path is closed by a glob.",
    pointer: "/path",
    finding: "path-denied",
    arguments: { path: "/srv/project/.env" },
  },
].map((said, i) =>
  JSON.stringify({
    v: 1,
    type: "message",
    seq: i,
    time: "2026-01-31T12:00:00.000Z",
    direction: "client-to-upstream",
    kind: "request",
    method: "tools/call",
    principal: "local-user",
    roles: ["reader"],
    upstream: "files",
    action: "read",
    resource: { kind: "tool", server: "files", name: "read_file" },
    effect: "deny",
    rules: ["argued.yaml:6:9"],
    policy: "sha256:of-that-day",
    trace: String(i).repeat(32),
    id: i,
    ...said,
    steps: { policy: 2, inspect: 9 },
    bytes: 100,
  }) + "\n"
).join("");
const SERVER = new URL("./tool_server.ts", import.meta.url).pathname;

/** Makes the folder. */
export async function makeFixtures(): Promise<Fixtures> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "aegis_cli_" }));
  const write = (name: string, text: string, mode = 0o644) =>
    Deno.writeTextFile(`${dir}/${name}`, text, { mode });
  for (const [name, text] of Object.entries(FILES)) await write(name, text);
  await write("big.yaml", VERSION_1);
  await Deno.truncate(`${dir}/big.yaml`, BIG_BYTES);
  await Deno.mkdir(`${dir}/folder.yaml`);
  await Deno.mkdir(`${dir}/tables`);
  for (const [name, text] of Object.entries(TABLES)) await write(`tables/${name}`, text);
  await write("not_executable", "#!/bin/sh\n");
  await write("no_interpreter", "#!/nowhere/interpreter\n", 0o755);
  await write("ends_at_once", "#!/bin/sh\nexit 7\n", 0o755);
  await write("server", `#!/bin/sh\nexec '${Deno.execPath()}' run -A '${SERVER}' "$@"\n`, 0o755);
  for (const name of ["shown", "accepted", "wrapped"]) await write(`${name}.lock.json`, PINNED);
  const audit = await Deno.readTextFile(AUDIT);
  const lines = audit.trimEnd().split("\n");
  await write("audit.jsonl", audit);
  await write("inspected.jsonl", INSPECTED);
  await write("edited.jsonl", audit.replace('"effect":"deny"', '"effect":"allow"'));
  await write("shortened.jsonl", lines.toSpliced(4, 1).join("\n") + "\n");
  await write("cut.jsonl", lines.slice(0, -2).join("\n") + "\n");
  await write("key.txt", "a key of more than sixteen bytes\n");
  await write("short_key.txt", "short\n");
  return { dir, [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }) };
}
