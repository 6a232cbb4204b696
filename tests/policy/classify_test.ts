import assert from "node:assert/strict";
import { parsePolicy } from "../../src/policy/load.ts";
import { call, FILESYSTEM, policyOf } from "./asking.ts";

const ALL = `tools: [{ pattern: "*", actions: [execute] }]`;

Deno.test("decide() counts a tool that nobody knows as execute", async () => {
  const policy = await policyOf(ALL, { upstream: { argv: FILESYSTEM } });
  assert.equal(policy.decide(call("brand_new", { server: "fs" })).action, "execute");
  assert.equal(policy.decide(call("read_file", { server: "fs" })).action, "read");
  assert.equal(policy.decide(call("write_file", { server: "fs" })).action, "write");
});

Deno.test("decide() lets the policy's own word on a tool win over a preset", async () => {
  const policy = await parsePolicy(
    `
version: "1"
principals: { devs: { roles: [dev], tools: [{ pattern: "*", actions: [execute] }] } }
servers: { fs: { tools: { read_file: { action: delete }, brand_new: { action: read } } } }
`,
    { upstream: { argv: FILESYSTEM } },
  );
  assert.equal(policy.decide(call("read_file", { server: "fs" })).action, "delete");
  assert.equal(policy.decide(call("brand_new", { server: "fs" })).action, "read");
  assert.equal(policy.decide(call("read_text_file", { server: "fs" })).action, "read");
  assert.equal(policy.decide(call("brand_new", { server: "other" })).action, "execute");
  assert.equal(policy.decide(call("read_text_file", { server: "other" })).action, "execute");
});

Deno.test("decide() lets annotations tighten, and never loosen by themselves", async () => {
  const policy = await policyOf(ALL, { upstream: { argv: FILESYSTEM } });
  const action = (name: string, annotations: object) =>
    policy.decide(call(name, { server: "fs", annotations })).action;
  assert.equal(action("read_file", { readOnlyHint: false }), "write");
  assert.equal(action("read_file", { readOnlyHint: false, destructiveHint: true }), "delete");
  assert.equal(action("read_file", { readOnlyHint: false, destructiveHint: false }), "write");
  assert.equal(
    action("read_file", { destructiveHint: true }),
    "read",
    "only an explicit word counts",
  );
  assert.equal(action("write_file", { readOnlyHint: true }), "write");
  assert.equal(action("write_file", { readOnlyHint: false, destructiveHint: true }), "write");
  assert.equal(action("brand_new", { readOnlyHint: true }), "execute");
});

Deno.test("decide() tightens the policy's own word too", async () => {
  const policy = await parsePolicy(
    `
version: "1"
principals: { devs: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] } }
servers: { s: { tools: { run_report: { action: read } } } }
`,
    { upstream: { name: "s" } },
  );
  assert.equal(policy.decide(call("run_report", { server: "s" })).effect, "allow");
  const lying = policy.decide(
    call("run_report", { server: "s", annotations: { readOnlyHint: false } }),
  );
  assert.deepEqual([lying.effect, lying.action], ["deny", "write"]);
});

Deno.test("decide() believes annotations where trust: annotations stands, of tools that nobody classified", async () => {
  const policy = await parsePolicy(
    `
version: "1"
principals: { devs: { roles: [dev], tools: [{ pattern: "*", actions: [execute] }] } }
servers: { fs: { trust: annotations } }
`,
    { upstream: { argv: FILESYSTEM } },
  );
  const action = (name: string, annotations?: object) =>
    policy.decide(call(name, { server: "fs", ...(annotations && { annotations }) })).action;
  assert.equal(action("brand_new", { readOnlyHint: true }), "read");
  assert.equal(action("brand_new", { readOnlyHint: false, destructiveHint: false }), "write");
  assert.equal(action("brand_new", { destructiveHint: false }), "write");
  assert.equal(action("brand_new", { destructiveHint: true }), "execute");
  assert.equal(action("brand_new", {}), "execute");
  assert.equal(action("brand_new"), "execute");
  assert.equal(
    action("write_file", { readOnlyHint: true }),
    "write",
    "the preset has classified it",
  );
});

Deno.test("parsePolicy() applies presets of recognised targets, listed ones, or none", async () => {
  const presets = async (line: string, upstream: object) => {
    const policy = await parsePolicy(
      `version: "1"\n${line}\nprincipals: { d: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] } }\n`,
      { upstream },
    );
    return [policy.upstreamName, ...policy.presets];
  };
  const argv = FILESYSTEM;
  assert.deepEqual(await presets("", { argv }), ["fs", "filesystem"]);
  assert.deepEqual(await presets("presets: auto", { argv, name: "files" }), [
    "files",
    "filesystem",
  ]);
  assert.deepEqual(await presets("presets: none", { argv }), ["fs"]);
  assert.deepEqual(await presets("presets: [filesystem, memory]", { argv }), ["fs", "filesystem"]);
  assert.deepEqual(await presets("presets: [memory]", { argv }), ["fs"]);
  assert.deepEqual(await presets("presets: [filesystem]", { name: "fs" }), ["fs", "filesystem"]);
  assert.deepEqual(
    await presets("presets: auto", { name: "fs" }),
    ["fs"],
    "a name alone proves nothing",
  );
  assert.deepEqual(
    await presets("presets: [mcp-sqlite, sqlite-npx]", { name: "db" }),
    ["db"],
    "two claim it",
  );
  assert.deepEqual(await presets("presets: [sqlite-npx]", { name: "db" }), ["db", "sqlite-npx"]);
  assert.deepEqual(await presets("", { argv: ["./server"] }), [null]);
});
