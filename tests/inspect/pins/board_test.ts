import assert from "node:assert/strict";
import fc from "fast-check";
import type { PinBoard, RefusedTools } from "../../../src/access/pins.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { PinBook } from "../../../src/inspect/pins/book.ts";
import { readLockFile, updateLockFile } from "../../../src/inspect/pins/lock_file.ts";
import { takePins } from "../../../src/inspect/pins/review.ts";
import { digest, Told, withLockPath } from "./pinning.ts";

const READ: JsonObject = { name: "read", description: "Reads a file.", inputSchema: {} };
const CHANGED: JsonObject = { ...READ, description: "Reads a file!" };
const WRITE: JsonObject = { name: "write", inputSchema: {} };

function boardOf(path: string, told = new Told()): PinBoard {
  return new PinBook({ path, digest, log: told }).board("fs");
}

async function lookAt(board: PinBoard, ...tools: JsonObject[]): Promise<RefusedTools> {
  return await board.look(tools);
}

async function pinned(path: string): Promise<string[]> {
  const read = await readLockFile(path);
  assert.ok(read.ok);
  return [...read.value.get("fs")?.keys() ?? []];
}

Deno.test("look() pins what it does not know, refuses what has changed, and says each once", () =>
  withLockPath(async (path) => {
    const told = new Told();
    const board = boardOf(path, told);
    assert.deepEqual(await board.look([READ, WRITE]), new Map());
    assert.deepEqual(told.take(path), ["INFO pinned 2 tools of fs in FILE"]);
    assert.deepEqual(await board.look([READ, WRITE]), new Map());
    assert.deepEqual(told.take(path), []);
    for (const lines of [1, 0]) {
      assert.deepEqual(
        await board.look([CHANGED, WRITE]),
        new Map([["read", "has changed since it was pinned (description)"]]),
      );
      assert.equal(told.lines.length, lines);
      const [line] = told.take(path);
      if (line !== undefined) assert.match(line, /^WARNING the tool "read" of fs .*mcp-aegis pin/);
    }
    assert.deepEqual(await board.look([READ]), new Map(), "the old one is the pinned one");
  }));

Deno.test("look() of another run refuses what has changed since, and warns of tools that came", () =>
  withLockPath(async (path) => {
    await boardOf(path).look([READ]);
    const told = new Told();
    const refused = await boardOf(path, told).look([CHANGED, WRITE]);
    assert.deepEqual([...refused.keys()], ["read"]);
    const [came = ""] = told.take(path);
    assert.equal(
      came,
      'WARNING pinned 1 tool that fs did not have before: "write" (FILE)',
    );
    assert.deepEqual(await pinned(path), ["read", "write"]);
  }));

Deno.test("look() leaves pinned what stands on another page, and takes every page of a first list", () =>
  withLockPath(async (path) => {
    const told = new Told();
    const board = boardOf(path, told);
    await board.look([READ]);
    await board.look([WRITE]);
    assert.deepEqual(await pinned(path), ["read", "write"]);
    const once = "INFO pinned 1 tool of fs in FILE";
    assert.deepEqual(told.take(path), [once, once]);
    assert.deepEqual([...(await board.look([CHANGED])).keys()], ["read"]);
  }));

Deno.test("look() refuses names outside the grammar, repeated ones and look-alikes, and pins none", () =>
  withLockPath(async (path) => {
    const board = boardOf(path);
    const named = (name: string): JsonObject => ({ name, inputSchema: {} });
    const names = ["read", "Read", "a b", "", "x".repeat(129), "twice", "twice", "rеad"];
    const refused = await board.look(names.map(named));
    assert.deepEqual([...refused.keys()].sort(), names.slice(1).filter(unique).sort());
    assert.match(refused.get("Read") ?? "", /taken for "read"/);
    assert.match(refused.get("twice") ?? "", /more than once/);
    assert.match(refused.get("a b") ?? "", /grammar/);
    assert.deepEqual(await pinned(path), ["read"]);
    const later = await board.look([named("READ"), named("twice")]);
    assert.deepEqual([...later.keys()], ["READ"], "look-alikes of what was pinned before");
  }));

function unique(name: string, at: number, all: readonly string[]): boolean {
  return all.indexOf(name) === at;
}

Deno.test("look() takes what the operator has taken, in the same run", () =>
  withLockPath(async (path) => {
    const board = boardOf(path);
    const odd: JsonObject = { name: "fs:read it", inputSchema: {} };
    await board.look([READ, WRITE]);
    assert.equal((await board.look([CHANGED, odd])).size, 2);
    await takePins([CHANGED, odd], { path, server: "fs", digest });
    assert.deepEqual(await board.look([CHANGED, odd]), new Map());
    assert.deepEqual([...(await board.look([READ])).keys()], ["read"], "the old one is another");
    assert.deepEqual(await pinned(path), ["read", "fs:read it"], "what was gone is forgotten");
  }));

