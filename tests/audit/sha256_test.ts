import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fc from "fast-check";
import { initialState, Sha256, START, stateBytes } from "../../src/audit/sha256.ts";
import { sha256Engine } from "../../src/audit/sha256_engine.ts";

const sha256 = new Sha256(sha256Engine());

function digest(bytes: Uint8Array): string {
  const whole = { bytes, from: 0, to: bytes.length };
  return stateBytes(sha256.finish(START, whole, bytes.length)).toHex();
}

// FIPS 180-4 examples, NIST CSRC "SHA256" example values.
const VECTORS: readonly (readonly [string, string])[] = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
];

Deno.test("Sha256 gives the digests of FIPS 180-4", () => {
  for (const [text, expected] of VECTORS) {
    assert.equal(digest(new TextEncoder().encode(text)), expected);
  }
});

Deno.test("Sha256 gives what node:crypto gives, around the borders of blocks and of the engine's memory", () => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_000)).subarray(3);
  const lengths = Array.from({ length: 300 }, (_, i) => i);
  for (let length = 64_300; length < 64_600; length++) lengths.push(length);
  for (const length of lengths) {
    const part = bytes.subarray(0, length);
    assert.equal(digest(part), hash("sha256", part, "hex"), `${length} bytes`);
  }
});

Deno.test("Sha256 of a beginning taken ahead and the rest gives the digest of the whole", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 1000 }),
      fc.nat(15),
      fc.nat(50),
      (any, blocks, skip) => {
        const bytes = any.subarray(Math.min(skip, any.length));
        const taken = Math.min(blocks, Math.floor(bytes.length / 64)) * 64;
        const beginning = initialState();
        sha256.compress(beginning, { bytes, from: 0, to: taken });
        const before = beginning.slice();
        const rest = { bytes, from: taken, to: bytes.length };
        const digest = sha256.finish(beginning, rest, bytes.length);
        assert.equal(stateBytes(digest).toHex(), hash("sha256", bytes, "hex"));
        assert.deepEqual(beginning, before);
      },
    ),
  );
});
