import assert from "node:assert/strict";
import fc from "fast-check";
import { readHost, readHostPort } from "../../src/grammar/host.ts";

function describe(text: string): string {
  const host = readHost(text);
  switch (host.kind) {
    case "name":
      return host.name;
    case "address":
      return host.readings.map(({ text }) => text).join(" or ");
    case "invalid":
      return `invalid: ${host.fault}`;
  }
}

Deno.test("readHost() reads names as WHATWG normalises them", () => {
  assert.equal(describe("WWW.Example.COM."), "www.example.com");
  assert.equal(describe("bücher.example"), "xn--bcher-kva.example");
  assert.equal(describe("ｌｏｃａｌｈｏｓｔ"), "localhost");
  assert.equal(describe("lo\u00adcalhost"), "localhost");
  assert.equal(describe("my_host-1.example"), "my_host-1.example");
});

Deno.test("readHost() sees an address behind wide digits, wide dots and leading zeros", () => {
  assert.equal(describe("①⑨②。①⑥⑧。⓪。①"), "192.168.0.1");
  assert.equal(describe("1.2.3.4."), "1.2.3.4");
  assert.equal(describe("010.8.8.8"), "8.8.8.8 or 10.8.8.8");
  assert.equal(describe("０10.8.8.8."), "8.8.8.8 or 10.8.8.8");
  assert.equal(describe("[::FFFF:7f00:1]"), "127.0.0.1");
});

Deno.test("readHost() says why a text is no host", () => {
  const faults: Readonly<Record<string, readonly string[]>> = {
    "unreadable": [
      "",
      "a b",
      "a\tb",
      "a/b",
      "a@b",
      "a:1",
      "a#b",
      "1.2.3.4.5",
      "0o7.0.0.1",
      "[::1",
      "[x]",
      "xn--a",
      "a^b",
    ],
    "escape": ["ex%61mple.com", "127.0.0.1%2f", "b%C3%BCcher.example"],
    "label-characters": [
      "a!b.example",
      "127.0.0.1!",
      "$x.example",
      "{sub}.example",
      "*.example",
      "a,b",
    ],
    "empty-label": [".example", "a..b", "example..", "."],
    "too-long": [`${"a".repeat(64)}.example`, `${"a.".repeat(127)}b`, "ü".repeat(1025)],
  };
  for (const [fault, texts] of Object.entries(faults)) {
    for (const text of texts) {
      assert.equal(describe(text), `invalid: ${fault}`, JSON.stringify(text));
    }
  }
});

Deno.test("readHost() knows the names of metadata services, and no names that resemble them", () => {
  const isMetadata = (text: string) => {
    const host = readHost(text);
    return host.kind === "name" && host.metadata;
  };
  assert.ok(isMetadata("METADATA.google.internal."));
  assert.ok(!isMetadata("metadata.example"));
  assert.ok(!isMetadata("metadata.google.internal.example"));
});

Deno.test("readHostPort() parts host and port, and leaves bare IPv6 whole", () => {
  const read = (text: string) => {
    const { host, port } = readHostPort(text);
    return [
      host.kind === "address" ? host.readings[0].text : host.kind === "name" ? host.name : "?",
      port,
    ];
  };
  assert.deepEqual(read("db.example:5432"), ["db.example", 5432]);
  assert.deepEqual(read("db.example"), ["db.example", undefined]);
  assert.deepEqual(read("[2600::1]:443"), ["2600::1", 443]);
  assert.deepEqual(read("[2600::1]"), ["2600::1", undefined]);
  assert.deepEqual(read("2600::1:443"), ["2600::1:443", undefined]);
  assert.deepEqual(read("fe80::1%eth0"), ["fe80::1", undefined]);
  for (const text of ["a:", "a:x", "a:65536", "a:b:c", "a:-1", ":80", "a: 80"]) {
    assert.equal(read(text)[0], "?", text);
  }
});

Deno.test("readHost() and readHostPort() never throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
    readHost(text);
    readHostPort(text);
  }));
});
