import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_DECODING_ROUNDS, pathReadings } from "../../src/grammar/path_readings.ts";

Deno.test("pathReadings() has nothing to add to a plain name", () => {
  assert.deepEqual(pathReadings("src/a.ts"), ["src/a.ts"]);
});

Deno.test("pathReadings() decodes four times and no more", () => {
  let text = ".";
  for (let i = 0; i < MAX_DECODING_ROUNDS; i++) text = encodeFully(text);
  assert.ok(pathReadings(text).includes("."));
  assert.ok(!pathReadings(encodeFully(text)).includes("."));
});

Deno.test("pathReadings() spells plainly before it decodes, too", () => {
  assert.ok(pathReadings("\uff052e\uff0e").includes(".."));
});

Deno.test("pathReadings() takes a file URL without query and fragment", () => {
  assert.ok(pathReadings("file:///a/b?c#d").includes("file:///a/b"));
});

Deno.test("pathReadings() starts with the value and stays few", () => {
  const unit = fc.constantFrom(
    "%",
    "2",
    "5",
    "e",
    "c",
    "0",
    "/",
    "\\",
    " ",
    "\uff05",
    "?",
    "file:",
  );
  fc.assert(fc.property(fc.string({ unit }), (text) => {
    const readings = pathReadings(text);
    assert.equal(readings[0], text);
    assert.equal(new Set(readings).size, readings.length);
    assert.ok(readings.length <= 60);
  }));
});

function encodeFully(text: string): string {
  return [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("");
}
