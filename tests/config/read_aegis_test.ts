import assert from "node:assert/strict";
import fc from "fast-check";
import { isAegis, readAegis, type ReadAegisOptions } from "../../src/config/read_aegis.ts";
import { splitWords } from "../../src/transport/stdio/words.ts";

const HASH = `sha256:${"0".repeat(64)}`;

function read(text: string | Uint8Array, over: ReadAegisOptions["over"] = {}) {
  return readAegis(text, {
    file: "etc/aegis.yaml",
    split: (command) => splitWords(command, { windows: false }),
    over,
  });
}

function found(text: string | Uint8Array, over: ReadAegisOptions["over"] = {}): readonly string[] {
  return read(text, over).diagnostics.map(({ line, column, path, code }) =>
    `${line}:${column} ${path} ${code}`
  );
}

/** What is wrong with one more key of a sound upstream. */
function faultsOf(upstream: string): readonly string[] {
  const text = `principal: dev\npolicy: p.yaml\nupstreams:\n  - { name: a, ${upstream} }\n`;
  return read(text).diagnostics.map(({ code }) => code);
}

Deno.test("readAegis() reads a whole file, with paths seen from where we are", () => {
  const { aegis, diagnostics } = read(`
listen: { host: 0.0.0.0, port: 9000, publicUrl: https://mcp.example, keepAlive: 5, allowOrigins: [https://a.example], tls: { cert: c.pem, key: /run/k.pem }, adminPort: 9001, trustedProxies: [10.0.0.0/8] }
policy: policies/all.yaml
issuers:
  - issuer: https://auth.example
    algorithms: [ES256]
    roles: [realm_access.roles, [https://a.example/x.y, z]]
    roleMap: { eng: [dev] }
  - { issuer: other, jwksFile: keys.json }
tokens: { skew: 5, requireAtJwt: true }
apiKeys: [{ id: ci, hash: "${HASH}", roles: [ci] }]
rateLimit: 60
audit: { to: audit.jsonl, key: /run/key, arguments: true }
pins: none
log: { level: DEBUG, format: json }
limits: { maxLineBytes: 10MB, transportTimeout: 2.5, redisFailOpen: true, maxDepth: 64 }
upstreams:
  - { name: fs, command: "npx 'some server' /tmp", env: [HOME, A=b], maxChildren: 2 }
  - name: db
    url: https://db.example/mcp
    path: /db
    mode: http
    policy: db.yaml
    audiences: [db]
    scopes: [mcp]
    headers: { X-Key: { env: DB_KEY } }
    credentials:
      clientCredentials: { tokenEndpoint: https://auth.example/token, clientId: me, clientSecret: { file: secret } }
`);
  assert.deepEqual(diagnostics, []);
  const { upstreams, who, ...rest } = aegis ?? assert.fail();
  assert.deepEqual(upstreams, [{
    name: "fs",
    path: "/fs/mcp",
    ssePath: "/fs/sse",
    target: {
      kind: "stdio",
      argv: ["npx", "some server", "/tmp"],
      env: ["HOME", "A=b"],
      maxChildren: 2,
    },
    policyFile: "etc/policies/all.yaml",
    audiences: [],
    scopes: [],
  }, {
    name: "db",
    path: "/db",
    ssePath: null,
    target: {
      kind: "http",
      url: new URL("https://db.example/mcp"),
      shown: [
        { kind: "header", header: "x-key", from: { kind: "env", variable: "DB_KEY" } },
        {
          kind: "grant",
          grant: "clientCredentials",
          tokenEndpoint: "https://auth.example/token",
          clientId: "me",
          clientSecret: { kind: "file", path: "etc/secret" },
          authMethod: undefined,
          resource: undefined,
          scopes: [],
        },
      ],
    },
    policyFile: "etc/db.yaml",
    audiences: ["db"],
    scopes: ["mcp"],
  }]);
  assert.deepEqual(
    who.issuers.map(({ jwksFile, algorithms, roles, roleMap }) => ({
      jwksFile,
      algorithms,
      roles,
      roleMap,
    })),
    [{
      jwksFile: undefined,
      algorithms: ["ES256"],
      roles: [["realm_access", "roles"], ["https://a.example/x.y", "z"]],
      roleMap: { eng: ["dev"] },
    }, { jwksFile: "etc/keys.json", algorithms: [], roles: [], roleMap: undefined }],
  );
  assert.deepEqual(who.apiKeys, [{ id: "ci", hash: HASH, roles: ["ci"], scopes: [] }]);
  assert.deepEqual([who.skewSeconds, who.requireAtJwt], [5, true]);
  assert.deepEqual(rest, {
    file: "etc/aegis.yaml",
    listen: {
      host: "0.0.0.0",
      port: 9000,
      publicUrl: new URL("https://mcp.example"),
      allowHosts: [],
      allowOrigins: ["https://a.example"],
      tls: { cert: "etc/c.pem", key: "/run/k.pem" },
      adminPort: 9001,
      trustedProxies: ["10.0.0.0/8"],
      keepAliveSeconds: 5,
    },
    rateLimit: 60,
    audit: { to: "etc/audit.jsonl", keyFile: "/run/key", arguments: true },
    pins: "none",
    log: { level: "DEBUG", format: "json" },
    limits: {
      maxLineBytes: 10_000_000,
      transportTimeoutMs: 2500,
      redisFailOpen: 1,
      maxDepth: 64,
    },
  });
});

