import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ConfigurationError } from "../../src/base/error.ts";
import { loadPolicy, parsePolicy } from "../../src/policy/load.ts";
import { call, local } from "./asking.ts";

const TEXT = `version: "1"
defaults: { attempts: { capacity: 60, per: 10s } }
principals:
  dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] }
`;

async function withFile(content: string | Uint8Array, use: (path: string) => Promise<void>) {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    await use(path);
  } finally {
    await Deno.remove(path);
  }
}

async function codesOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof ConfigurationError, String(error));
  return error.diagnostics.map(({ code, file, line }) => `${file}:${line} ${code}`);
}

Deno.test("loadPolicy() gives a policy with the hash of the file's bytes", async () => {
  await withFile(TEXT, async (path) => {
    const policy = await loadPolicy(path, { upstream: { name: "x" } });
    assert.equal(policy.hash, `sha256:${createHash("sha256").update(TEXT).digest("hex")}`);
    assert.equal(policy.file, path);
    assert.equal(policy.upstreamName, "x");
    assert.deepEqual(policy.presets, []);
    assert.deepEqual(policy.attempts, { capacity: 60, perMs: 10_000, counts: "all" });
    assert.equal(policy.observing, false);
    assert.equal(policy.ruleCount, 1);
    assert.deepEqual(policy.warnings, []);
    assert.equal(policy.decide(call("t", { who: local("x", "dev") })).effect, "deny");
  });
});

Deno.test("parsePolicy() leaves the attempt limit to the gateway unless the policy sets one", async () => {
  const policy = await parsePolicy('version: "1"\n');
  assert.equal(policy.attempts, undefined);
});

Deno.test("loadPolicy() refuses a file that is not there, a directory, an empty one and one too large", async () => {
  assert.deepEqual(await codesOf(loadPolicy("/nowhere/p.yaml")), ["/nowhere/p.yaml:1 not-found"]);
  assert.deepEqual(await codesOf(loadPolicy("/tmp")), ["/tmp:1 is-directory"]);
  await withFile("", async (path) => {
    assert.deepEqual(await codesOf(loadPolicy(path)), [`${path}:1 empty-file`]);
  });
  await withFile("x".repeat(2000), async (path) => {
    const limits = { maxPolicyFileBytes: 1024 };
    assert.deepEqual(await codesOf(loadPolicy(path, { limits })), [`${path}:1 too-large`]);
  });
});

Deno.test({
  name: "loadPolicy() stops at its limit in a file without end",
  ignore: Deno.build.os === "windows",
  async fn() {
    const limits = { maxPolicyFileBytes: 100_000 };
    assert.deepEqual(await codesOf(loadPolicy("/dev/zero", { limits })), ["/dev/zero:1 too-large"]);
  },
});

Deno.test({
  name: "loadPolicy() refuses a file that may not be read",
  ignore: Deno.build.os === "windows",
  permissions: { read: ["/tmp"], write: true, env: true },
  async fn() {
    assert.deepEqual(await codesOf(loadPolicy("/etc/hostname")), ["/etc/hostname:1 not-readable"]);
  },
});

Deno.test("loadPolicy() throws every diagnostic in one error, errors first", async () => {
  await withFile(
    'version: "1"\nprincipals:\n  a: { roles: [x] }\n  b: { rolls: [x] }\n',
    async (path) => {
      assert.deepEqual(await codesOf(loadPolicy(path)), [
        `${path}:4 unknown-key`,
        `${path}:3 no-rules`,
        `${path}:4 no-rules`,
      ]);
    },
  );
});

Deno.test("loadPolicy() keeps warnings on the policy", async () => {
  const policy = await parsePolicy(TEXT.replace('"1"', "1"), { file: "p" });
  assert.deepEqual(policy.warnings.map(({ code, severity }) => [code, severity]), [[
    "unquoted-version",
    "warning",
  ]]);
});

Deno.test("loadPolicy() refuses an upstream's name that patterns could not tell from others", async () => {
  for (const name of ["", "a:b", "*", "a\nb"]) {
    await assert.rejects(parsePolicy(TEXT, { upstream: { name } }), { code: "bad-upstream-name" });
  }
});

Deno.test("loadPolicy() reads a file of many chunks whole", async () => {
  const text = TEXT + `# ${"é".repeat(100_000)}\n`;
  await withFile(text, async (path) => {
    const { hash } = await loadPolicy(path);
    assert.equal(hash, `sha256:${createHash("sha256").update(text).digest("hex")}`);
  });
});

Deno.test({
  name: "loadPolicy() follows node_modules/.bin to the package that a program belongs to",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const scope = `${folder}/node_modules/@modelcontextprotocol/server-filesystem/dist`;
      await Deno.mkdir(scope, { recursive: true });
      await Deno.writeTextFile(`${scope}/index.js`, "");
      await Deno.mkdir(`${folder}/node_modules/.bin`);
      const program = `${folder}/node_modules/.bin/mcp-server-filesystem`;
      await Deno.symlink("../@modelcontextprotocol/server-filesystem/dist/index.js", program);
      const named = async (...argv: string[]) =>
        (await parsePolicy(TEXT, { upstream: { argv } })).upstreamName;
      assert.equal(await named(program, "/tmp"), "fs");
      assert.equal(await named("node", program, "/tmp"), "fs");
      assert.equal(await named(`${folder}/node_modules/.bin/nothing`), null);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
