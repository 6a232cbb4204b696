import assert from "node:assert/strict";
import { parseArguments } from "../../src/cli/parse.ts";
import { SERVE_FLAGS } from "../../src/cli/serve_flags.ts";
import { readServePlan } from "../../src/cli/serve_plan.ts";
import type { ServePlan } from "../../src/serve.ts";
import { fakeIo } from "./fake_io.ts";

const FILE = `
listen: { port: 9000, keepAlive: 5, allowHosts: [a.example], allowOrigins: [https://a.example], tls: { cert: c.pem, key: /run/k.pem }, adminPort: 9001, trustedProxies: [10.0.0.0/8] }
principal: developer
roles: [dev]
policy: p.yaml
rateLimit: 7
audit: { to: audit.jsonl, key: key, arguments: true }
pins: none
log: { level: ERROR, format: json }
limits: { maxDepth: 10, maxLineBytes: 2KB, transportTimeout: 3 }
upstreams:
  - { name: fs, command: npx server }
  - { name: db, url: "https://db.example/mcp", transport: sse }
`;

const TOKENS = `
listen: { publicUrl: "https://mcp.example/base" }
issuers:
  - { issuer: https://a.example, roles: [groups] }
  - { issuer: https://b.example, audiences: [all] }
policy: p.yaml
upstreams:
  - { name: fs, command: npx server }
  - { name: db, command: npx server, audiences: [db], mode: sse }
`;

async function planOf(
  text: string,
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly plan: ServePlan; readonly dir: string }> {
  const dir = await Deno.makeTempDir({ prefix: "aegis-plan-" });
  try {
    await Deno.writeTextFile(`${dir}/aegis.yaml`, text);
    const parsed = parseArguments(["--config", `${dir}/aegis.yaml`, ...args], {
      flags: SERVE_FLAGS,
      rest: true,
    });
    return { plan: await readServePlan(parsed, fakeIo({ variables })), dir };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("readServePlan() takes everything from the file when no flag says otherwise", async () => {
  const { plan: { upstreams, limits, ...plan }, dir } = await planOf(FILE);
  assert.deepEqual(plan, {
    hostname: "127.0.0.1",
    port: 9000,
    allowHosts: ["a.example"],
    allowOrigins: ["https://a.example"],
    keepAliveMs: 5000,
    edge: {
      tls: { cert: `${dir}/c.pem`, key: "/run/k.pem" },
      adminPort: 9001,
      trustedProxies: ["10.0.0.0/8"],
    },
    callsPerMinute: 7,
    audit: { kind: "file", path: `${dir}/audit.jsonl` },
    auditKeyFile: `${dir}/key`,
    auditArguments: true,
    pins: { kind: "none" },
    logLevel: "ERROR",
    logFormat: "json",
    warnings: [],
  });
  assert.deepEqual([limits.maxDepth, limits.maxLineBytes, limits.transportTimeoutMs], [
    10,
    2000,
    3000,
  ]);
  assert.deepEqual(upstreams.map(({ identity, ...upstream }) => [upstream, identity.detail]), [
    [{
      name: "fs",
      path: "/fs/mcp",
      ssePath: "/fs/sse",
      policyFile: `${dir}/p.yaml`,
      target: { kind: "stdio", argv: ["npx", "server"], env: [], maxChildren: 64 },
    }, { principal: "developer", roles: ["dev"] }],
    [{
      name: "db",
      path: "/db/mcp",
      ssePath: "/db/sse",
      policyFile: `${dir}/p.yaml`,
      target: { kind: "sse", url: new URL("https://db.example/mcp"), shown: [] },
    }, { principal: "developer", roles: ["dev"] }],
  ]);
});

Deno.test("readServePlan() lets a flag win over a variable, and a variable over the file", async () => {
  const flags = [
    ...["--port", "9001", "--keep-alive", "0", "--allow-host", "b.example", "--roles", "ops"],
    ...["--rate-limit", "8", "--audit", "none", "--audit-key", "k", "--pins", "pins.json"],
    ...["--tls-cert", "d.pem", "--tls-key", "l.pem", "--admin-port", "0", "--trusted-proxy", "::1"],
    ...["--log-level", "debug", "--log-format", "text", "--max-depth", "20"],
  ];
  const { plan } = await planOf(FILE, flags, {
    AEGIS_MAX_NESTING_DEPTH: "30",
    AEGIS_MAX_STDIO_LINE_BYTES: "4KB",
  });
  assert.deepEqual([plan.limits.maxDepth, plan.limits.maxLineBytes], [20, 4000]);
  assert.equal(plan.limits.transportTimeoutMs, 3000);
  assert.deepEqual(plan.upstreams[0].identity.detail, { principal: "developer", roles: ["ops"] });
  assert.deepEqual(
    [plan.port, plan.keepAliveMs, plan.allowHosts, plan.callsPerMinute, plan.auditKeyFile],
    [9001, 0, ["b.example"], 8, "k"],
  );
  assert.deepEqual(plan.edge, {
    tls: { cert: "d.pem", key: "l.pem" },
    adminPort: 0,
    trustedProxies: ["::1"],
  });
  assert.deepEqual(
    [plan.audit, plan.pins, plan.logLevel, plan.logFormat],
    [{ kind: "none" }, { kind: "file", path: "pins.json" }, "DEBUG", "text"],
  );
});

Deno.test("readServePlan() gives each upstream its own audience", async () => {
  const { plan } = await planOf(TOKENS);
  assert.deepEqual(plan.upstreams.map(({ identity }) => identity.detail.audiences), [
    ["https://mcp.example/base/fs/mcp", "all"],
    ["db"],
  ]);
  assert.deepEqual(plan.allowHosts, ["mcp.example"]);
  assert.match(plan.warnings.join("\n"), /aegis\.yaml:5:\d+: A token for one upstream is good/);
  assert.deepEqual(plan.upstreams.map(({ identity }) => [...identity.documents.keys()][0]), [
    "/.well-known/oauth-protected-resource/base/fs/mcp",
    "/.well-known/oauth-protected-resource/base/db/sse",
  ]);
  const { plan: flagged } = await planOf(TOKENS, ["--audience", "x"]);
  assert.deepEqual(flagged.upstreams.map(({ identity }) => identity.detail.audiences), [
    ["x"],
    ["x"],
  ]);
});

Deno.test("readServePlan() lets flags say who asks, at every upstream", async () => {
  const { plan } = await planOf(TOKENS, ["--principal", "me", "--roles", "dev"]);
  assert.deepEqual(plan.upstreams.map(({ identity }) => identity.detail), [
    { principal: "me", roles: ["dev"] },
    { principal: "me", roles: ["dev"] },
  ]);
  const { plan: issued } = await planOf(FILE, ["--issuer", "https://c.example"]);
  assert.deepEqual(issued.upstreams.map(({ identity }) => identity.detail.audiences), [
    ["https://127.0.0.1:9000/fs/mcp"],
    ["https://127.0.0.1:9000/db/mcp"],
  ]);
});

Deno.test("readServePlan() names an endpoint on an IPv6 address as a URL does", async () => {
  const { plan } = await planOf(FILE, ["--issuer", "https://c.example", "--host", "::1"]);
  assert.deepEqual(plan.upstreams[0].identity.detail.audiences, ["https://[::1]:9000/fs/mcp"]);
});
