import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fc from "fast-check";
import { compress, finish, initialState, stateBytes } from "../../src/audit/sha256.ts";

function digest(bytes: Uint8Array): string {
  const state = initialState();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  finish(state, view, { from: 0, to: bytes.length, totalBytes: bytes.length });
  return stateBytes(state).toHex();
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

Deno.test("finish() gives the digests of FIPS 180-4", () => {
  for (const [text, expected] of VECTORS) {
    assert.equal(digest(new TextEncoder().encode(text)), expected);
  }
});

Deno.test("finish() gives what node:crypto gives, at every length around the block borders", () => {
  const bytes = crypto.getRandomValues(new Uint8Array(300));
  for (let length = 0; length <= bytes.length; length++) {
    const part = bytes.subarray(0, length);
    assert.equal(digest(part), hash("sha256", part, "hex"), `${length} bytes`);
  }
});

Deno.test("finish() gives what node:crypto gives for bytes anywhere in a buffer", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(200), (bytes, skip) => {
    const part = bytes.subarray(Math.min(skip, bytes.length));
    assert.equal(digest(part), hash("sha256", part, "hex"));
  }));
});

Deno.test("compress() of a beginning and finish() of the rest give the digest of the whole", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 1000 }), fc.nat(15), (bytes, blocks) => {
      const taken = Math.min(blocks, Math.floor(bytes.length / 64)) * 64;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const beginning = initialState();
      compress(beginning, view, { from: 0, to: taken });
      const state = beginning.slice();
      finish(state, view, { from: taken, to: bytes.length, totalBytes: bytes.length });
      assert.equal(stateBytes(state).toHex(), hash("sha256", bytes, "hex"));
    }),
  );
});
