import assert from "node:assert/strict";
import fc from "fast-check";
import type { UrlRules } from "../../../src/access/inspection.ts";
import { examineHost } from "../../../src/inspect/arguments/host.ts";
import { closedV4, dotted, openV4 } from "./notations.ts";

const RULES: UrlRules = {
  schemes: [],
  allowHosts: undefined,
  denyNames: ["localhost", "*.local", "blocked.example"],
  denySuffixes: ["rebind.example"],
  allowNetworks: [],
};

function ruleOf(value: string, rules: Partial<UrlRules> = {}): string | undefined {
  return examineHost(value, { ...RULES, ...rules })?.rule;
}

Deno.test("examineHost() takes public names and addresses, with or without port", () => {
  for (
    const host of [
      "example.com",
      "EXAMPLE.com.",
      "db.example:5432",
      "8.8.8.8:53",
      "[2600::1]:443",
      "2600::1",
    ]
  ) assert.equal(ruleOf(host), undefined, host);
});

Deno.test("examineHost() closes names by the operator's entries and single labels by itself", () => {
  const rules: Readonly<Record<string, readonly string[]>> = {
    "host-denied": [
      "localhost",
      "LOCALHOST.:80",
      "printer.local",
      "blocked.example",
      "rebind.example",
      "7f000001.rebind.example",
    ],
    "host-single-label": ["intranet", "redis:6379", "local"],
    "host-metadata": ["metadata.goog", "169.254.169.254", "[fd00:ec2::254]:80", "168.63.129.16"],
    "host-not-public": [
      "10.0.0.1",
      "0x7f.1:22",
      "::1",
      "fe80::1%eth0",
      "8080",
      "[::ffff:127.0.0.1]",
    ],
    "host-invalid": [
      "",
      " example.com",
      "http://example.com",
      "a/b",
      "a@b.example",
      "a b",
      "a!b.example",
      "a.example:x",
    ],
  };
  for (const [rule, hosts] of Object.entries(rules)) {
    for (const host of hosts) assert.equal(ruleOf(host), rule, JSON.stringify(host));
  }
  for (
    const host of ["local.example", "notrebind.example", "sub.blocked.example", "localhost.example"]
  ) {
    assert.equal(ruleOf(host), undefined, host);
  }
});

Deno.test("examineHost() closes addresses and odd entries that denyNames holds", () => {
  const denyNames = ["8.8.8.8", "2600::1", "not a name", "*.bücher.example"];
  assert.equal(ruleOf("0x08080808", { denyNames }), "host-denied");
  assert.equal(ruleOf("[2600:0::1]:443", { denyNames }), "host-denied");
  assert.equal(ruleOf("a.xn--bcher-kva.example", { denyNames }), "host-denied");
  assert.equal(ruleOf("8.8.4.4", { denyNames }), undefined);
});

Deno.test("examineHost() opens nothing but allowHosts when they are set", () => {
  const rules = {
    allowHosts: ["api.example", "*.cdn.example", "10.1.2.3", "localhost", "::1", "bücher.example"],
  };
  for (
    const host of [
      "api.example",
      "API.example.:443",
      "a.b.cdn.example",
      "10.1.2.3",
      "0xa.1.2.3",
      "localhost",
      "[::1]",
      "xn--bcher-kva.example",
    ]
  ) assert.equal(ruleOf(host, rules), undefined, host);
  for (
    const host of ["example.com", "cdn.example", "x.api.example", "8.8.8.8", "10.1.2.4", "intranet"]
  ) {
    assert.equal(ruleOf(host, rules), "host-not-allowed", host);
  }
  assert.equal(ruleOf("example.com", { allowHosts: [] }), "host-not-allowed");
});

Deno.test("examineHost() lets the closer of an allowing and a denying entry count", () => {
  const allowHosts = ["*.local", "*.example", "rebind.example"];
  assert.equal(ruleOf("nas.local", { allowHosts }), undefined);
  assert.equal(ruleOf("blocked.example", { allowHosts }), "host-denied");
  assert.equal(ruleOf("rebind.example", { allowHosts }), undefined);
  assert.equal(ruleOf("x.rebind.example", { allowHosts }), "host-denied");
});

Deno.test("examineHost() opens the addresses of allowNetworks, in every notation, and no others", () => {
  const allowNetworks = ["10.1.0.0/16", "fd12::/16", "not a network"];
  for (const host of ["10.1.255.1", "0x0a010001", "::ffff:10.1.0.1", "[fd12:0::1]:80"]) {
    assert.equal(ruleOf(host, { allowNetworks }), undefined, host);
  }
  for (const host of ["10.2.0.1", "fd13::1", "2002:0a01:0001::", "::10.1.0.1", "012.3.0.1"]) {
    assert.equal(ruleOf(host, { allowNetworks }), "host-not-public", host);
  }
});

Deno.test("examineHost() opens a metadata service only for a network that is that address", () => {
  assert.equal(ruleOf("100.100.100.200", { allowNetworks: ["100.64.0.0/10"] }), "host-metadata");
  assert.equal(ruleOf("100.100.100.200", { allowNetworks: ["100.100.100.200/32"] }), undefined);
});

Deno.test("examineHost() lets exactly the global addresses pass", () => {
  fc.assert(fc.property(openV4, closedV4, fc.nat(65535), (open, closed, port) => {
    assert.equal(ruleOf(`${dotted(open)}:${port}`), undefined);
    assert.notEqual(ruleOf(`${dotted(closed)}:${port}`), undefined);
  }));
});

Deno.test("examineHost() never throws, and never quotes the value", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9.:%[\]]{0,40}QZQZ[a-z0-9.]{0,9}$/), (value) => {
    const objection = examineHost(value, { ...RULES, denyNames: ["*.example", "localhost"] });
    assert.ok(!/qzqz/i.test(objection?.detail ?? ""));
  }));
});
