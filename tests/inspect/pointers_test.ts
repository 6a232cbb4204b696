import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { indexPointers } from "../../src/inspect/pointer_index.ts";
import {
  type ArgumentPointer,
  firstInStrings,
  parsePointer,
  pointerTo,
  valuesAt,
} from "../../src/inspect/pointers.ts";

function pointer(text: string): ArgumentPointer {
  const result = parsePointer(text);
  assert.ok(result.ok, text);
  return result.value;
}

Deno.test("parsePointer() reads RFC 6901, and a bare word as one argument", () => {
  assert.deepEqual(pointer("/a/*/b~1c~0d").steps, ["a", "*", "b/c~d"]);
  assert.deepEqual(pointer("a/b~1"), { text: "/a~1b~01", steps: ["a/b~1"] });
  for (const text of ["", "/a~2", "/a~", `/${"a/".repeat(64)}`]) {
    assert.equal(parsePointer(text).ok, false, text);
  }
});

Deno.test("valuesAt() gives every value that a star stands for, with its own pointer", () => {
  const args: JsonObject = {
    edits: [{ to: "x" }, { from: "y" }, { to: 1 }],
    env: { A: "1", B: "2" },
  };
  const at = (text: string) => [...valuesAt(args, pointer(text))].map((v) => [v.pointer, v.value]);
  assert.deepEqual(at("/edits/*/to"), [["/edits/0/to", "x"], ["/edits/2/to", 1]]);
  assert.deepEqual(at("/env/*"), [["/env/A", "1"], ["/env/B", "2"]]);
  assert.deepEqual(at("/edits/1"), [["/edits/1", { from: "y" }]]);
  for (const none of ["/toString", "/edits/01", "/edits/-", "/env/A/x", "/edits/length"]) {
    assert.deepEqual(at(none), [], none);
  }
});

function stringsOf(args: JsonObject): { pointer: string; text: string }[] {
  const strings: { pointer: string; text: string }[] = [];
  firstInStrings(args, (text, { pointer }) => {
    strings.push({ pointer, text });
    return undefined;
  });
  return strings;
}

Deno.test("firstInStrings() shows every string and every key, in their order", () => {
  const args: JsonObject = { a: "1", b: [null, "2", { "c/d": ["3"], e: 4 }] };
  assert.deepEqual(stringsOf(args).map(({ pointer, text }) => `${pointer} ${text}`), [
    "/a a",
    "/a 1",
    "/b b",
    "/b/1 2",
    "/b/2/c~1d c/d",
    "/b/2/c~1d/0 3",
    "/b/2/e e",
  ]);
});

Deno.test("firstInStrings() tells names from values, and stops where something is said", () => {
  const args: JsonObject = { a: ["x", { b: "x" }], x: "a", "__proto__": "y" };
  const keys: string[] = [];
  const found = firstInStrings(args, (text, { isKey, steps }) => {
    keys.push(`${isKey ? "key" : "value"} ${text}`);
    return text === "x" && isKey ? steps : undefined;
  });
  assert.deepEqual(found, ["x"]);
  assert.deepEqual(keys, ["key a", "value x", "key b", "value x", "key x"]);
});

Deno.test("firstInStrings() finds as many strings as the JSON text holds, however deep", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    const args = JSON.parse(JSON.stringify(value)) as JsonObject;
    let inJson = 0;
    JSON.stringify(args, function (name, held) {
      if (name !== "" || held !== args) {
        if (!Array.isArray(this)) inJson++;
        if (typeof held === "string") inJson++;
      }
      return held;
    });
    assert.equal(stringsOf(args).length, inJson);
  }));
  let deep: JsonValue = "end";
  for (let level = 0; level < 20_000; level++) deep = [deep];
  let count = 0;
  firstInStrings({ deep }, () => {
    count++;
    return undefined;
  });
  assert.equal(count, 2);
});

Deno.test("indexPointers() prefers what reaches deepest, then what names a step", () => {
  const declared = ["/a", "/a/*", "/a/0", "/*/0", "/a/*/x", "/*/1/*"];
  const index = indexPointers(declared.map((text) => [pointer(text), text]));
  const covering = (text: string) => {
    const found = index.covering(pointer(text).steps);
    return found === undefined ? undefined : `${found.declared}${found.exact ? "" : " …"}`;
  };
  assert.equal(covering("/a"), "/a");
  assert.equal(covering("/a/0"), "/a/0");
  assert.equal(covering("/a/1"), "/a/*");
  assert.equal(covering("/a/1/x"), "/a/*/x");
  assert.equal(covering("/a/1/y"), "/*/1/*");
  assert.equal(covering("/a/0/y"), "/a/0 …");
  assert.equal(covering("/b/0"), "/*/0");
  assert.equal(covering("/b/2"), undefined);
});

Deno.test("pointerTo() and parsePointer() agree on every name", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    assert.deepEqual(pointer(pointerTo(pointerTo("", a), b)).steps, [a, b]);
  }));
});
