import assert from "node:assert/strict";
import fc from "fast-check";
import {
  carriedSecret,
  carriedSecretInAny,
  findCarriedSecrets,
} from "../../src/grammar/carried_secrets.ts";
import { decodePercent } from "../../src/grammar/percent.ts";
import { assertLinear } from "./growth.ts";
import { draw, SECRETS } from "./secret_samples.ts";

Deno.test("carriedSecret() finds secrets percent-encoded once and twice", () => {
  for (const [rule, secret] of SECRETS) {
    const once = `https://x.example/?d=${encodeAll(secret)}`;
    assert.equal(carriedSecret(once), rule);
    assert.equal(carriedSecret(once.replaceAll("%", "%25")), rule);
  }
});

function encodeAll(text: string): string {
  return [...text].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
}

Deno.test("carriedSecret() finds secrets in both alphabets of Base64", () => {
  for (const [rule, secret] of SECRETS) {
    const encoded = btoa(`login ${secret} end`);
    const forUrls = encoded.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    assert.equal(carriedSecret(`![x](https://x.example/p.png?d=${encoded})`), rule);
    assert.equal(carriedSecret(`https://x.example/p?d=${forUrls}`), rule);
  }
});

Deno.test("carriedSecret() finds nothing in pictures, paths and prose", () => {
  const picture = btoa(
    String.fromCharCode(...Array.from({ length: 3000 }, (_, at) => at * 7 % 256)),
  );
  for (
    const text of [
      picture,
      "src/grammar/carried_secrets/and/other/folders.ts",
      "100 % of it, 50%ig",
    ]
  ) {
    assert.equal(carriedSecret(text), undefined);
  }
});

Deno.test("findCarriedSecrets() gives a whole word of Base64 and spans that do not overlap", () => {
  const secret = `ghp_${draw("alnum", 36)}`;
  const word = btoa(secret).replaceAll("=", "");
  const text = `${secret} and ${word}.`;
  assert.deepEqual(
    findCarriedSecrets(text).map(({ start, end }) => text.slice(start, end)),
    [secret, word],
  );
  fc.assert(fc.property(fc.array(fc.constantFrom(secret, word, " ", "/", "%2", "x")), (parts) => {
    let end = 0;
    for (const match of findCarriedSecrets(parts.join(""))) {
      assert.ok(match.start >= end);
      end = match.end;
    }
  }));
});

Deno.test("carriedSecretInAny() finds what asking about each text finds", () => {
  const secret = `ghp_${draw("alnum", 36)}`;
  const other = `AKIA${draw("upper", 16)}`;
  const encoded = [secret, encodeURIComponent(`=${secret}`), other.replace("A", "%2541")];
  const piece = fc.constantFrom(...encoded, "%25", "%2541KIA", "%41KIA", " ", "x", "a%20b");
  const text = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
      const decoded = texts.map((one) => decodePercent(one));
      const all = [...texts, ...decoded];
      assert.equal(
        carriedSecretInAny(all),
        all.map(carriedSecret).find((rule) => rule !== undefined),
      );
    }),
    { numRuns: 500 },
  );
});

Deno.test("carriedSecret() never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.base64String(), (text, base64) => {
    carriedSecret(text + base64);
  }));
});

Deno.test("carriedSecret() takes linear time", () => {
  for (
    const part of [
      "%41",
      "%25",
      "%",
      "QUtJQQ",
      "AKIA%41",
      `${"a".repeat(26)} `,
      `${"a".repeat(27)} `,
    ]
  ) {
    assertLinear(carriedSecret, part);
  }
});
