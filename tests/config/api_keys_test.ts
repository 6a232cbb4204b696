import assert from "node:assert/strict";
import { parseApiKeys } from "../../src/config/api_keys.ts";

const HASH = `sha256:${"0".repeat(64)}`;

Deno.test("parseApiKeys() reads keys with their roles and scopes", () => {
  const text = JSON.stringify([{ id: "ci", hash: HASH, roles: ["dev"] }, { id: "b", hash: HASH }]);
  assert.deepEqual(parseApiKeys(text), {
    ok: true,
    value: [
      { id: "ci", hash: HASH, roles: ["dev"], scopes: [] },
      { id: "b", hash: HASH, roles: [], scopes: [] },
    ],
  });
});

Deno.test("parseApiKeys() says what is wrong and where", () => {
  const faults: Readonly<Record<string, RegExp>> = {
    "{": /no JSON/,
    "{}": /no array/,
    "[]": /no array/,
    "[1]": /^\/0: must be an object/,
    '[{"id":"a"}]': /^\/0\/hash: /,
    '[{"hash":"x","id":""}]': /^\/0\/id: /,
    [`[{"id":"a","hash":"${HASH.toUpperCase()}"}]`]: /^\/0\/hash: /,
    [`[{"id":"a","hash":"${HASH}","role":["dev"]}]`]: /^\/0\/role: unknown/,
    [`[{"id":"a","hash":"${HASH}","roles":"dev"}]`]: /^\/0\/roles: /,
    [`[{"id":"a","hash":"${HASH}"},{"id":"b","hash":"${HASH}","scopes":[1]}]`]: /^\/1\/scopes: /,
  };
  for (const [text, fault] of Object.entries(faults)) {
    const read = parseApiKeys(text);
    assert.ok(!read.ok, text);
    assert.match(read.error, fault, text);
  }
});
