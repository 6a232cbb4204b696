import assert from "node:assert/strict";
import { KnownTools } from "../../src/gateway/known_tools.ts";
import { readList } from "../../src/mcp/lists.ts";

Deno.test("A list that is asked for again and again, page by page, is kept like one asked for once", () => {
  const known = new KnownTools();
  const inputSchema = { type: "object", description: "x".repeat(100_000) };
  const page = (name: string) => {
    const read = readList("tools/list", { tools: [{ name, inputSchema }], nextCursor: "more" });
    assert.ok(read.ok);
    known.note({ list: read.value, paged: name !== "a", last: false, refused: new Map() });
  };
  for (let count = 0; count < 100; count++) for (const name of ["a", "b"]) page(name);
  for (const name of ["a", "b"]) assert.deepEqual(known.listing(name)?.inputSchema, inputSchema);
});

Deno.test("More schemas than are kept are known to be too large, and fit again when others went", () => {
  const known = new KnownTools();
  const list = (name: string, length: number) => {
    const inputSchema = { type: "object", description: "x".repeat(length) };
    const read = readList("tools/list", { tools: [{ name, inputSchema }], nextCursor: "more" });
    assert.ok(read.ok);
    known.note({ list: read.value, paged: true, last: false, refused: new Map() });
  };
  list("a", 7_900_000);
  list("b", 200_000);
  assert.equal(known.listing("b")?.tooLarge, true);
  list("a", 10);
  list("b", 200_000);
  assert.equal(known.listing("b")?.tooLarge, undefined);
});
