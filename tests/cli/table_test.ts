import assert from "node:assert/strict";
import { painter } from "../../src/cli/paint.ts";
import { columns } from "../../src/cli/table.ts";

Deno.test("columns() lines cells up whatever their colour", () => {
  const rows = [["name", "what"], [{ text: "a", ink: "red" as const }, "x"], ["longer", "y"]];
  assert.deepEqual(columns(rows, painter(false)), ["name    what", "a       x", "longer  y"]);
  assert.deepEqual(columns(rows, painter(true)), [
    "name    what",
    "\x1b[31ma\x1b[39m       x",
    "longer  y",
  ]);
});

Deno.test("columns() escapes what a server put into its names", () => {
  const [line = ""] = columns([["\x1b[2Jtool\r\nfake line", "end"]], painter(false));
  assert.equal(line, "\\u{1b}[2Jtool\\u{d}\\u{a}fake line  end");
});
