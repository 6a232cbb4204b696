import assert from "node:assert/strict";
import fc from "fast-check";
import { endsNameInBackslash } from "../../src/base/json.ts";
import { parse } from "lossless-json";
import { isRawNumber, member } from "../../src/base/json.ts";
import { readStrictJson } from "../../src/identity/strict_json.ts";

function read(text: string) {
  return readStrictJson(new TextEncoder().encode(text));
}

Deno.test("readStrictJson() reads what every parser reads alike", () => {
  const safe = fc.object({
    key: fc.string({ minLength: 2 }),
    maxDepth: 4,
    withNullPrototype: false,
  });
  fc.assert(fc.property(safe, (value) => {
    const text = JSON.stringify(value);
    fc.pre(!text.includes('"__proto__":') && !endsNameInBackslash(text));
    const answer = read(text);
    assert.ok(answer.ok);
    assert.equal(JSON.stringify(answer.value), text);
  }));
});

/** Names of which some are one name in two spellings. */
const name = fc.constantFrom('"a"', '"\\u0061"', '"b"', '"b:{,"', '"\\""');
/** Values that differ by where they stand, for the other reader minds no member that is written twice alike. */
const value = fc.constantFrom(
  (at: number) => `${at}`,
  (at: number) => `":${at}"`,
  (at: number) => `[{}, ${at}]`,
  (at: number) => `{"a": ${at}}`,
  (at: number) => `{"a": ${at}, "a": -1}`,
);
const written = fc.array(fc.tuple(name, value), { maxLength: 4 }).map((members) =>
  `{${members.map(([name, value], at) => `${name} : ${value(at)}`).join(", ")}}`
);

// INVARIANT: Ambiguous JSON (duplicate keys) from a client is refused, never repaired.
Deno.test("readStrictJson() finds a member twice wherever an independent reader does", () => {
  fc.assert(
    fc.property(written, (text) => {
      const answer = read(text);
      assert.equal(answer.ok, !isAmbiguous(text), text);
      if (!answer.ok) assert.equal(answer.error, "duplicate-member");
    }),
    { numRuns: 2_000 },
  );
});

function isAmbiguous(text: string): boolean {
  try {
    parse(text);
    return false;
  } catch (error) {
    assert.match(String(error), /Duplicate key/);
    return true;
  }
}

Deno.test("readStrictJson() keeps the digits of a number that a double would change", () => {
  const answer = read('{"a":12345678901234567891,"b":1,"c":1.50,"d":1e3,"e":-0}');
  assert.ok(answer.ok);
  for (
    const [name, raw] of [["a", true], ["b", false], ["c", true], ["d", true], ["e", true]] as const
  ) {
    assert.equal(isRawNumber(member(answer.value, name)), raw, name);
  }
  assert.match(JSON.stringify(answer.value), /12345678901234567891/);
});

Deno.test("readStrictJson() reads as deep as it says, and no deeper", () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  assert.equal(read(nested(32)).ok, true);
  assert.deepEqual(read(nested(33)), { ok: false, error: "too-deep" });
  assert.deepEqual(read("[".repeat(1_000_000)), { ok: false, error: "too-deep" });
});

Deno.test("readStrictJson() refuses a name that the platform may have misread", () => {
  assert.deepEqual(read('{"b":0,"\\\\":1}'), { ok: false, error: "unsafe-text" });
  // The shape of the object before makes V8 15.0 take the escape for the whole name.
  const answer = read('{"b":0,"\\u0061":1}');
  if (answer.ok) assert.deepEqual(Object.keys(answer.value), ["b", "a"]);
  else assert.equal(answer.error, "unsafe-text");
});
