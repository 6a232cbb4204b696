import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import {
  isListMethod,
  type ItemList,
  type ListMethod,
  readList,
  toolHints,
  withItems,
} from "../../src/mcp/lists.ts";

const LEGACY = { revision: "2025-11-25" };
const MODERN = { revision: "2026-07-28" };

function read(method: ListMethod, result: JsonObject): ItemList {
  const list = readList(method, result);
  assert.ok(list.ok, list.ok ? "" : list.error.detail);
  return list.value;
}

const lists: readonly (readonly [ListMethod, string, string, string])[] = [
  ["tools/list", "tools", "name", "tool"],
  ["prompts/list", "prompts", "name", "prompt"],
  ["resources/list", "resources", "uri", "resource"],
  ["resources/templates/list", "resourceTemplates", "uriTemplate", "resource"],
];

for (const [method, member, name, kind] of lists) {
  Deno.test(`readList() gives the items of ${method} in their order, twins included`, () => {
    const items = ["b", "a", "b"].map((value) => ({ [name]: value, title: value }));
    const { items: found } = read(method, { [member]: items });
    assert.deepEqual(found.map((item) => item.name), ["b", "a", "b"]);
    assert.ok(found.every((item) => item.kind === kind));
    assert.ok(found.every((item, at) => item.value === items[at]));
    assert.equal(found[0]?.template, method === "resources/templates/list" ? true : undefined);
    assert.ok(isListMethod(method));
  });

  const misshapen: readonly (readonly [string, JsonValue, string])[] = [
    ["no list", {}, `/${member}`],
    ["null", { [member]: null }, `/${member}`],
    ["an object", { [member]: { length: 1, 0: { [name]: "a" } } }, `/${member}`],
    ["a text", { [member]: "a" }, `/${member}`],
    ["an item that is null", { [member]: [{ [name]: "a" }, null] }, `/${member}/1`],
    ["an item that is a list", { [member]: [[]] }, `/${member}/0`],
    ["an item without a name", { [member]: [{ title: "a" }] }, `/${member}/0/${name}`],
    ["an item whose name is no text", { [member]: [{ [name]: ["a"] }] }, `/${member}/0/${name}`],
    [
      "a second list under a name that differs by case",
      { [member]: [], [member.toUpperCase()]: [{ [name]: "hidden" }] },
      "",
    ],
    ["a second list under a NUL-ended name", { [member]: [], [`${member}\0`]: [] }, ""],
    [
      "a second list under a long s, which Go folds",
      { [member]: [], [member.replace("s", "ſ")]: [] },
      "",
    ],
    ["a second name that differs by case", {
      [member]: [{ [name]: "a", [name.toUpperCase()]: "hidden" }],
    }, `/${member}/0`],
  ];
  for (const [what, result, pointer] of misshapen) {
    Deno.test(`readList() refuses ${method} with ${what}`, () => {
      const list = readList(method, result as JsonObject);
      assert.ok(!list.ok);
      assert.equal(list.error.pointer, pointer);
    });
  }
}

Deno.test("readList() reads own members only", () => {
  assert.ok(!readList("tools/list", Object.create({ tools: [] })).ok);
  assert.ok(!readList("tools/list", { tools: [Object.create({ name: "a" })] }).ok);
});

Deno.test("isListMethod() knows no inherited names", () => {
  for (const name of ["constructor", "toString", "__proto__", "tools/call", ""]) {
    assert.equal(isListMethod(name), false);
  }
});

Deno.test("withItems() leaves out what is not kept and nothing else", () => {
  const tools: readonly JsonObject[] = [{ name: "a" }, { name: "b", title: "B" }, { name: "a" }];
  const result = {
    tools,
    nextCursor: "c",
    _meta: { x: 1 },
    extra: null,
  };
  const list = read("tools/list", result);
  const shorter = withItems(list, list.items.slice(1), LEGACY);
  assert.deepEqual(shorter, { ...result, tools: [{ name: "b", title: "B" }, { name: "a" }] });
  assert.deepEqual(Object.keys(shorter), Object.keys(result));
  assert.deepEqual(withItems(list, [], LEGACY), { ...result, tools: [] });
  assert.equal(result.tools.length, 3);
});

