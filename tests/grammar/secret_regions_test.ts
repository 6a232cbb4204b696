import assert from "node:assert/strict";
import fc from "fast-check";
import { nextRegion } from "../../src/grammar/secret_regions.ts";

function regions(text: string): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0;;) {
    const region = nextRegion(text, at);
    if (region === undefined) return found;
    assert.ok(region.start >= at && region.end > region.start && region.end <= text.length);
    found.push([region.start, region.end]);
    at = region.end;
  }
}

Deno.test("nextRegion() gives every twenty characters without white space, and what names them", () => {
  const piece = fc.oneof(
    fc.constantFrom(" ", "\n", "\t", "\r", "\u00a0", "é"),
    fc.nat(45).map((length) => "x".repeat(length)),
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const text = pieces.join("");
    const found = regions(text);
    for (const { 0: run, index } of text.matchAll(/[^ \t-\r]{20,}/g)) {
      const end = index + run.length;
      const before = found.filter(([, to]) => to < end).at(-1)?.[1] ?? 0;
      const start = Math.max(before, index - 64);
      assert.ok(found.some(([from, to]) => from === start && to === end), JSON.stringify(text));
    }
    assert.equal(found.length, [...text.matchAll(/[^ \t-\r]{20,}/g)].length);
  }));
});

Deno.test("nextRegion() gives the whole text when a key begins in it", () => {
  const text = "a -----BEGIN b";
  assert.deepEqual(regions(text), [[0, text.length]]);
  assert.deepEqual(regions("a ----- BEGIN b"), []);
});
