import assert from "node:assert/strict";
import { bearerRefusal, readBearerToken } from "../../src/identity/bearer_token.ts";

const TAKEN: readonly (readonly [string, string])[] = [
  ["Bearer abc", "abc"],
  ["bearer abc", "abc"],
  ["BEARER   abc", "abc"],
  ["Bearer a-b.c_d~e+f/g==", "a-b.c_d~e+f/g=="],
  ["Bearer Bearer", "Bearer"],
];

const REFUSED: readonly (readonly [string | null | undefined, string])[] = [
  [null, "absent"],
  [undefined, "absent"],
  ["", "absent"],
  ["Basic abc", "other-scheme"],
  ["Bearerabc", "other-scheme"],
  ["abc", "other-scheme"],
  ["Bearer", "malformed"],
  ["Bearer ", "malformed"],
  ["Bearer  ", "malformed"],
  ["Bearer\tabc", "malformed"],
  ["Bearer abc def", "malformed"],
  ["Bearer abc ", "malformed"],
  ["Bearer abc, Bearer def", "malformed"],
  ["Bearer abc,Bearer abc", "malformed"],
  ["Bearer abc,", "malformed"],
  ["Bearer ,abc", "malformed"],
  ["Bearer,abc", "malformed"],
  ["Basic abc, Bearer def", "malformed"],
  ["Bearer token=abc", "malformed"],
  ["Bearer =abc", "malformed"],
  ["Bearer =", "malformed"],
  ['Bearer "abc"', "malformed"],
  ["Bearer a\u00e9", "malformed"],
  ["Bearer \u212a", "malformed"],
  ["\u212aearer abc", "other-scheme"],
];

Deno.test("readBearerToken() takes one b64token after the scheme", () => {
  for (const [header, token] of TAKEN) {
    assert.deepEqual(readBearerToken(header), { ok: true, value: token }, header);
  }
});

Deno.test("readBearerToken() refuses every other header by what is wrong with it", () => {
  for (const [header, fault] of REFUSED) {
    assert.deepEqual(readBearerToken(header), { ok: false, error: fault }, String(header));
  }
});

Deno.test("readBearerToken() refuses several headers, as the platform joins them", () => {
  const headers = new Headers([["authorization", "Bearer a"], ["authorization", "Bearer b"]]);
  assert.equal(readBearerToken(headers.get("authorization")).ok, false);
});

Deno.test("readBearerToken() takes a time that grows with the header alone", () => {
  const long = "=".repeat(1_000_000);
  assert.equal(readBearerToken(`Bearer ${long}`).ok, false);
  assert.equal(readBearerToken(`Bearer a${long},`).ok, false);
  assert.equal(readBearerToken(`Bearer${" ".repeat(1_000_000)}`).ok, false);
});

Deno.test("bearerRefusal() tells a header that is wrong from one that is not there", () => {
  assert.deepEqual(
    (["absent", "other-scheme", "malformed"] as const).map((fault) => {
      const reason = bearerRefusal(fault);
      return reason.code === "unauthenticated" ? reason.detail : reason.code;
    }),
    ["no_token", "no_token", "invalid_request"],
  );
});