Deno.test("withItems() gives the same object when nothing changes", () => {
  const result = { tools: [{ name: "a" }], nextCursor: "c" };
  const list = read("tools/list", result);
  assert.equal(withItems(list, list.items, LEGACY), result);
  assert.equal(withItems(list, list.items, { revision: null }), result);
  const cached = { tools: [], ttlMs: 1000, cacheScope: "private" };
  assert.equal(withItems(read("tools/list", cached), [], MODERN), cached);
});

for (
  const [what, members, options] of [
    ["says public", { cacheScope: "public", ttlMs: 1000 }, MODERN],
    ["says public in a legacy revision", { cacheScope: "public" }, LEGACY],
    ["has only a time to live", { ttlMs: 0 }, { revision: null }],
    ["says nothing in a modern revision", {}, MODERN],
    ["says something else", { cacheScope: ["private"] }, MODERN],
  ] as const
) {
  Deno.test(`withItems() makes a result private that ${what}, even when all is kept`, () => {
    const result = { tools: [{ name: "a" }], ...members } as unknown as JsonObject;
    const list = read("tools/list", result);
    assert.deepEqual(withItems(list, list.items, options), { ...result, cacheScope: "private" });
    assert.deepEqual(withItems(list, [], options), { ...result, tools: [], cacheScope: "private" });
  });
}

Deno.test("withItems() never lets out an item that is not kept", () => {
  const items = fc.array(fc.record({ name: fc.string(), secret: fc.string() }));
  fc.assert(fc.property(items, fc.infiniteStream(fc.boolean()), (tools, picks) => {
    const list = read("tools/list", { tools });
    const kept = list.items.filter(() => picks.next().value === true);
    const { tools: left } = withItems(list, kept, MODERN) as { tools: readonly JsonValue[] };
    assert.deepEqual(left, kept.map((item) => item.value));
  }));
});

Deno.test("toolHints() takes only own booleans of annotations", () => {
  const tools: readonly JsonObject[] = [
    { name: "a", annotations: { readOnlyHint: true, destructiveHint: false, title: "A" } },
    { name: "b", annotations: { readOnlyHint: "true", destructiveHint: 1 } },
    { name: "c", annotations: "readOnlyHint" },
    { name: "d", readOnlyHint: true },
    { name: "e", annotations: Object.create({ readOnlyHint: true }) },
    { name: "__proto__", annotations: { destructiveHint: true } },
  ];
  const hints = toolHints(read("tools/list", { tools }));
  assert.deepEqual([...hints], [
    ["a", { readOnlyHint: true, destructiveHint: false }],
    ["b", {}],
    ["c", {}],
    ["d", {}],
    ["e", {}],
    ["__proto__", { destructiveHint: true }],
  ]);
});

for (
  const [first, second, expected] of [
    [{ readOnlyHint: true }, { readOnlyHint: false }, false],
    [{ readOnlyHint: false }, { readOnlyHint: true }, false],
    [{ readOnlyHint: true }, {}, false],
    [{ readOnlyHint: true }, { readOnlyHint: true }, true],
  ] as const
) {
  Deno.test(`toolHints() believes the graver of ${JSON.stringify([first, second])} under one name`, () => {
    const annotations: readonly JsonObject[] = [first, second];
    const tools = annotations.map((said) => ({ name: "a", annotations: said }));
    assert.equal(toolHints(read("tools/list", { tools })).get("a")?.readOnlyHint, expected);
  });
}

Deno.test("toolHints() takes a tool listed twice for destructive unless both say it is not", () => {
  const harmless = { name: "a", annotations: { destructiveHint: false } };
  const both = (second: JsonObject) =>
    toolHints(read("tools/list", { tools: [harmless, second] })).get("a")?.destructiveHint;
  assert.equal(both(harmless), false);
  assert.equal(both({ name: "a" }), true);
  assert.equal(both({ name: "a", annotations: { destructiveHint: true } }), true);
});

Deno.test("toolHints() finds none in other lists", () => {
  const prompts = [{ name: "a", annotations: { readOnlyHint: true } }];
  assert.equal(toolHints(read("prompts/list", { prompts })).size, 0);
});
