import assert from "node:assert/strict";
import { readArguments } from "../../src/cli/call_arguments.ts";
import { CliError, EXIT } from "../../src/cli/exit.ts";

function read(argument: readonly string[], json?: string) {
  return readArguments({ argument, arguments: json });
}

Deno.test("readArguments() has nothing where nothing is given", () => {
  assert.equal(read([]), undefined);
  assert.deepEqual(read([], "{}"), {});
});

Deno.test("readArguments() sets texts by name and by pointer, the first = deciding", () => {
  assert.deepEqual(read(["path=/a=b", "/edits/0/newText=x", "/edits/1/newText="]), {
    path: "/a=b",
    edits: [{ newText: "x" }, { newText: "" }],
  });
  assert.deepEqual(read(["/a~1b/~0=1"]), { "a/b": { "~": "1" } });
});

Deno.test("readArguments() sets texts in what was given whole", () => {
  assert.deepEqual(read(["/list/1=x", "n=2"], '{"n": 1, "list": ["a", "b"], "o": {"k": null}}'), {
    list: ["a", "x"],
    o: { k: null },
    n: "2",
  });
});

Deno.test("readArguments() takes names of inherited members for names", () => {
  const args = read(["/__proto__/x=1", "constructor=2"]);
  assert.deepEqual(JSON.stringify(args), '{"__proto__":{"x":"1"},"constructor":"2"}');
  assert.equal(Object.hasOwn(Object.prototype, "x"), false);
});

Deno.test("readArguments() refuses what it cannot read", () => {
  const wrong: [string[], string?][] = [
    [["path"]],
    [["=x"]],
    [["/paths/*=x"]],
    [["/a~b=x"]],
    [["/list/2=x"], '{"list": ["a"]}'],
    [["/list/name=x"], '{"list": []}'],
    [[], "{"],
    [[], "[]"],
    [[], "null"],
  ];
  for (const [argument, json] of wrong) {
    assert.throws(
      () => read(argument, json),
      (error) => error instanceof CliError && error.exit === EXIT.usage,
      `${argument} ${json}`,
    );
  }
});