Deno.test("readAegis() reports everything at once, each with its place", () => {
  assert.deepEqual(
    found(`listen: { prot: 1, port: 70000 }
principal: dev
issuers: [{ issuer: "a b" }]
limits: { maxLineBytes: 1, maxLinBytes: 1, transportTimeout: soon }
upstreams:
  - { name: "a:b", url: "ftp://x", polcy: p.yaml }
  - { name: fs, path: fs, url: http://x/mcp, policy: 1 }
`),
    [
      "1:11 /listen/prot unknown-key",
      "1:26 /listen/port bad-number",
      "2:12 /principal principal-beside-tokens",
      "3:21 /issuers/0/issuer bad-issuer",
      "3:21 /issuers/0/issuer no-keys",
      "4:25 /limits/maxLineBytes bad-limit",
      "4:28 /limits/maxLinBytes unknown-key",
      "4:62 /limits/transportTimeout wrong-type",
      "6:5 /upstreams/0 missing-key",
      "6:13 /upstreams/0/name bad-name",
      "6:25 /upstreams/0/url bad-url",
      "6:36 /upstreams/0/polcy unknown-key",
      "7:23 /upstreams/1/path bad-path",
      "7:54 /upstreams/1/policy wrong-type",
    ],
  );
});

Deno.test("readAegis() says the near word of a key", () => {
  const [first] = read("principal: dev\nupstreamz: []\n").diagnostics;
  assert.equal(first?.code, "missing-key");
  const hints = read("principal: dev\nupstreamz: []\n").diagnostics.map(({ hint }) => hint);
  assert.ok(hints.includes('Did you mean "upstreams"?'), hints.join());
});

Deno.test("readAegis() refuses a secret that stands in the file, and no message repeats it", () => {
  const texts = [
    `url: "http://x/mcp", headers: { X-Key: s3cret }`,
    `url: "http://x/mcp", headers: { X-Key: 53cr37 }`,
    `url: "http://x/mcp", token: s3cret`,
    `url: "http://x/mcp", token: 5312345`,
    `url: "http://me:s3cret@x/mcp"`,
    `url: "http://x/mcp", credentials: { clientCredentials: { tokenEndpoint: "https://x/t", clientId: a, clientSecret: s3cret } }`,
  ];
  for (const upstream of texts) {
    const text = `principal: dev\npolicy: p\nupstreams:\n  - { name: a, ${upstream} }\n`;
    const { aegis, diagnostics } = read(text);
    assert.equal(aegis, undefined, upstream);
    assert.deepEqual(diagnostics.map(({ code }) => code), ["literal-secret"], upstream);
    assert.doesNotMatch(JSON.stringify(diagnostics), /s3cret|53cr37|5312345/);
  }
});

