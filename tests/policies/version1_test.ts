import assert from "node:assert/strict";
import { loadPolicy } from "../../src/policy/load.ts";
import { call, FILESYSTEM, local } from "../policy/asking.ts";
import lists from "../policy/tool_lists.json" with { type: "json" };

const PATH = new URL("../../policies/version1.yaml", import.meta.url).pathname;

/** The policy as version 1 was documented, to the letter. */
const VERSION_1 = `version: "1"
defaults: { effect: deny }                 # deny by default
principals:
  admin:     { roles: [admin],    tools: [{ pattern: "*", actions: [read, execute] }] }
  developer: { roles: [dev],      tools: [{ pattern: "db:read", actions: [execute] }, { pattern: "fs:*", actions: [read] }, { pattern: "git:*", actions: [read, execute] }] }
  readonly:  { roles: [observer], tools: [{ pattern: "*", actions: [read] }] }   # can read anything, execute nothing
`;

const READS = [
  "read_file",
  "read_text_file",
  "read_media_file",
  "read_multiple_files",
  "list_directory",
  "list_directory_with_sizes",
  "directory_tree",
  "search_files",
  "get_file_info",
  "list_allowed_directories",
];
const WRITES = ["write_file", "edit_file", "create_directory", "move_file"];

Deno.test("a version-1 file works unmodified", async () => {
  assert.equal(await Deno.readTextFile(PATH), VERSION_1);
  const { warnings } = await loadPolicy(PATH);
  assert.deepEqual(warnings, []);
});

Deno.test("version 1 in front of server-filesystem: developer and readonly list and execute the reads and are refused the writes", async () => {
  const policy = await loadPolicy(PATH, { upstream: { argv: FILESYSTEM } });
  assert.equal(policy.upstreamName, "fs");
  assert.deepEqual(Object.keys(lists.filesystem).sort(), [...READS, ...WRITES].sort());
  for (const who of [local("developer", "dev"), local("readonly", "observer")]) {
    for (const [tool, hints] of Object.entries(lists.filesystem)) {
      const expected = READS.includes(tool) ? "allow" : "deny";
      for (const unknownArguments of [true, false]) {
        for (const annotations of [undefined, hints ?? {}]) {
          const options = {
            who,
            server: "fs",
            unknownArguments,
            ...(annotations && { annotations }),
          };
          assert.equal(policy.decide(call(tool, options)).effect, expected, `${who.id} ${tool}`);
        }
      }
    }
  }
});

Deno.test("version 1 warns only of the servers that stand elsewhere", async () => {
  const { warnings } = await loadPolicy(PATH, { upstream: { argv: FILESYSTEM } });
  assert.deepEqual(warnings.map(({ code, line }) => [code, line]), [
    ["other-upstream", 5],
    ["other-upstream", 5],
  ]);
});
