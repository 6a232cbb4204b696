import assert from "node:assert/strict";
import fc from "fast-check";
import { countLeadingClimbs } from "../../src/grammar/climb.ts";
import { decodingRounds } from "../../src/grammar/percent.ts";

Deno.test("countLeadingClimbs() counts steps up at the start in every disguise", () => {
  const counts: Readonly<Record<string, number>> = {
    "../../x": 2,
    "..\\..\\..\\x": 3,
    "/./../.././../x": 3,
    "..//..///x": 2,
    "../..": 2,
    "%2e%2e/%2e%2e%2fx": 2,
    "%252e%252e%255c..%255cx": 2,
    "%c0%ae./.%c0%ae/x": 2,
    "．．／．．／x": 2,
    "‥/‥/x": 2,
    "../x": 1,
    "..": 1,
    "": 0,
    "x/../../..": 0,
    "...": 0,
    ".../...": 0,
    "..x/../": 0,
    "\\.\\./": 0,
  };
  for (const [path, count] of Object.entries(counts)) {
    assert.equal(countLeadingClimbs(path), count, path);
  }
});

/** The definition: segments counted in everything that the path becomes. */
function countEverywhere(path: string): number {
  const counts = decodingRounds(path.slice(0, 512)).map((text) => {
    const segments = text.normalize("NFKC").split(/[/\\]+/).filter((one) => !/^\.?$/.test(one));
    const other = segments.findIndex((one) => one !== "..");
    return other < 0 ? segments.length : other;
  });
  return Math.max(...counts);
}

Deno.test("countLeadingClimbs() counts what decoding and counting everything would", () => {
  const unit = fc.oneof(
    fc.constantFrom(..."./\\%25eEaA ", "%2e", "%2f", "%5c", "%u002e", "‥", "．", "\u0338"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
      const path = units.join("");
      assert.equal(countLeadingClimbs(path), countEverywhere(path), JSON.stringify(path));
    }),
    { numRuns: 2000 },
  );
});
