import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { exposureOf } from "../../src/cli/exposure.ts";
import type { Listing } from "../../src/cli/list_server.ts";
import { parsePolicy } from "../../src/policy/load.ts";

const NOTHING: Listing = { tools: [], prompts: [], resources: [], resourceTemplates: [] };

Deno.test("exposureOf() names the entries that reach each tool, and anyone else", async () => {
  const policy = await parsePolicy(
    `version: "1"
defaults: { effect: allow }
principals:
  reader: { roles: [r], tools: [{ pattern: "*", actions: [execute], effect: deny }] }
  writer: { roles: [w], tools: [{ pattern: "*", actions: [execute] }] }
`,
    { upstream: { name: "s" } },
  );
  const [tool] = exposureOf(policy, { ...NOTHING, tools: [{ name: "run" }] });
  assert.deepEqual(tool, {
    kind: "tool",
    name: "run",
    action: "execute",
    saidBy: "nobody, so execute",
    allowed: ["writer", "anyone else"],
    depends: [],
    observed: [],
  });
});

Deno.test("exposureOf() tells preset, policy and the server's own hints apart", async () => {
  const policy = await parsePolicy(
    `version: "1"
principals:
  dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] }
servers:
  fs: { tools: { mine: { action: read } }, trust: annotations }
`,
    {
      file: "p.yaml",
      upstream: { argv: ["npx", "-y", "@modelcontextprotocol/server-filesystem", "/tmp"] },
    },
  );
  const tools: JsonObject[] = [
    { name: "read_text_file" },
    { name: "read_media_file", annotations: { readOnlyHint: false, destructiveHint: true } },
    { name: "mine" },
    { name: "other", annotations: { readOnlyHint: true } },
    { name: "liar", annotations: { readOnlyHint: "yes", destructiveHint: 0 } },
    { name: "odd", annotations: ["readOnlyHint"] },
    { title: "without a name" },
  ];
  const seen = exposureOf(policy, { ...NOTHING, tools }).map((tool) => [
    tool.name,
    tool.action,
    tool.saidBy,
    tool.allowed.join(),
  ]);
  const tightened = "; the server's own hints made it stricter than read";
  assert.deepEqual(seen, [
    ["read_text_file", "read", "preset filesystem", "dev"],
    ["read_media_file", "delete", `preset filesystem${tightened}`, ""],
    ["mine", "read", "p.yaml:5:34", "dev"],
    ["other", "read", "the server, which the policy trusts", "dev"],
    ["liar", "execute", "the server, which the policy trusts", ""],
    ["odd", "execute", "the server, which the policy trusts", ""],
  ]);
});

Deno.test("exposureOf() shows what holds in part and what is only observed", async () => {
  const policy = await parsePolicy(
    `version: "1"
principals:
  part: { roles: [a], resources: [{ pattern: "file:///public/*", actions: [read] }] }
servers:
  s: { mode: observe }
`,
    { upstream: { name: "s" } },
  );
  const exposure = exposureOf(policy, {
    ...NOTHING,
    prompts: [{ name: "greet" }],
    resources: [{ uri: "file:///public/a" }],
    resourceTemplates: [{ uriTemplate: "file:///{path}" }, { uriTemplate: "file:///public/{p}" }],
  });
  assert.deepEqual(
    exposure.map(({ kind, name, allowed, depends, observed }) => [
      `${kind} ${name}`,
      allowed.join(),
      depends.join(),
      observed.join(),
    ]),
    [
      ["prompt greet", "", "", "part,anyone else"],
      ["resource file:///public/a", "part", "", "anyone else"],
      ["template file:///{path}", "", "part", "anyone else"],
      ["template file:///public/{p}", "part", "", "anyone else"],
    ],
  );
});
