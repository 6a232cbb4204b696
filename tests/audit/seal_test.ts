import assert from "node:assert/strict";
import { createHmac, hash } from "node:crypto";
import fc from "fast-check";
import { Seal } from "../../src/audit/seal.ts";
import { Secret } from "../../src/base/secret.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("Seal without a key gives SHA-256", () => {
  const seal = new Seal();
  assert.equal(seal.name, "sha256");
  assert.equal(seal.hex(encode("abc")), hash("sha256", "abc", "hex"));
});

Deno.test("Seal with a key gives HMAC-SHA-256 for keys of every length", () => {
  fc.assert(fc.property(
    fc.string({ minLength: 16, maxLength: 200 }),
    fc.uint8Array({ maxLength: 500 }),
    (key, bytes) => {
      const seal = new Seal(new Secret(key));
      assert.equal(seal.name, "hmac-sha256");
      assert.equal(seal.hex(bytes), createHmac("sha256", key).update(bytes).digest("hex"));
    },
  ));
});

Deno.test("Seal gives the same with and without a prefix hashed ahead", () => {
  fc.assert(fc.property(
    fc.boolean(),
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    (keyed, head, body) => {
      const seal = new Seal(keyed ? new Secret("sixteen bytes or more") : undefined);
      const buffer = new Uint8Array(7 + head.length + body.length + 64);
      buffer.set(head, 7);
      buffer.set(body, 7 + head.length);
      const to = 7 + head.length + body.length;
      seal.write(buffer, { from: 7, to, prefix: seal.prefix(head), hexAt: to });
      assert.equal(new TextDecoder().decode(buffer.subarray(to)), seal.hex(buffer.slice(7, to)));
    },
  ));
});

Deno.test("Seal refuses a key of less than 16 bytes", () => {
  assert.throws(() => new Seal(new Secret("fifteen bytes..")), { code: "audit-key" });
  assert.equal(new Seal(new Secret("é".repeat(8))).name, "hmac-sha256");
});
