import assert from "node:assert/strict";
import { loadPreset, PRESET_NAMES, PRESETS } from "../../src/policy/presets.ts";
import { readPreset } from "../../src/policy/preset_file.ts";
import texts from "./tool_arguments.json" with { type: "json" };
import lists from "./tool_lists.json" with { type: "json" };

interface Annotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
}

/** What each server answered to tools/list, to a client with every capability. */
const LISTS: Readonly<Record<string, Readonly<Record<string, Annotations | null>>>> = lists;

/** Every argument of each tool that can hold text, from the server's own input schemas. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = texts;

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

Deno.test("loadPreset() says of every argument that can hold text what it is, and of no other", async () => {
  for (const name of PRESET_NAMES) {
    const { tools } = await loadPreset(name);
    for (const [tool, known] of tools) {
      assert.deepEqual(
        [...known.arguments.keys()].sort(),
        [...TEXTS[name]?.[tool] ?? []].sort(),
        `${name} ${tool}`,
      );
    }
  }
});

Deno.test("loadPreset() lets raw SQL and commands decide what their call does", async () => {
  const statements: string[] = [];
  for (const name of PRESET_NAMES) {
    for (const [tool, { action, statement }] of (await loadPreset(name)).tools) {
      if (statement === undefined) continue;
      assert.equal(action, "execute", tool);
      statements.push(`${name} ${tool} ${statement.from} ${statement.argument}`);
    }
  }
  assert.deepEqual(statements.sort(), [
    "commands run_command command /command",
    "desktop-commander start_process command /command",
    "mcp-sqlite query sql /sql",
    "postgres query sql /sql",
    "sqlite-npx write_query sql /query",
  ]);
  assert.equal((await loadPreset("sqlite-npx")).tools.get("read_query")?.action, "read");
});

Deno.test("loadPreset() gives nobody who reads and writes a tool that runs, sends or destroys", async () => {
  const dangerous = {
    "git": ["git_clean", "git_reset", "git_push", "git_clear_working_dir", "git_clone"],
    "playwright": [
      "browser_run_code_unsafe",
      "browser_evaluate",
      "browser_file_upload",
      "browser_navigate",
    ],
    "desktop-commander": [
      "start_process",
      "interact_with_process",
      "kill_process",
      "set_config_value",
      "write_pdf",
    ],
    "commands": ["run_command"],
    "postgres": ["query"],
    "memory": ["delete_entities", "delete_observations", "delete_relations"],
  };
  for (const [name, tools] of Object.entries(dangerous)) {
    const preset = await loadPreset(name);
    for (const tool of tools) {
      const action = preset.tools.get(tool)?.action ?? "unknown";
      assert.ok(action === "delete" || action === "execute", `${tool}: ${action}`);
    }
  }
});

Deno.test("loadPreset() knows the prompts that run what they are given", async () => {
  const found: string[] = [];
  for (const name of PRESET_NAMES) {
    for (const [prompt, { action, statement }] of (await loadPreset(name)).prompts) {
      found.push(`${name} ${prompt} ${action} ${statement?.argument}`);
    }
  }
  assert.deepEqual(found, ["commands run_command execute /command"]);
});

Deno.test("readPreset() refuses what is not sound", () => {
  const file = (tool: unknown, more = {}) => ({
    name: "x",
    versions: ["1.0.0"],
    tools: { t: tool },
    ...more,
  });
  const kinds = { sql: "sql", "/many/*": "sql" };
  assert.equal(readPreset(file({ action: "read" }), "x").tools.get("t")?.action, "read");
  const bad = [
    null,
    [],
    { name: "x", versions: ["1"], tools: [] },
    file({ action: "read" }, { name: "y" }),
    file({ action: "read" }, { versions: [] }),
    file({ action: "read" }, { toools: {} }),
    file({ action: "read" }, { prompts: [] }),
    file({ action: "read" }, { prompts: { p: {} } }),
    file({}),
    file({ action: "control" }),
    file({ action: "read", notes: "" }),
    file({ action: "read", note: 5 }),
    file({ action: "read", arguments: { a: "pth" } }),
    file({ action: "read", arguments: { a: 5 } }),
    file({ action: "read", arguments: { a: "path", "/a": "path" } }),
    file({ action: "execute", from: "sql", arguments: kinds }),
    file({ action: "read", from: { from: "sql", argument: "/sql" }, arguments: kinds }),
    file({ action: "execute", from: { from: "sql", argument: "/many/*" }, arguments: kinds }),
    file({ action: "execute", from: { from: "command", argument: "/sql" }, arguments: kinds }),
    file({ action: "execute", from: { from: "sql", argument: "/none" }, arguments: kinds }),
  ];
  for (const each of bad) {
    assert.throws(() => readPreset(each, "x"), { code: "bad-preset" }, JSON.stringify(each));
  }
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