Deno.test("readAegis() refuses what an upstream cannot be", () => {
  for (
    const [upstream, ...codes] of [
      [`url: "http://x/mcp", command: [y]`, "two-targets"],
      [`path: /a/mcp`, "missing-key"],
      [`command: []`, "bad-command"],
      [`command: "npx 'open"`, "bad-command"],
      [`command: [x], transport: sse`, "stray-key"],
      [`command: [x], transport: stdio`, "unknown-transport", "stray-key"],
      [`command: [x], token: { env: A }`, "stray-key"],
      [`url: "http://x/mcp", env: [A]`, "stray-key"],
      [`command: [x], env: [=s3cret]`, "bad-variable"],
      [`command: [x], path: /.well-known/mcp`, "bad-path"],
      [`command: [x], path: /a/../b`, "bad-path"],
      [`command: [x], path: "/a?b"`, "bad-path"],
      [`command: [x], path: //evil/mcp`, "bad-path"],
      [`command: [x], path: /a/sse`, "path-taken"],
      [`command: [x], path: /a/sse, mode: http`],
      [`command: [x], mode: http, ssePath: /x`, "stray-key"],
      [`url: "https://x/mcp", headers: { Host: { env: A } }`, "bad-header"],
      [`url: "https://x/mcp", headers: { "a b": { env: A } }`, "bad-header"],
      [`url: "https://x/mcp", headers: { a: { env: A, file: b } }`, "secret-place"],
      [`url: "https://x/mcp", headers: { a: {} }`, "secret-place"],
      [
        `url: "https://x/mcp", headers: { Authorization: { env: A } }, token: { env: B }`,
        "header-twice",
      ],
      [`url: "http://x.example/mcp", token: { env: B }`, "open-credential"],
      [`url: "http://127.0.0.1/mcp", token: { env: B }`],
    ] as const
  ) {
    assert.deepEqual(faultsOf(upstream), codes, upstream);
  }
});

Deno.test("readAegis() refuses two upstreams with one name, and two claims to one path", () => {
  const text = `principal: dev
policy: p.yaml
upstreams:
  - { name: fs, path: /mcp, command: [a] }
  - { name: fs, path: /mcp, ssePath: /x, command: [b] }
  - { name: c, path: /c, command: [c] }
  - { name: d, path: /c/mcp, ssePath: /mcp, command: [d] }
`;
  assert.deepEqual(found(text), [
    "5:13 /upstreams/1/name name-taken",
    "5:23 /upstreams/1/path path-taken",
    "6:22 /upstreams/2/path path-taken",
    "7:39 /upstreams/3/ssePath path-taken",
  ]);
});

Deno.test("readAegis() wants to know who asks, unless a flag says so", () => {
  const upstreams = "policy: p.yaml\nupstreams: [{ name: a, command: [x] }]\n";
  assert.deepEqual(found(upstreams), ["1:1  nobody-asks"]);
  assert.deepEqual(found(upstreams, { isIdentified: true }), []);
  assert.deepEqual(found(`${upstreams}issuers: []\n`), ["3:10 /issuers nobody-asks"]);
  assert.deepEqual(found(`${upstreams}roles: [a]\nissuers: [{ issuer: https://a.example }]`), [
    "3:8 /roles stray-roles",
  ]);
  const all = `${upstreams}principal: dev\nlisten: { host: 0.0.0.0 }\n`;
  assert.deepEqual(found(all), [
    "3:12 /principal principal-for-all",
    "4:17 /listen/host unnamed-listener",
  ]);
  assert.deepEqual(found(all, { host: "127.0.0.1" }), []);
  assert.deepEqual(found(all, { isNamed: true, isIdentified: true }), []);
});

