/**
 * Real servers from npm behind their presets: what their documentation shows works for the role
 * that may do it, and what is dangerous is refused and changes nothing.
 */

import assert from "node:assert/strict";
import { server, type ServerName } from "../../scripts/servers.ts";
import { type Launch, tempFolder, testForeignClient } from "./harness.ts";
import { connectOfficial } from "./official_client.ts";
import type { Call } from "./scenarios/calls.ts";
import {
  assertOrdinary,
  assertRefused,
  connectGuarded,
  type Danger,
  guardPolicy,
  worldOf,
} from "./scenarios/guarded.ts";
import {
  COMMANDS_NOT_FOR_READERS,
  dangerousCommands,
  dangerousInput,
  readingCommands,
  runningCommands,
  writingCommands,
} from "./scenarios/guarded_commands.ts";
import {
  dangerousReads,
  dangerousWrites,
  ordinaryReads,
  ordinaryWrites,
  prepareProject,
} from "./scenarios/guarded_filesystem.ts";
import {
  gitAddressDangers,
  gitArgumentDangers,
  gitKeeps,
  gitReads,
  gitRuns,
  gitServer,
  gitToolDangers,
  gitWrites,
  prepareRepository,
} from "./scenarios/guarded_git.ts";
import {
  NPX_DANGERS,
  NPX_DELETES,
  NPX_READS,
  NPX_WRITER_DANGERS,
  NPX_WRITES,
  SEED,
  SQLITE_DANGERS,
  SQLITE_DELETES,
  SQLITE_READS,
  SQLITE_WRITER_DANGERS,
  SQLITE_WRITES,
} from "./scenarios/guarded_sqlite.ts";

async function filesystemAt(folder: string): Promise<Launch> {
  const { command, args } = await server("filesystem");
  return { command, args: args(folder) };
}

testForeignClient("server-filesystem under its preset: ordinary work passes", async () => {
  await using folder = await tempFolder();
  const [plain, guarded] = [`${folder.path}/plain`, `${folder.path}/guarded`];
  await Promise.all([prepareProject(plain), prepareProject(guarded)]);
  const policy = await folder.write("policy.yaml", guardPolicy(`${guarded}/project`));
  await using direct = await connectOfficial(await filesystemAt(`${plain}/project`));
  const launch = await filesystemAt(`${guarded}/project`);
  await using reader = await connectGuarded(launch, { policy, roles: "reader" });
  await using writer = await connectGuarded(launch, { policy, roles: "writer" });
  const at = { client: direct.client, folder: `${plain}/project` };
  const sides = (client: typeof reader.client) => ({
    direct: at,
    guarded: { client, folder: `${guarded}/project` },
  });
  await assertOrdinary(ordinaryReads, sides(reader.client));
  await assertOrdinary(ordinaryWrites, sides(writer.client));
  const under = async (root: string) =>
    [...await worldOf(root)].map(([path, text]) => [path.slice(root.length), text]);
  assert.deepEqual(await under(guarded), await under(plain));
});

testForeignClient("server-filesystem under its preset: nothing leaves the project", async () => {
  await using folder = await tempFolder();
  await prepareProject(folder.path);
  const policy = await folder.write("policy.yaml", guardPolicy(`${folder.path}/project`));
  // The server itself would let the agent go anywhere in the folder.
  const launch = await filesystemAt(folder.path);
  await using reader = await connectGuarded(launch, { policy, roles: "reader" });
  await using writer = await connectGuarded(launch, { policy, roles: "writer" });
  const before = await worldOf(folder.path);
  await assertRefused(reader.client, dangerousReads(folder.path));
  await assertRefused(writer.client, dangerousReads(folder.path));
  await assertRefused(writer.client, dangerousWrites(folder.path));
  const path = `${folder.path}/project/new.txt`;
  await assertRefused(reader.client, [{ call: ["write_file", { path, content: "x" }] }]);
  assert.deepEqual(await worldOf(folder.path), before);
});

interface SqlServer {
  readonly name: ServerName;
  readonly reads: readonly Call[];
  readonly writes: readonly Call[];
  readonly deletes: readonly Call[];
  readonly readerDangers: readonly Danger[];
  readonly writerDangers: readonly Danger[];
}

