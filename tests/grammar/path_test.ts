import assert from "node:assert/strict";
import { posix } from "node:path";
import fc from "fast-check";
import { isWithin, parsePath, resolvePath } from "../../src/grammar/path.ts";

const ROOT = { drive: "", segments: [] };

Deno.test("parsePath() tells where a path starts", () => {
  const kinds: Readonly<Record<string, string>> = {
    "a/b": "relative",
    "": "relative",
    "/a": "root",
    "\\a": "root",
    "C:\\a": "drive",
    "z:": "drive",
    "\\\\host\\share": "share",
    "~": "home",
    "~root/x": "home",
    "https://example.com/x": "url",
    "data:text/plain,x": "url",
    "file:///a/b": "root",
    "FILE://LocalHost/a": "root",
    "file:a/b": "relative",
    "file://host/share": "share",
    "file:///c:/x": "drive",
    "file:///c|/x": "drive",
    "file:file:/a": "root",
    "jar:file:/a.jar!/b": "url",
    "10:30 minutes.md": "relative",
    "notes: draft.md": "relative",
  };
  for (const [text, kind] of Object.entries(kinds)) {
    assert.equal(parsePath(text, { backslash: true }).start.kind, kind, text);
  }
});

Deno.test("parsePath() and resolvePath() normalise as POSIX does", () => {
  const name = fc.constantFrom("a", "b.c", "..", ".", "...", "a..", " ", "");
  fc.assert(fc.property(fc.array(name, { maxLength: 12 }), (names) => {
    const text = `/${names.join("/")}`;
    const { segments } = resolvePath(ROOT, parsePath(text, { backslash: false }).segments);
    const expected = posix.normalize(text).split("/").filter((part) => part !== "");
    assert.deepEqual(segments, expected);
  }));
});

Deno.test("parsePath() separates at backslashes only when told", () => {
  assert.deepEqual(parsePath("a\\b/c", { backslash: true }).segments, ["a", "b", "c"]);
  assert.deepEqual(parsePath("a\\b/c", { backslash: false }).segments, ["a\\b", "c"]);
});

Deno.test("isWithin() compares whole names, and drives without case", () => {
  const at = (text: string) => {
    const { start, segments } = parsePath(text, { backslash: true });
    return { drive: start.kind === "drive" ? start.drive : "", segments };
  };
  assert.ok(isWithin(at("/w/a/b"), at("/w/a")));
  assert.ok(isWithin(at("/w/a"), at("/w/a")));
  assert.ok(isWithin(at("/w"), at("/")));
  assert.ok(!isWithin(at("/w/ab"), at("/w/a")));
  assert.ok(!isWithin(at("/w"), at("/w/a")));
  assert.ok(!isWithin(at("/W/a"), at("/w")));
  assert.ok(isWithin(at("C:\\W\\a"), at("c:/w")));
  assert.ok(!isWithin(at("D:/w/a"), at("C:/w")));
});

Deno.test("parsePath() takes any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, backslash) => {
    const { segments } = parsePath(text, { backslash });
    assert.ok(segments.every((name) => name !== "" && !name.includes("/")));
  }));
});