Deno.test("look() refuses the list when the lock file cannot be read or written, and says why", () =>
  withLockPath(async (path) => {
    const told = new Told();
    await Deno.writeTextFile(path, "{");
    const board = boardOf(path, told);
    for (let at = 0; at < 2; at++) {
      await assert.rejects(lookAt(board, READ), { code: "bad-lock-file" });
    }
    assert.equal(told.lines.length, 1);
    assert.match(told.lines[0] ?? "", /^ERROR the tools of fs are refused: .* is no JSON/);
    assert.equal(await Deno.readTextFile(path), "{", "nothing is pinned anew over it");
    await Deno.remove(path);
    assert.deepEqual(await board.look([READ]), new Map(), "mended, it goes on");
    const nowhere = boardOf(`${path}/none/pins.json`);
    await assert.rejects(lookAt(nowhere, READ), { code: "bad-lock-file" });
    await assert.rejects(
      lookAt(boardOf(`${path}.none/pins.json`), READ),
      /folder that does not exist/,
    );
  }));

Deno.test("look() reads the lock file again whenever it was replaced or taken away", () =>
  withLockPath(async (path) => {
    const board = boardOf(path);
    await board.look([READ]);
    await updateLockFile(path, () => new Map());
    assert.deepEqual(await board.look([CHANGED]), new Map());
    await Deno.remove(path);
    assert.deepEqual(await board.look([READ]), new Map());
    assert.deepEqual(await pinned(path), ["read"]);
  }));

Deno.test("look() of two runs at once pins one of two definitions, and refuses the other", () =>
  withLockPath(async (path) => {
    const [a, b] = await Promise.all([boardOf(path).look([READ]), boardOf(path).look([CHANGED])]);
    assert.equal(a.size + b.size, 1);
  }));

Deno.test("look() pins no more tools than a lock file can hold, and stays fast with many", () =>
  withLockPath(async (path) => {
    const tools = Array.from({ length: 10_002 }, (_, at): JsonObject => ({ name: `tool_${at}_` }));
    const refused = await boardOf(path).look(tools);
    assert.deepEqual([...refused.keys()], ["tool_10000_", "tool_10001_"]);
    assert.match(refused.get("tool_10000_") ?? "", /more than 10000 tools/);
  }));

Deno.test("look() keeps the lock file readable whatever the size of the definitions", () =>
  withLockPath(async (path) => {
    const large = (at: number, end: string): JsonObject => ({
      name: `tool_${at}_`,
      description: "x".repeat(60_000) + end,
    });
    const tools = Array.from({ length: 100 }, (_, at) => large(at, "."));
    const board = boardOf(path);
    assert.deepEqual(await board.look(tools), new Map());
    assert.ok((await Deno.stat(path)).size < 5 * 1024 * 1024);
    assert.deepEqual(await board.look(tools), new Map());
    const refused = await board.look([large(99, "!"), large(0, "!")]);
    assert.equal(refused.get("tool_99_"), "has changed since it was pinned");
    assert.equal(refused.get("tool_0_"), "has changed since it was pinned (description)");
  }));

Deno.test("look() warns of names that look like those of another server in the same file", () =>
  withLockPath(async (path) => {
    const told = new Told();
    const book = new PinBook({ path, digest, log: told });
    await book.board("mail").look([{ name: "send_all" }, { name: "search" }]);
    told.take(path);
    const board = book.board("fs");
    for (let at = 0; at < 2; at++) {
      assert.deepEqual(await board.look([{ name: "Send_a1l" }, { name: "search" }]), new Map());
    }
    assert.deepEqual(told.take(path), [
      "INFO pinned 2 tools of fs in FILE",
      'WARNING the tool "Send_a1l" of fs looks like "send_all" of mail',
    ]);
  }));

Deno.test("board() gives no two servers of one run one name, nor one that looks like another's", () => {
  const book = new PinBook({ path: "/nowhere", digest, log: new Told() });
  for (const name of ["fs", "files", "my files", "mail"]) book.board(name);
  for (const name of ["fs", "Fs", "my files", "mai1"]) {
    assert.throws(() => book.board(name), { code: "server-name-taken" });
  }
});

Deno.test("look() never lets through a tool that is not what was pinned, whatever is listed", async () => {
  const tool = fc.record({
    name: fc.constantFrom("a", "b", "c", "A", "x y"),
    description: fc.constantFrom("1", "2"),
  });
  const lists = fc.array(fc.array(tool, { maxLength: 4 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lists, (lists) =>
      withLockPath(async (path) => {
        const board = boardOf(path);
        const first = new Map<string, string>();
        for (const list of lists) {
          const refused = await board.look(list);
          for (const { name, description } of list) {
            if (refused.has(name)) continue;
            assert.equal(first.get(name) ?? description, description);
            first.set(name, description);
          }
          assert.ok(!(first.has("a") && first.has("A")) && !first.has("x y"));
        }
      })),
    { numRuns: 40 },
  );
});