const SQL_SERVERS: readonly SqlServer[] = [
  {
    name: "mcp-sqlite",
    reads: SQLITE_READS,
    writes: SQLITE_WRITES,
    deletes: SQLITE_DELETES,
    readerDangers: SQLITE_DANGERS,
    writerDangers: SQLITE_WRITER_DANGERS,
  },
  {
    name: "mcp-server-sqlite-npx",
    reads: NPX_READS,
    writes: NPX_WRITES,
    deletes: NPX_DELETES,
    readerDangers: NPX_DANGERS,
    writerDangers: NPX_WRITER_DANGERS,
  },
];

async function databaseAt(name: ServerName, path: string): Promise<Launch> {
  const { command, args } = await server(name);
  return { command, args: args(path), cwd: path.slice(0, path.lastIndexOf("/")) };
}

/** Fills a database with mcp-sqlite, which runs any statement. */
async function seed(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await using official = await connectOfficial(await databaseAt("mcp-sqlite", path));
    for (const sql of SEED) {
      const { isError } = await official.client.callTool({ name: "query", arguments: { sql } });
      assert.notEqual(isError, true, sql);
    }
  }
}

for (const { name, reads, writes, deletes, readerDangers, writerDangers } of SQL_SERVERS) {
  testForeignClient(`${name} under its preset: the statement decides who may run it`, async () => {
    await using folder = await tempFolder();
    const [plain, guarded] = [`${folder.path}/plain.db`, `${folder.path}/guarded.db`];
    await seed(plain, guarded);
    const policy = await folder.write("policy.yaml", guardPolicy(folder.path));
    await using direct = await connectOfficial(await databaseAt(name, plain));
    const launch = await databaseAt(name, guarded);
    for (
      const [roles, ordinary, dangers] of [
        ["reader", reads, readerDangers],
        ["writer", writes, writerDangers],
        ["keeper", deletes, []],
      ] as const
    ) {
      await using agent = await connectGuarded(launch, { policy, roles });
      const before = await worldOf(folder.path);
      await assertRefused(agent.client, dangers);
      assert.deepEqual(await worldOf(folder.path), before, `${roles} changed something`);
      await assertOrdinary(() => ordinary, {
        direct: { client: direct.client, folder: plain },
        guarded: { client: agent.client, folder: guarded },
      });
    }
  });
}

async function commandsServer(): Promise<Launch> {
  const { command, args } = await server("commands");
  return { command, args: args() };
}

testForeignClient("mcp-server-commands under its preset: ordinary commands run", async () => {
  await using folder = await tempFolder();
  const [plain, guarded] = [`${folder.path}/plain`, `${folder.path}/guarded`];
  for (const world of [plain, guarded]) {
    await prepareProject(world);
    await Deno.writeTextFile(`${world}/project/hello.py`, 'print("hello")\n');
  }
  const policy = await folder.write("policy.yaml", guardPolicy(`${guarded}/project`));
  const launch = await commandsServer();
  await using direct = await connectOfficial(launch);
  for (
    const [roles, calls] of [
      ["reader", readingCommands],
      ["writer", writingCommands],
      ["runner", runningCommands],
    ] as const
  ) {
    await using agent = await connectGuarded(launch, { policy, roles });
    await assertOrdinary(calls, {
      direct: { client: direct.client, folder: `${plain}/project` },
      guarded: { client: agent.client, folder: `${guarded}/project` },
    });
  }
});

testForeignClient("mcp-server-commands under its preset: the rest does not", async () => {
  await using folder = await tempFolder();
  await prepareProject(folder.path);
  const project = `${folder.path}/project`;
  const beside = `${folder.path}/beside`;
  const policy = await folder.write("policy.yaml", guardPolicy(project));
  const launch = { ...await commandsServer(), cwd: project };
  await using reader = await connectGuarded(launch, { policy, roles: "reader" });
  await using runner = await connectGuarded(launch, { policy, roles: "runner" });
  const before = await worldOf(folder.path);
  await assertRefused(runner.client, dangerousCommands(beside));
  await assertRefused(runner.client, dangerousInput(folder.path));
  await assertRefused(reader.client, COMMANDS_NOT_FOR_READERS);
  // The server's prompt of the same name runs its argument too.
  const prompt = (command: string) => ({ name: "run_command", arguments: { command } });
  const printed = await reader.client.getPrompt(prompt("echo hello"));
  assert.match(JSON.stringify(printed.messages), /STDOUT:\\nhello/);
  await assert.rejects(reader.client.getPrompt(prompt("echo x > new.txt")), /not permitted/);
  await assert.rejects(runner.client.getPrompt(prompt("id > new.txt")), /\/command/);
  assert.deepEqual(await worldOf(folder.path), before);
});

