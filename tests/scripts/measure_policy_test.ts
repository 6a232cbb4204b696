import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { measuredPolicy } from "../../scripts/measure/policy.ts";

function corpusWith(context: JsonObject) {
  return { records: [], frames: [], tools: [], kinds: {}, context };
}

async function inspectionOf(context: JsonObject) {
  const policy = measuredPolicy(corpusWith(context), "declared");
  return (await parsePolicy(policy, { upstream: { name: "measured" } })).inspection;
}

Deno.test("measuredPolicy() means a bare glob in every folder", async () => {
  const { paths, commands } = await inspectionOf({
    cwd: "/w",
    roots: ["/w"],
    home: "/h",
    deny_globs: ["*.pem", "/w/closed/**", "**/.env", "keys/*.txt"],
    deny_globs_except: ["./sample.pem"],
    commands: { allow: ["ls"], sensitive_paths: ["*.key", "~/.ssh", "/etc/shadow"] },
    url: { schemes: ["https"] },
  });
  assert.deepEqual(paths?.deny, ["**/*.pem", "/w/closed/**", "**/.env", "**/keys/*.txt"]);
  assert.deepEqual(paths?.except, ["**/sample.pem"]);
  assert.deepEqual(commands.get("default")?.sensitive, ["**/*.key", "~/.ssh", "/etc/shadow"]);
});

Deno.test("measuredPolicy() passes networks and hosts on, where there are any", async () => {
  const base = { cwd: "/w", roots: ["/w"], home: "/h", commands: { allow: ["ls"] } };
  const open = await inspectionOf({
    ...base,
    url: { schemes: ["https"], allow_networks: ["10.2.0.0/16"], allow_hosts: ["a.example"] },
  });
  assert.deepEqual(open.urls.allowNetworks, ["10.2.0.0/16"]);
  assert.deepEqual(open.urls.allowHosts, ["a.example"]);
  const closed = await inspectionOf({ ...base, url: { schemes: ["https"], allow_hosts: null } });
  assert.deepEqual(closed.urls.allowNetworks, []);
  assert.equal(closed.urls.allowHosts, undefined);
});
