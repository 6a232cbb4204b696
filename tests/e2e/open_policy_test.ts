/**
 * The official client, through the shim and directly, with the reference servers: every tool is
 * called under an open policy and every result is the same.
 */

import assert from "node:assert/strict";
import { server } from "../../scripts/servers.ts";
import {
  type Launch,
  ROOT,
  shim,
  type ShimOptions,
  tempFolder,
  testForeignClient,
} from "./harness.ts";
import type { Transcript } from "./scenarios/calls.ts";
import { EVERYTHING_TOOLS, everythingScenario } from "./scenarios/everything.ts";
import { filesystemCalls, filesystemScenario } from "./scenarios/filesystem.ts";
import { MEMORY_CALLS, memoryScenario } from "./scenarios/memory.ts";

const OPEN = `${ROOT}policies/open.yaml`;

/** Everything is allowed, and the tools are pinned. */
function openAnd(folder: string): ShimOptions {
  return { policy: OPEN, pins: `${folder}/pins.json` };
}

function toolNames({ tools }: Transcript): Set<string> {
  assert.ok(Array.isArray(tools));
  return new Set(tools.map(({ name }) => String(name)));
}

testForeignClient(
  "server-filesystem answers every tool the same with the shim as without",
  async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("filesystem");
    const run = async (name: string, wrap: (launch: Launch) => Launch) => {
      await Deno.mkdir(`${folder.path}/${name}`);
      const dir = `${folder.path}/${name}`;
      return filesystemScenario(wrap({ command, args: args(dir) }), dir);
    };
    const [direct, shimmed] = await Promise.all([
      run("direct", (launch) => launch),
      run("shimmed", (launch) => shim(launch, openAnd(folder.path))),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.deepEqual(toolNames(direct), new Set(filesystemCalls("").map(([name]) => name)));
    assert.equal(
      await Deno.readTextFile(`${folder.path}/shimmed/made/new.txt`),
      "Line 1\nLine two\u2028 \u{1f600}\n",
    );
  },
);

testForeignClient(
  "server-memory answers every tool the same with the shim as without",
  async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("memory");
    const launch = (name: string): Launch => ({
      command,
      args: args(),
      env: { MEMORY_FILE_PATH: `${folder.path}/${name}.jsonl` },
    });
    const [direct, shimmed] = await Promise.all([
      memoryScenario(launch("direct"), folder.path),
      memoryScenario(
        shim(launch("shimmed"), openAnd(folder.path)),
        folder.path,
      ),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.deepEqual(toolNames(direct), new Set(MEMORY_CALLS.map(([name]) => name)));
  },
);

testForeignClient(
  "server-everything answers every tool the same with the shim as without, and may ask",
  async () => {
    await using folder = await tempFolder();
    const { command, args } = await server("everything");
    const launch = { command, args: args("stdio") };
    const [direct, shimmed] = await Promise.all([
      everythingScenario(launch),
      everythingScenario(shim(launch, openAnd(folder.path))),
    ]);
    assert.deepEqual(shimmed, direct);
    assert.deepEqual(toolNames(direct), new Set(EVERYTHING_TOOLS));
    assert.deepEqual(direct.asked, ["elicitation/create", "roots/list", "sampling/createMessage"]);
  },
);
