import assert from "node:assert/strict";
import type { ServerPins } from "../../../src/inspect/pins/fingerprint.ts";
import { readLockFile, updateLockFile } from "../../../src/inspect/pins/lock_file.ts";

const PINS: ServerPins = new Map([
  ["read", { hash: "sha256:1", definition: { description: "Reads" } }],
  ["__proto__", { hash: "sha256:2", definition: undefined }],
]);

async function inFolder(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/aegis.lock.json`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("updateLockFile() writes what readLockFile() reads, for the owner alone", () =>
  inFolder(async (path) => {
    assert.deepEqual(await readLockFile(path), { ok: true, value: new Map() });
    await updateLockFile(path, (servers) => new Map([...servers, ["fs", PINS]]));
    await updateLockFile(path, (servers) => new Map([...servers, ["db", new Map()]]));
    const read = await readLockFile(path);
    assert.deepEqual(read, { ok: true, value: new Map([["fs", PINS], ["db", new Map()]]) });
    if (Deno.build.os !== "windows") {
      assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    }
  }));

Deno.test("updateLockFile() loses no change of those that run at once, and leaves nothing beside", () =>
  inFolder(async (path) => {
    const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
    await Promise.all(
      names.map((name) => updateLockFile(path, (servers) => new Map([...servers, [name, PINS]]))),
    );
    const read = await readLockFile(path);
    assert.ok(read.ok);
    assert.deepEqual([...read.value.keys()].sort(), names);
    const folder = path.slice(0, path.lastIndexOf("/"));
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(files, ["aegis.lock.json", "aegis.lock.json.lock"]);
  }));

Deno.test("updateLockFile() writes nothing when nothing changes", () =>
  inFolder(async (path) => {
    await updateLockFile(path, (servers) => servers);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("readLockFile() and updateLockFile() refuse a file that holds something else", () =>
  inFolder(async (path) => {
    const texts = [
      "",
      "[]",
      "{",
      `{"version": 2, "servers": {}}`,
      `{"version": 1}`,
      `{"version": 1, "servers": {"fs": []}}`,
      `{"version": 1, "servers": {"fs": {"read": {}}}}`,
      `{"version": 1, "servers": {"fs": {"read": {"hash": "a", "definition": 1}}}}`,
      "\xff",
    ];
    for (const text of texts) {
      await Deno.writeFile(path, Uint8Array.from(text, (character) => character.charCodeAt(0)));
      assert.equal((await readLockFile(path)).ok, false, text);
      await assert.rejects(updateLockFile(path, () => new Map()), { code: "bad-lock-file" });
    }
    await Deno.remove(path);
    await Deno.mkdir(path);
    assert.equal((await readLockFile(path)).ok, false);
  }));
