import assert from "node:assert/strict";
import { loadPreset, PRESET_NAMES, PRESETS } from "../../src/policy/presets.ts";
import lists from "./tool_lists.json" with { type: "json" };

interface Annotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
}

/** What each server answered to tools/list, to a client with every capability. */
const LISTS: Readonly<Record<string, Readonly<Record<string, Annotations | null>>>> = lists;

async function fileOf(name: string) {
  const url = new URL(`../../policies/presets/${name.replaceAll("-", "_")}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

Deno.test("loadPreset() knows exactly the tools that the server lists", async () => {
  assert.deepEqual(Object.keys(LISTS).sort(), [...PRESET_NAMES].sort());
  for (const name of PRESET_NAMES) {
    const { tools } = await loadPreset(name);
    assert.deepEqual([...tools.keys()].sort(), Object.keys(LISTS[name] ?? {}).sort(), name);
  }
});

Deno.test("loadPreset() calls no tool read that its own server calls not read-only", async () => {
  for (const name of PRESET_NAMES) {
    const { tools } = await loadPreset(name);
    for (const [tool, annotations] of Object.entries(LISTS[name] ?? {})) {
      if (annotations?.readOnlyHint === false) {
        assert.notEqual(tools.get(tool)?.action, "read", tool);
      }
    }
  }
});

Deno.test("loadPreset() does not believe get-env, which calls itself read-only and gives away every secret", async () => {
  assert.equal(LISTS.everything?.["get-env"]?.readOnlyHint, true);
  const { tools } = await loadPreset("everything");
  assert.equal(tools.get("get-env")?.action, "execute");
  assert.match(tools.get("get-env")?.note ?? "", /environment variable/);
  assert.equal(tools.get("gzip-file-as-resource")?.action, "execute");
});

Deno.test("loadPreset() calls raw SQL execute", async () => {
  assert.equal((await loadPreset("mcp-sqlite")).tools.get("query")?.action, "execute");
  const { tools } = await loadPreset("sqlite-npx");
  assert.equal(tools.get("write_query")?.action, "execute");
  assert.equal(tools.get("read_query")?.action, "read");
});

Deno.test("presets' files say the same as the index that is always loaded", async () => {
  const files = [...Deno.readDirSync(new URL("../../policies/presets", import.meta.url))];
  assert.equal(files.length, PRESET_NAMES.length);
  for (const [name, { shortName, packages }] of PRESETS) {
    const file = await fileOf(name);
    assert.deepEqual([file.name, file.shortName, file.packages], [name, shortName, packages]);
    assert.ok(file.versions.length > 0 && file.about.length > 0, name);
  }
});

Deno.test("loadPreset() refuses a name that is none", async () => {
  await assert.rejects(loadPreset("constructor"), { code: "unknown-preset" });
});
