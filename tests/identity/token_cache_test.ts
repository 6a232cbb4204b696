import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenCache } from "../../src/identity/token_cache.ts";

Deno.test("TokenCache forgets what was not used, the oldest first, by count and by characters", () => {
  const cache = new TokenCache<number>({ maxTokens: 2, maxChars: 10 });
  cache.set("aa", 1);
  cache.set("bb", 2);
  assert.equal(cache.get("aa"), 1);
  cache.set("cc", 3);
  assert.deepEqual(["aa", "bb", "cc"].map((token) => cache.get(token)), [1, undefined, 3]);
  cache.set("dd", 4);
  assert.equal(cache.size, 2);
  assert.equal(cache.get("dd"), 4);
  cache.set("d".repeat(9), 4);
  assert.equal(cache.size, 1);
  cache.set("e".repeat(11), 5);
  assert.deepEqual([cache.size, cache.get("e".repeat(11))], [1, undefined]);
});

Deno.test("TokenCache never holds more than it may, whatever is done", () => {
  const step = fc.tuple(fc.constantFrom("set", "get", "delete"), fc.string({ maxLength: 6 }));
  assert.equal(new TokenCache({ maxTokens: 0, maxChars: 8 }).get("a"), undefined);
  fc.assert(fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
    const cache = new TokenCache<string>({ maxTokens: 3, maxChars: 8 });
    const held = new Set<string>();
    for (const [what, token] of steps) {
      if (what === "set") cache.set(token, token);
      if (what === "delete") cache.delete(token);
      if (what === "get") assert.ok([undefined, token].includes(cache.get(token)));
      held.add(token);
      const kept = [...held].filter((one) => cache.get(one) !== undefined);
      assert.equal(kept.length, cache.size);
      assert.ok(cache.size <= 3 && kept.join("").length <= 8);
    }
  }));
});
