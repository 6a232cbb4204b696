import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { digestText, loadNativeDigest, sha256Hex } from "../../src/audit/digest.ts";

const LENGTHS = [0, 1, 55, 56, 64, 4096, 4097, 65_536, 100_001];

Deno.test("sha256Hex() gives the same before and after it goes native", async () => {
  const inputs = LENGTHS.map((length) => new Uint8Array(length).map((_, i) => i * 7 + length));
  const before = inputs.map(sha256Hex);
  await loadNativeDigest();
  assert.deepEqual(inputs.map(sha256Hex), before);
  assert.deepEqual(before, inputs.map((bytes) => hash("sha256", bytes, "hex")));
});

Deno.test("digestText() names the algorithm", () => {
  assert.equal(
    digestText(new TextEncoder().encode("abc")),
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("sha256Hex() of small inputs never loads node:crypto, that of large ones does", async () => {
  const script = `
    import { sha256Hex } from ${JSON.stringify(import.meta.resolve("../../src/audit/digest.ts"))};
    const spy = Object.getOwnPropertyDescriptor(Uint8Array.prototype, "toHex").value;
    let scripted = 0;
    Uint8Array.prototype.toHex = function () { scripted++; return spy.call(this); };
    for (let i = 0; i < 5000; i++) sha256Hex(new Uint8Array(1000));
    const small = scripted;
    for (let i = 0; i < 5; i++) sha256Hex(new Uint8Array(1024 * 1024));
    await import("node:crypto"); // the load that was begun before is done when this one is
    await new Promise((resolve) => setTimeout(resolve));
    const before = scripted;
    sha256Hex(new Uint8Array(1024 * 1024));
    sha256Hex(new Uint8Array(10));
    console.log(JSON.stringify([small, before - small, scripted - before]));
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    stdin: "null",
    stderr: "inherit",
  }).output();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), [5000, 5, 1]);
});
