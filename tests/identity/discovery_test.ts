import assert from "node:assert/strict";
import { jwtAuthenticator } from "../../src/identity/jwt_authenticator.ts";
import { metadataUrls } from "../../src/identity/remote_keys.ts";
import { told } from "./forge.ts";
import { AUDIENCE, openScene } from "./scene.ts";

const DISCOVERED = { issuer: () => ({}) };

Deno.test("jwtAuthenticator() finds the keys by the issuer's metadata (RFC 8414)", async () => {
  for (const path of ["", "/tenant"]) {
    await using scene = await openScene({ ...DISCOVERED, path });
    assert.equal(await told(scene.who, await scene.issuer.mint()), scene.alice);
    assert.deepEqual([...scene.issuer.requests.keys()], [
      `/.well-known/oauth-authorization-server${path}`,
      `${path}/jwks.json`,
    ]);
  }
});

Deno.test("jwtAuthenticator() looks for OpenID Connect metadata where there is no other", async () => {
  await using scene = await openScene({
    ...DISCOVERED,
    path: "/tenant",
    jwt: {
      fetch: (url, init) =>
        url.pathname.includes("oauth-authorization-server")
          ? Promise.resolve(new Response(null, { status: 404 }))
          : fetch(url, init),
    },
  });
  assert.equal(await told(scene.who, await scene.issuer.mint()), scene.alice);
  assert.deepEqual([...scene.issuer.requests.keys()], [
    "/.well-known/openid-configuration/tenant",
    "/tenant/.well-known/openid-configuration",
    "/tenant/jwks.json",
  ]);
});

const BAD_METADATA = [
  ["another issuer", { issuer: "https://else.example" }],
  ["an issuer with a slash more", { issuer: "http://127.0.0.1/" }],
  ["no issuer", { issuer: undefined }],
  ["no keys", { jwks_uri: undefined }],
  ["keys over plain http", { jwks_uri: "http://192.0.2.1/jwks.json" }],
  ["keys in a file", { jwks_uri: "file:///etc/passwd" }],
  ["keys of a user", { jwks_uri: "https://a:b@auth.example/jwks" }],
] as const;

for (const [name, metadata] of BAD_METADATA) {
  Deno.test(`jwtAuthenticator() does not believe metadata that names ${name}`, async () => {
    await using scene = await openScene(DISCOVERED);
    scene.issuer.metadata = metadata;
    assert.equal(await told(scene.who, await scene.issuer.mint()), "keys-unavailable");
    assert.equal(scene.issuer.keyRequests, 0);
    scene.issuer.metadata = {};
    scene.clock.nowMs += 30_000;
    assert.equal(await told(scene.who, await scene.issuer.mint()), scene.alice);
  });
}

Deno.test("metadataUrls() inserts the path, and appends it", () => {
  assert.deepEqual(metadataUrls("https://a.example/t/").map(String), [
    "https://a.example/.well-known/oauth-authorization-server/t",
    "https://a.example/.well-known/openid-configuration/t",
    "https://a.example/t/.well-known/openid-configuration",
  ]);
  assert.equal(metadataUrls("https://a.example").length, 2);
  assert.deepEqual(metadataUrls("http://a.example"), []);
});

const GOOD = { issuer: "https://a.example", audiences: [AUDIENCE] };

const MISUSE = [
  ["no issuer", { issuers: [] }],
  ["an empty issuer", { issuers: [{ ...GOOD, issuer: "" }] }],
  ["an issuer with #", { issuers: [{ ...GOOD, issuer: "https://a.example#b" }] }],
  ["an issuer with a space", { issuers: [{ ...GOOD, issuer: "https://a.example/ b" }] }],
  ["the issuer of API keys", { issuers: [{ ...GOOD, issuer: "apikey", jwksFile: "x" }] }],
  ["an issuer twice", { issuers: [GOOD, GOOD] }],
  ["no audience", { issuers: [{ ...GOOD, audiences: [] }] }],
  ["an empty audience", { issuers: [{ ...GOOD, audiences: [""] }] }],
  ["no algorithm", { issuers: [{ ...GOOD, algorithms: [] }] }],
  ["an empty claim path", { issuers: [{ ...GOOD, claims: { roles: [[]] } }] }],
  ["an issuer that is no URL to discover", { issuers: [{ ...GOOD, issuer: "auth" }] }],
  ["an issuer over plain http", { issuers: [{ ...GOOD, issuer: "http://a.example" }] }],
  ["keys over plain http", { issuers: [{ ...GOOD, jwksUri: "http://a.example/jwks" }] }],
  ["keys on a name like localhost", {
    issuers: [{ ...GOOD, jwksUri: "http://localhost.a.example" }],
  }],
  ["keys at two places", { issuers: [{ ...GOOD, jwksUri: "https://a.example", jwksFile: "x" }] }],
  ["more than a minute of skew", { issuers: [GOOD], skewSeconds: 61 }],
  ["negative skew", { issuers: [GOOD], skewSeconds: -1 }],
  ["a token limit of nothing", { issuers: [GOOD], maxTokenBytes: 0 }],
] as const;

Deno.test("jwtAuthenticator() cannot be made of what makes no sense", () => {
  for (const [name, options] of MISUSE) {
    assert.throws(() => jwtAuthenticator(options), /^(?:Type|Range)Error: Cannot /, name);
  }
  for (const algorithms of [["HS256"], ["none"], ["RS256", "toString"]] as unknown[]) {
    const options = { issuers: [{ ...GOOD, algorithms: algorithms as ["RS256"] }] };
    assert.throws(() => jwtAuthenticator(options), /its algorithms must be of RS256/);
  }
});
