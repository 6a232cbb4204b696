import assert from "node:assert/strict";
import fc from "fast-check";
import { IdFinder } from "../../src/jsonrpc/id_finder.ts";
import { bytesOf } from "./reading.ts";

/** What a finder says after a line came in chunks of this many bytes. */
function find(line: string | Uint8Array, chunk = Infinity, maxIdBytes?: number): unknown {
  const bytes = bytesOf(line);
  const finder = maxIdBytes === undefined ? new IdFinder() : new IdFinder(maxIdBytes);
  for (let at = 0; at < bytes.length; at += chunk) finder.push(bytes.subarray(at, at + chunk));
  return [finder.id, finder.hasMethod];
}

const LINES: readonly (readonly [string, string | number | undefined, boolean])[] = [
  ['{"jsonrpc":"2.0","id":1,"method":"m"}', 1, true],
  ['{"id":-9007199254740991}', -9007199254740991, false],
  ['{"method":"m","params":{"id":2,"method":"x"},"id":"one"}', "one", true],
  ['{"result":{"id":2,"method":"x","a":[{"id":3}]},"id":4}', 4, false],
  ['{"result":"\\"id\\":9,\\"method\\"","id":4}', 4, false],
  ['{"result":["id",9,"method"],"id":4}', 4, false],
  ['{"x":"id","y":"method","id":4}', 4, false],
  ['{ "id" : 4 , "method" : 1 }', 4, true],
  ['{"\\u0069\\u0064":4,"m\\u0065thod":"m"}', 4, true],
  ['{"id":"\\u0061\\"\\\\\\ud83d\\ude00é"}', 'a"\\😀é', false],
  ['{"id":""}', "", false],
  ['{"ID":4,"id ":5,"Id":6}', undefined, false],
  ['{"id":1.0}', undefined, false],
  ['{"id":1.5}', undefined, false],
  ['{"id":1e2}', undefined, false],
  ['{"id":-0}', undefined, false],
  ['{"id":9007199254740992}', undefined, false],
  ['{"id":01}', undefined, false],
  ['{"id":null}', undefined, false],
  ['{"id":true}', undefined, false],
  ['{"id":{"id":1}}', undefined, false],
  ['{"id":[1]}', undefined, false],
  ['{"id":"\\ud800"}', undefined, false],
  ['{"id":"\\x"}', undefined, false],
  ['{"id":"a\nb"}', undefined, false],
  ['{"id":1,"id":1}', undefined, false],
  ['{"id":1,"x":0,"id":2}', undefined, false],
  ['{"id":1,"\\u0069d":2}', undefined, false],
  ['{"id":1', undefined, false], // it may go on: 12
  ['{"id":1 ', 1, false],
  ['{"id":"a"', "a", false],
  ['{"id":"a', undefined, false],
  ['{"id":1,"x":"abc', 1, false],
  ['{"id":1,"x":[[[[', 1, false],
  ['{"id":1}{"id":2,"method":"m"}', 1, false],
  ['[{"id":1,"method":"m"}]', undefined, false],
  ['"id"', undefined, false],
  ['text {"id":1}', undefined, false],
  ["", undefined, false],
  ['\ufeff \r\n\t{"id":1}', 1, false],
  ['{"x":1}}}},"id":1', undefined, false],
];

Deno.test("IdFinder finds the id of the outermost object, however the line is cut into chunks", () => {
  for (const [line, id, hasMethod] of LINES) {
    for (const chunk of [Infinity, 1, 2, 3, 5, 7, 16, 33]) {
      assert.deepEqual(find(line, chunk), [id, hasMethod], `${line} in chunks of ${chunk}`);
    }
  }
});

Deno.test("IdFinder finds the id behind a deep, broken or undecodable value", () => {
  const deep = "[".repeat(100_000);
  assert.deepEqual(find(`{"id":7,"a":${deep}`), [7, false]);
  assert.deepEqual(find(`{"a":${deep}${"]".repeat(100_000)},"id":7,"method":"m"}`), [7, true]);
  assert.deepEqual(find('{"a":nonsense,,:"id":7}'), [undefined, false]);
  assert.deepEqual(find('{"a":nonsense,"id":7}'), [7, false]);
  const bytes = bytesOf('{"a":"?","id":7}');
  bytes[6] = 0xff;
  assert.deepEqual(find(bytes), [7, false]);
  const id = bytesOf('{"id":"?"}');
  id[7] = 0xff;
  assert.deepEqual(find(id), [undefined, false]);
});

Deno.test("IdFinder refuses an id above its limit", () => {
  for (const chunk of [Infinity, 10]) {
    assert.deepEqual(find(`{"id":"${"x".repeat(1024)}"}`, chunk), ["x".repeat(1024), false]);
    assert.deepEqual(find(`{"id":"${"x".repeat(1025)}"}`, chunk), [undefined, false]);
    assert.deepEqual(find(`{"id":"${"é".repeat(512)}"}`, chunk), ["é".repeat(512), false]);
    assert.deepEqual(find(`{"id":"${"é".repeat(513)}"}`, chunk), [undefined, false]);
    assert.deepEqual(find(`{"id":"${"\\u0078".repeat(1024)}"}`, chunk), ["x".repeat(1024), false]);
    assert.deepEqual(find(`{"id":${"1".repeat(100_000)},"method":1}`, chunk), [undefined, true]);
    assert.deepEqual(find(`{"id":"${"x".repeat(17)}"}`, chunk, 16), [undefined, false]);
    assert.deepEqual(find(`{"${"k".repeat(100_000)}":1,"id":2}`, chunk), [2, false]);
  }
});

Deno.test("IdFinder agrees with JSON.parse on any object, cut anywhere", () => {
  const id = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.maxSafeInteger());
  const value = fc.record({ id, method: fc.string(), x: fc.json(), y: fc.json() }, {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 50 }), fc.boolean(), (value, chunk, indent) => {
      const line = JSON.stringify(value, null, indent ? 1 : 0);
      const wellFormed = typeof value.id !== "string" || value.id.isWellFormed();
      const expected = Object.is(value.id, -0) ? 0 : value.id;
      assert.deepEqual(find(line, chunk), [wellFormed ? expected : undefined, "method" in value]);
    }),
    { numRuns: 100 },
  );
});
