import assert from "node:assert/strict";
import fc from "fast-check";
import { holdsAddress, readAddresses, readNetwork } from "../../src/grammar/address.ts";

Deno.test("readAddresses() reads every notation of one address as the same address", () => {
  for (
    const text of [
      "127.0.0.1",
      "127.1",
      "127.0.1",
      "0x7f.1",
      "0177.0.0.1",
      "2130706433",
      "0x7f000001",
    ]
  ) {
    assert.equal(readAddresses(text)[0]?.text, "127.0.0.1", text);
  }
  for (
    const text of [
      "::ffff:10.0.0.7",
      "::ffff:a00:7",
      "[::ffff:a00:7]",
      "64:ff9b::a00:7",
      "64:ff9b::10.0.0.7",
    ]
  ) {
    assert.deepEqual(readAddresses(text).map(({ text }) => text), ["10.0.0.7"], text);
  }
});

Deno.test("readAddresses() tells both addresses where a leading zero is octal to some", () => {
  assert.deepEqual(readAddresses("010.8.8.8").map(({ text }) => text), ["8.8.8.8", "10.8.8.8"]);
  assert.deepEqual(readAddresses("08.9.9.9").map(({ text }) => text), ["8.9.9.9"]);
});

Deno.test("readAddresses() calls global only what IANA calls so", () => {
  const closed = [
    "::7f00:1",
    "::127.0.0.1",
    "4000::1",
    "100:0:0:1::1",
    "2002:808:808::",
    "2001::1",
    "fec0::1",
  ];
  for (
    const text of [
      ...closed,
      "192.0.0.8",
      "192.88.99.1",
      "255.255.255.255",
      "fe80::1%eth0",
      "2600::1%1",
    ]
  ) {
    assert.deepEqual(readAddresses(text).map(({ global }) => global), [false], text);
  }
  for (
    const text of [
      "8.8.8.8",
      "2606:4700:4700::1111",
      "::ffff:8.8.8.8",
      "192.31.196.1",
      "2620:4f:8000::1",
    ]
  ) {
    assert.deepEqual(readAddresses(text).map(({ global }) => global), [true], text);
  }
});

Deno.test("readAddresses() recognises metadata services, also inside a tunnel's address", () => {
  const within = [
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::169.254.169.254",
  ];
  for (
    const text of [
      "169.254.169.254",
      "100.100.100.200",
      "168.63.129.16",
      "fd00:ec2::254",
      ...within,
    ]
  ) {
    assert.deepEqual(readAddresses(text).map(({ metadata }) => metadata), [true], text);
  }
  assert.equal(readAddresses("169.254.169.253")[0]?.metadata, false);
});

Deno.test("readAddresses() reads no name, no number beyond 32 bits and no long text", () => {
  for (
    const text of [
      "",
      "example.com",
      "4294967296",
      "1.2.3.4.5",
      "256.1.1.1",
      "[::1",
      ":::",
      "1".repeat(129),
    ]
  ) {
    assert.deepEqual(readAddresses(text), [], text);
  }
});

Deno.test("readAddresses() never throws, and its text reads back to itself", () => {
  const alphabet = fc.constantFrom(..."0123456789abcdefxX:.%[]/ \u0000Ａ０");
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: alphabet, maxLength: 60 }), fc.ipV4(), fc.ipV6()),
      (text) => {
        for (const address of readAddresses(text)) {
          assert.deepEqual(readAddresses(address.text)[0]?.octets, address.octets);
        }
      },
    ),
  );
});

Deno.test("readNetwork() refuses what is ambiguous or no network", () => {
  for (
    const text of [
      "10.0.0.0/33",
      "fd00::/129",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "10.0.0.0/-1",
      "010.8.8.8/8",
      "x/8",
    ]
  ) {
    assert.equal(readNetwork(text), undefined, text);
  }
  assert.deepEqual(readNetwork("10.1.2.3"), { octets: [10, 1, 2, 3], prefixBits: 32 });
});

Deno.test("holdsAddress() compares exactly the bits of the prefix", () => {
  fc.assert(fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(32), (one, other, bits) => {
    const network = readNetwork(`${one}/${bits}`);
    const [address] = readAddresses(String(other));
    assert.ok(network !== undefined && address !== undefined);
    const differs = bits === 0 ? 0 : (one ^ other) >>> (32 - bits);
    assert.equal(holdsAddress(network, address), differs === 0);
  }));
  const [address] = readAddresses("fd12::1");
  assert.ok(address !== undefined);
  assert.equal(holdsAddress(readNetwork("fd00::/8") ?? assert.fail(), address), true);
  assert.equal(holdsAddress(readNetwork("0.0.0.0/0") ?? assert.fail(), address), false);
});