Deno.test("readAegis() wants to know who tokens are for, and warns of tokens that are good everywhere", () => {
  const text = (issuer: string) =>
    `policy: p.yaml\nlisten: { port: 0 }\nissuers: [{ issuer: https://a.example${issuer} }]\n` +
    "upstreams: [{ name: a, command: [x] }, { name: b, command: [x] }]\n";
  assert.deepEqual(found(text("")), ["3:11 /issuers/0 unknown-audience"]);
  assert.deepEqual(found(text(""), { port: 9000 }), []);
  assert.deepEqual(found(text(", audiences: [all]")), [
    "3:51 /issuers/0/audiences shared-audience",
  ]);
});

Deno.test("readAegis() reads as the policy's reader does: no alias, no tab, no second key, nothing too large", () => {
  const hostile: readonly (readonly [string | Uint8Array, string])[] = [
    ["", "empty-file"],
    ["upstreams: &a [x]\nroles: *a\n", "yaml-alias"],
    ["upstreams:\n\t- {}\n", "yaml-tab"],
    ["upstreams: []\nupstreams: []\n", "duplicate-key"],
    ["upstreams: !!js/function x\n", "yaml-tag"],
    ["upstreams: []\n---\nupstreams: []\n", "several-documents"],
    [`upstreams: ${"[".repeat(200)}`, "too-deep"],
    [new Uint8Array([0xff, 0xfe, 0x00]), "not-utf8"],
    [new Uint8Array(10_000_001), "too-large"],
    ["just a text", "wrong-type"],
  ];
  for (const [source, code] of hostile) {
    const codes = read(source).diagnostics.map((each) => each.code);
    assert.ok(codes.includes(code), `${code}: ${codes}`);
  }
});

Deno.test("isAegis() tells a configuration from a policy", () => {
  assert.ok(isAegis("upstreams: []"));
  assert.ok(!isAegis("version: '1'\nprincipals: { upstreams: {} }"));
  assert.ok(!isAegis("# upstreams\nversion: '1'"));
  assert.ok(!isAegis("upstreams: []\nprincipals: {}"));
  assert.ok(!isAegis("\tupstreams"));
});

const SOUND = `principal: dev
policy: p.yaml
limits: { maxLineBytes: 10MB }
upstreams:
  - { name: fs, command: "npx 'a b'", env: [A=b] }
  - { name: db, url: "https://x/mcp", headers: { X-Key: { env: KEY } }, token: { file: t } }
`;

Deno.test("readAegis() never throws for what a file holds, and gives nothing where it found an error", () => {
  const at = fc.integer({ min: 0, max: SOUND.length });
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(..."[]{}:,#&*!|>'\"%@\\-?\t\n", "null", "~", "<<: ", "- ", "{}", "[]", "1e9"),
  );
  fc.assert(fc.property(at, fc.nat(12), piece, (start, length, text) => {
    const source = SOUND.slice(0, start) + text + SOUND.slice(start + length);
    const { aegis, diagnostics } = read(source);
    const hasErrors = diagnostics.some(({ severity }) => severity === "error");
    assert.equal(aegis === undefined, hasErrors, source);
    if (aegis !== undefined) assert.ok(aegis.upstreams.length > 0, source);
  }));
});

Deno.test("readAegis() repeats nothing of a variable's value, a hash or a URL with a password", () => {
  const { diagnostics } = read(`principal: dev
apiKeys: [{ id: a, hash: s3cret }]
policy: p.yaml
upstreams:
  - { name: a, command: [x, --key=s3cret], env: ["=s3cret", KEY=s3cret, KEY=s3cret] }
  - { name: b, url: "ftp://me:s3cret@x", token: { env: "s3cret=" }, headers: { a: [s3cret] } }
  - { name: c, url: "https://x", credentials: { tokenExchange: { tokenEndpoint: "https://me:s3cret@x" } } }
`);
  assert.ok(diagnostics.length >= 6);
  assert.doesNotMatch(JSON.stringify(diagnostics), /s3cret/);
});
