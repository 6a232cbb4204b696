import assert from "node:assert/strict";
import {
  canonicalResource,
  metadataPaths,
  protectedResourceMetadata,
} from "../../src/identity/metadata.ts";

const CANONICAL: readonly (readonly [string, string])[] = [
  ["https://mcp.example/mcp", "https://mcp.example/mcp"],
  ["HTTPS://MCP.Example:443/MCP/", "https://mcp.example/MCP"],
  ["https://mcp.example", "https://mcp.example"],
  ["https://mcp.example/", "https://mcp.example"],
  ["https://mcp.example//", "https://mcp.example"],
  ["https://mcp.example:8443/#frag", "https://mcp.example:8443"],
  ["http://127.0.0.1:80/mcp#a", "http://127.0.0.1/mcp"],
  ["https://mcp.example/mcp/?tenant=a", "https://mcp.example/mcp?tenant=a"],
  ["https://m\u00fcnchen.example/mcp", "https://xn--mnchen-3ya.example/mcp"],
];

Deno.test("canonicalResource() writes a resource in the one way", () => {
  for (const [written, canonical] of CANONICAL) {
    assert.equal(canonicalResource(written), canonical);
    assert.equal(canonicalResource(new URL(written)), canonical);
    assert.equal(canonicalResource(canonical), canonical);
  }
  for (const bad of ["mcp.example", "", "urn:mcp", "file:///mcp", "https://a:b@mcp.example"]) {
    assert.throws(() => canonicalResource(bad), TypeError);
  }
});

Deno.test("metadataPaths() gives the path inserted, and the root", () => {
  const root = "/.well-known/oauth-protected-resource";
  assert.deepEqual(metadataPaths("https://mcp.example/a/mcp/"), [`${root}/a/mcp`, root]);
  assert.deepEqual(metadataPaths("https://mcp.example/"), [root]);
});

Deno.test("protectedResourceMetadata() says what RFC 9728 wants, and no more than it is told", () => {
  const resource = "https://mcp.example/mcp/";
  const authorizationServers = ["https://auth.example/"];
  const least = {
    resource: "https://mcp.example/mcp",
    authorization_servers: ["https://auth.example/"],
    bearer_methods_supported: ["header"],
  };
  assert.deepEqual(protectedResourceMetadata({ resource, authorizationServers }), least);
  assert.deepEqual(
    protectedResourceMetadata({
      resource,
      authorizationServers,
      scopesSupported: ["files:read"],
      name: "Files",
    }),
    { ...least, scopes_supported: ["files:read"], resource_name: "Files" },
  );
  assert.throws(
    () => protectedResourceMetadata({ resource, authorizationServers: [] }),
    TypeError,
  );
});
