import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { exposureOf } from "../../src/cli/exposure.ts";
import { knownArguments, toolListings } from "../../src/cli/known_arguments.ts";
import type { Listing } from "../../src/cli/list_server.ts";
import { listingFaults } from "../../src/cli/listing_faults.ts";
import { parsePolicy } from "../../src/policy/load.ts";

function listing(tools: Record<string, JsonObject>): Listing {
  const listed = Object.entries(tools).map(([name, properties]) => ({
    name,
    inputSchema: { type: "object", properties },
  }));
  return { tools: listed, prompts: [], resources: [], resourceTemplates: [] };
}

const string = { type: "string" };

/** The policy's own tools of the server `s`; whoever is `dev` may read all. */
async function faults(tools: string, listed: Listing, defaults = "{}") {
  const policy = await parsePolicy(
    `version: "1"
defaults: ${defaults}
principals: { dev: { roles: [dev], tools: [{ pattern: "s:*", actions: [read] }] } }
inspect: { paths: { roots: [/srv] } }
servers: { s: { tools: ${tools} } }
`,
    { file: "p.yaml", upstream: { name: "s" } },
  );
  const known = await knownArguments(policy, {
    listing: listed,
    exposure: exposureOf(policy, listed),
  });
  const found = listingFaults(policy, { tools: toolListings(listed), known });
  return found.map(({ line, column, severity, code, message, hint }) =>
    `${line}:${column} ${severity} ${code} ${message} | ${hint}`
  );
}

Deno.test("listingFaults() has nothing against what fits", async () => {
  const fitting = listing({ get: { path: string, paths: { type: "array", items: string } } });
  assert.deepEqual(
    await faults('{ get: { action: read, arguments: { path: path, "/paths/*": path } } }', fitting),
    [],
  );
});

Deno.test("listingFaults() names the tool and the argument that may have been meant", async () => {
  assert.deepEqual(
    await faults(
      "{ get_file: { action: read, arguments: { fil: path } }, get_fil: { action: read } }",
      listing({ get_file: { file: string } }),
    ),
    [
      '5:65 warning unlisted-argument The tool\'s schema has no argument "/fil" | Did you mean "/file"?',
      '5:80 warning unlisted-tool The server lists no tool "get_fil" | Did you mean "get_file"?',
    ],
  );
});

Deno.test("listingFaults() finds kinds of text where there is none, but leaves ids alone", async () => {
  const found = await faults(
    "{ get: { action: read, arguments: { a: path, b: id, c: opaque, d: url, e: argv } } }",
    listing({
      get: {
        a: { type: "integer" },
        b: { type: "integer" },
        c: { type: "number" },
        d: { type: ["string", "null"] },
        e: { type: "array", items: string },
      },
    }),
  );
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^5:60 warning kind-misfit The kind path speaks of text/);
});

Deno.test("listingFaults() asks for declarations under strict, of tools that somebody may call", async () => {
  const tools = listing({
    get: { path: string, note: string, n: { type: "integer" } },
    hidden: { x: string },
  });
  const declared = "{ get: { action: read, arguments: { path: path } } }";
  assert.deepEqual(await faults(declared, tools, "{ arguments: strict }"), [
    '5:26 error undeclared-arguments "get" has arguments that nobody has declared: /note | ' +
    'Write servers: { "s": { tools: { "get": { arguments: { "/note": text } } } } }',
  ]);
  assert.deepEqual(await faults(declared, tools), []);
});

Deno.test("listingFaults() suggests what can be read when it is written so", async () => {
  const found = await faults(
    "{ other: { action: read } }",
    listing({ other: {}, run_sql: { sql: string } }),
    "{ effect: allow, arguments: strict }",
  );
  assert.deepEqual(found, [
    '2:39 error undeclared-arguments "run_sql" has arguments that nobody has declared: /sql | ' +
    'Write servers: { "s": { tools: { "run_sql": { arguments: { "/sql": "sql(postgres, any)" } } } } }',
  ]);
});
