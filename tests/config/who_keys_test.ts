import assert from "node:assert/strict";
import { ALGORITHMS } from "../../src/config/who_keys.ts";
import { KEY_OF_ALGORITHM } from "../../src/identity/jws.ts";

Deno.test("ALGORITHMS are those that can be verified", () => {
  assert.deepEqual([...ALGORITHMS].sort(), Object.keys(KEY_OF_ALGORITHM).sort());
});
