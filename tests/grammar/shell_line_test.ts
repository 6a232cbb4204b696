import assert from "node:assert/strict";
import fc from "fast-check";
import { readShellLine } from "../../src/grammar/shell_line.ts";

function read(text: string): readonly (readonly string[])[] {
  return readShellLine(text, { start: 0, closer: "" }).commands.map(({ words }) =>
    words.map(({ text }) => text)
  );
}

Deno.test("readShellLine() parts commands and words as a shell does", () => {
  assert.deepEqual(read("a b && c|d;e"), [["a", "b"], ["c"], ["d"], ["e"]]);
  assert.deepEqual(read(`a "b;c" 'd|e' f\\;g h\\ i`), [["a", "b;c", "d|e", "f;g", "h i"]]);
  assert.deepEqual(read("c'u'r\\l x#y # z; q"), [["curl", "x#y"]]);
  assert.deepEqual(read("a${IFS}b$IFS$9c"), [["a", "b", "c"]]);
  assert.deepEqual(read("{rm,-r,x}"), [["rm", "-r", "x"]]);
  assert.deepEqual(read("a>b"), [["a", ">", "b"]]);
});

Deno.test("readShellLine() takes a quote that nothing closes for one that closes", () => {
  assert.deepEqual(read(`a b" c`), [["a", "b", "c"]]);
});

Deno.test("readShellLine() ends at the closing mark of its own substitution", () => {
  const text = "x$(a $(b) (c)) d";
  assert.deepEqual({ ...readShellLine(text, { start: 3, closer: ")" }), commands: [] }, {
    commands: [],
    end: 13,
    closed: true,
  });
  assert.equal(readShellLine("a b", { start: 0, closer: "`" }).closed, false);
});

Deno.test("readShellLine() reads a bounded part of long text and never throws", () => {
  assert.ok(readShellLine("a;".repeat(50_000), { start: 0, closer: "" }).commands.length <= 17);
  assert.ok(readShellLine("a".repeat(100_000), { start: 0, closer: "" }).end <= 4096);
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.constantFrom<(")" | "`" | "")[]>(")", "`", ""),
      (text, closer) => {
        const { end } = readShellLine(text, { start: 0, closer });
        assert.ok(end >= 0 && end <= text.length);
      },
    ),
  );
});