async function gitAt(folder: string): Promise<Launch> {
  const { command, args } = await server("git");
  return gitServer({ command, args: args() }, folder);
}

testForeignClient("git-mcp-server under its preset: a day's work passes", async () => {
  await using folder = await tempFolder();
  const [plain, guarded] = [`${folder.path}/plain`, `${folder.path}/guarded`];
  await Promise.all([prepareRepository(plain), prepareRepository(guarded)]);
  await using host = serveFolder(`${plain}/origin.git`);
  const urls = "  urls: { allow_networks: [127.0.0.0/8] }\n";
  const policy = await folder.write("policy.yaml", guardPolicy(`${guarded}/project`, urls));
  await using direct = await connectOfficial(await gitAt(plain));
  const runs = (path: string) => gitRuns(path, host.url);
  for (
    const [roles, calls] of [
      ["reader", gitReads],
      ["writer", gitWrites],
      ["keeper", gitKeeps],
      ["runner", runs],
    ] as const
  ) {
    await using agent = await connectGuarded(await gitAt(guarded), { policy, roles });
    await assertOrdinary(calls, {
      direct: { client: direct.client, folder: `${plain}/project` },
      guarded: { client: agent.client, folder: `${guarded}/project` },
    });
  }
});

testForeignClient("git-mcp-server under its preset: nothing is lost or leaked", async () => {
  await using folder = await tempFolder();
  await prepareRepository(folder.path);
  const project = `${folder.path}/project`;
  const policy = await folder.write("policy.yaml", guardPolicy(project));
  const launch = await gitAt(folder.path);
  await using reader = await connectGuarded(launch, { policy, roles: "reader" });
  await using writer = await connectGuarded(launch, { policy, roles: "writer" });
  await using runner = await connectGuarded(launch, { policy, roles: "runner" });
  const before = await worldOf(folder.path);
  await assertRefused(reader.client, gitToolDangers(project));
  await assertRefused(writer.client, gitToolDangers(project));
  await assertRefused(runner.client, gitArgumentDangers(folder.path));
  await assertRefused(runner.client, gitAddressDangers(folder.path));
  assert.deepEqual(await worldOf(folder.path), before);
});

/** Serves a folder over HTTP, as git's plain protocol wants it. */
function serveFolder(folder: string): AsyncDisposable & { readonly url: string } {
  const served = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => undefined },
    async (request) => {
      try {
        return new Response(await Deno.readFile(folder + new URL(request.url).pathname));
      } catch {
        return new Response(null, { status: 404 }); // git asks for files that need not be there
      }
    },
  );
  const url = `http://127.0.0.1:${served.addr.port}/`;
  return { url, [Symbol.asyncDispose]: () => served.shutdown() };
}

const TOKEN = "ghp_R8sK2vQ9xL4mN7pT1wY5zB3cF6hJ0dE2aUuu";

testForeignClient("server-everything under its preset: get-env gives no secret away", async () => {
  await using folder = await tempFolder();
  const policy = await folder.write("policy.yaml", guardPolicy(folder.path));
  const { command, args } = await server("everything");
  const launch = { command, args: args("stdio"), env: { DEPLOY_TOKEN: TOKEN, MODE: "e2e" } };
  await using reader = await connectGuarded(launch, { policy, roles: "reader" });
  await using runner = await connectGuarded(launch, { policy, roles: "runner" });
  const names = (await reader.client.listTools()).tools.map(({ name }) => name);
  assert.ok(names.includes("echo") && !names.includes("get-env"));
  await assertRefused(reader.client, [{ call: ["get-env", {}] }]);
  const { content } = await runner.client.callTool({ name: "get-env", arguments: {} });
  const text = JSON.stringify(content);
  assert.match(text, /MODE\\": \\"e2e/);
  assert.match(text, /DEPLOY_TOKEN/);
  assert.ok(!text.includes(TOKEN.slice(4, 20)), "the token is gone");
});
