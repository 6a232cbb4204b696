/**
 * What it costs to look into the arguments of one call of 4 KB: schema, universal checks and the
 * detectors of the kinds, after warm-up.
 * @module
 */

import type { AccessRequest, ToolListing } from "../../src/access/request.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { inspectCheck } from "../../src/inspect/check.ts";
import { parsePolicy } from "../../src/policy/load.ts";

const SERVER = "bench";
const SIZE = 4096; // UTF-16 units

const policy = await parsePolicy(
  JSON.stringify({
    version: "1",
    principals: { bench: { tools: [{ pattern: "*", actions: ["execute"] }] } },
    inspect: {
      paths: {
        roots: ["/srv/work"],
        cwd: "/srv/work",
        deny: ["**/.env", "**/*.pem"],
        local: false,
      },
      commands: { default: { allow: ["git", "grep", "ls", "sort"], write_roots: ["/srv/work"] } },
    },
    servers: {
      [SERVER]: {
        tools: {
          edit_file: { arguments: { path: "path(write)", "/edits/*/*": "code" } },
          post: { arguments: { body: "text" } },
          run: { arguments: { command: "command" } },
          run_many: { arguments: { command: "command" } },
          fetch: { arguments: { url: "url" } },
          postgres: { arguments: { statement: "sql(postgres, read)" } },
          sqlite: { arguments: { statement: "sql(sqlite, read)" } },
        },
      },
    },
  }),
  { file: "bench.yaml", upstream: { name: SERVER } },
);
const check = inspectCheck({
  inspection: policy.inspection,
  argumentKinds: (tool) => policy.argumentKinds(tool),
});

const STRING = { type: "string" };
const EDIT = { type: "object", properties: { oldText: STRING, newText: STRING } };
const EDITED = '  if (value !== undefined) map.set(`key ${value}`, [...rest]); // "é" → $(x)\n';
const WROTE =
  "The check said it's done; see `src/a.ts` and https://example.com/a?b=c (rm -rf is only named).\n";
const QUOTABLE = WROTE.replaceAll("'", "");
const COMMAND = "git log --oneline -n 20 -- src/a.ts | grep 'fix: a' | sort -u && ls -la src; ";
const COLUMNS = "SELECT a.id, count(*) AS n FROM orders a JOIN items b ON a.id = b.order_id " +
  "WHERE a.note LIKE '%drop table%' AND b.price > 10 GROUP BY a.id";

/** By tool: its properties, and arguments of {@linkcode SIZE}. */
const CALLS: Readonly<Record<string, readonly [JsonObject, JsonObject]>> = {
  edit_file: [
    { path: STRING, edits: { type: "array", items: EDIT } },
    {
      path: "src/inspect/arguments/path.ts",
      edits: [{ oldText: filled(EDITED, SIZE / 2), newText: filled(EDITED, SIZE / 2) }],
    },
  ],
  post: [{ body: STRING }, { body: filled(WROTE, SIZE) }],
  run: [{ command: STRING }, {
    command: `git commit -m '${filled(QUOTABLE, SIZE)}' && git log -1`,
  }],
  // the worst of its size: hundreds of commands
  run_many: [{ command: STRING }, { command: `${whole(COMMAND, SIZE)}ls` }],
  fetch: [{ url: STRING }, { url: filled("https://docs.example.com/a?q=x%20y&", SIZE) }],
  postgres: [{ statement: STRING }, { statement: unions(SIZE) }],
  sqlite: [{ statement: STRING }, { statement: unions(SIZE) }],
};

function filled(part: string, size: number): string {
  return part.repeat(Math.ceil(size / part.length)).slice(0, size);
}

/** Whole parts only. */
function whole(part: string, size: number): string {
  return part.repeat(Math.floor(size / part.length));
}

function unions(size: number): string {
  const union = " UNION ALL ";
  const parts = Math.floor(size / (COLUMNS.length + union.length));
  return Array.from({ length: parts }, () => COLUMNS).join(union);
}

for (const [tool, [properties, args]] of Object.entries(CALLS)) {
  const inputSchema = {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  const listing: ToolListing = { name: tool, description: undefined, inputSchema };
  await check.prepare?.([listing]);
  const request: AccessRequest = {
    principal: { id: "bench", kind: "local", roles: new Set(), scopes: new Set() },
    action: "execute",
    resource: { kind: "tool", server: SERVER, name: tool },
    method: "tools/call",
    known: true,
    arguments: args,
    context: {
      traceId: "0123456789abcdef",
      receivedAtMs: 0,
      direction: "client-to-upstream",
      transport: "stdio",
      revision: "2025-11-25",
      listing,
    },
  };
  const first = await check.examine(request, undefined, undefined);
  if (first.effect !== "pass") throw new Error(`${tool}: ${JSON.stringify(first)}`);
  Deno.bench(`inspect: ${tool}, 4 KB`, { group: "inspect" }, () => {
    const found = check.examine(request, undefined, undefined);
    if (!("effect" in found) || found.effect !== "pass") throw new Error(`${tool} was refused`);
  });
}
