import assert from "node:assert/strict";
import { clientAddress } from "../../../src/transport/http/client_address.ts";

const isTrusted = (address: string): boolean => address.startsWith("10.");

function of(address: string, forwarded: string | undefined, trusted = true): string {
  const headers = new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded });
  return clientAddress(address, headers, trusted ? isTrusted : undefined);
}

Deno.test("clientAddress() believes nobody who was not declared", () => {
  assert.equal(of("192.0.2.1", "198.51.100.7"), "192.0.2.1");
  assert.equal(of("10.0.0.1", "198.51.100.7", false), "10.0.0.1");
});

Deno.test("clientAddress() reads hops from the right, as far as they are declared", () => {
  assert.equal(of("10.0.0.1", "198.51.100.7"), "198.51.100.7");
  assert.equal(of("10.0.0.1", "203.0.113.9, 198.51.100.7"), "198.51.100.7");
  assert.equal(of("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2"), "198.51.100.7");
  assert.equal(of("10.0.0.1", "2001:db8::1"), "2001:db8::1");
  assert.equal(of("10.0.0.1", undefined), "10.0.0.1");
});

Deno.test("clientAddress() stops at what is no address", () => {
  for (const text of ["unknown", "198.51.100.7:80", "a".repeat(9000), '"><script>', ""]) {
    assert.equal(of("10.0.0.1", text), "10.0.0.1");
    assert.equal(of("10.0.0.1", `${text}, 10.0.0.2`), "10.0.0.2");
  }
  assert.equal(of("10.0.0.1", "10.0.0.9, ".repeat(5000) + "10.0.0.8"), "10.0.0.9");
});
