import assert from "node:assert/strict";
import { countLeadingClimbs } from "../../src/grammar/climb.ts";

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
