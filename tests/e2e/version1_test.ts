/**
 * The version-1 quick start with the unmodified version-1 file: the reads of server-filesystem are
 * listed and executed, its writes are neither.
 */

import assert from "node:assert/strict";
import { installed, server } from "../../scripts/servers.ts";
import { deno, type Launch, ROOT, tempFolder, testForeignClient } from "./harness.ts";
import { connectOfficial } from "./official_client.ts";
import { filesystemCalls, prepareFolder } from "./scenarios/filesystem.ts";

const POLICY = `${ROOT}policies/version1.yaml`;

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

/** The quick start's command line: the target is one word, as clients hold it. */
function quickStart(target: string, { folder, principal, roles }: Who): Launch {
  const who = ["--principal", principal, "--roles", roles, "--audit", "none"];
  const launch = deno("src/cli/main.ts", "--target", target, "--policy", POLICY, ...who);
  return { ...launch, env: { ...launch.env, XDG_STATE_HOME: `${folder}/.state` } };
}

interface Who {
  readonly folder: string;
  readonly principal: string;
  readonly roles: string;
}

/** The words of the README; npx runs what it finds installed where it stands. */
async function byNpx(who: Who): Promise<Launch> {
  const target = `npx -y @modelcontextprotocol/server-filesystem ${who.folder}`;
  return { ...quickStart(target, who), cwd: await installed() };
}

async function byNode(who: Who): Promise<Launch> {
  const { command, args } = await server("filesystem");
  return quickStart([command, ...args(who.folder)].join(" "), who);
}

for (
  const [principal, roles, launch] of [
    ["developer", "dev", byNpx],
    ["readonly", "observer", byNode],
  ] as const
) {
  testForeignClient(
    `version 1: ${principal} may read server-filesystem and nothing else`,
    async () => {
      await using folder = await tempFolder();
      await prepareFolder(folder.path);
      await using official = await connectOfficial(
        await launch({ folder: folder.path, principal, roles }),
      );
      const { client } = official;
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map(({ name }) => name).sort(), READS.toSorted());
      for (const [name, args] of filesystemCalls(folder.path)) {
        const { isError, content } = await client.callTool({ name, arguments: args });
        const text = JSON.stringify(content);
        if (READS.includes(name)) {
          assert.doesNotMatch(text, /not permitted/, `${name} is allowed`);
        } else {
          assert.equal(isError, true, `${name} is refused`);
          assert.match(text, /not permitted/);
        }
      }
      const { content } = await client.callTool({
        name: "read_text_file",
        arguments: { path: `${folder.path}/hello.txt` },
      });
      assert.deepEqual(content, [{ type: "text", text: "Hello\nworld\n" }]);
      await assert.rejects(Deno.stat(`${folder.path}/new.txt`), Deno.errors.NotFound);
      await assert.rejects(Deno.stat(`${folder.path}/made`), Deno.errors.NotFound);
      assert.match(official.stderr(), /10 of 14 tools visible/);
      assert.match(official.stderr(), /pinned 14 tools of filesystem in .*\/filesystem\.json/);
    },
  );
}

testForeignClient("version 1: admin may do everything", async () => {
  await using folder = await tempFolder();
  await prepareFolder(folder.path);
  await using official = await connectOfficial(
    await byNode({ folder: folder.path, principal: "admin", roles: "admin" }),
  );
  const { tools } = await official.client.listTools();
  assert.equal(tools.length, 14);
  const path = `${folder.path}/new.txt`;
  await official.client.callTool({ name: "write_file", arguments: { path, content: "by admin" } });
  assert.equal(await Deno.readTextFile(path), "by admin");
});

testForeignClient("version 1: pin finds nothing different from what the shim pinned", async () => {
  await using folder = await tempFolder();
  await prepareFolder(folder.path);
  const who = { folder: folder.path, principal: "admin", roles: "admin" };
  {
    await using official = await connectOfficial(await byNode(who));
    await official.client.listTools();
  }
  const { command, args } = await server("filesystem");
  const { env } = quickStart("", who);
  const pin = deno("src/cli/main.ts", "pin", "--", command, ...args(folder.path));
  const { code, stdout } = await new Deno.Command(pin.command, {
    args: [...pin.args],
    env: { ...env },
  })
    .output();
  assert.match(new TextDecoder().decode(stdout), /Server filesystem: 14 tools, pinned in/);
  assert.equal(code, 0);
});

testForeignClient("version 1: a stranger sees no tool and may call none", async () => {
  await using folder = await tempFolder();
  await prepareFolder(folder.path);
  await using official = await connectOfficial(
    await byNode({ folder: folder.path, principal: "stranger", roles: "none" }),
  );
  const { tools } = await official.client.listTools();
  assert.deepEqual(tools, []);
  const path = `${folder.path}/hello.txt`;
  const { isError } = await official.client.callTool({
    name: "read_text_file",
    arguments: { path },
  });
  assert.equal(isError, true);
});
