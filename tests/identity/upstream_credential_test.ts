import assert from "node:assert/strict";
import type { Result } from "../../src/base/result.ts";
import { Secret } from "../../src/base/secret.ts";
import {
  clientCredentials,
  type GrantOptions,
  tokenExchange,
} from "../../src/identity/granted_credential.ts";
import {
  type CredentialFault,
  staticCredential,
  type UpstreamCredential,
} from "../../src/identity/upstream_credential.ts";
import { CLIENT, startIssuer, type TestIssuer } from "../fixtures/issuer.ts";
import { FakeClock } from "./fake_clock.ts";

const RESOURCE = "https://files.example/mcp";

function optionsFor(issuer: TestIssuer, clock: FakeClock): GrantOptions {
  return {
    tokenEndpoint: issuer.tokenEndpoint,
    clientId: CLIENT.id,
    clientSecret: new Secret(CLIENT.secret),
    resource: RESOURCE,
    clock,
  };
}

function issuerAt(clock: FakeClock): Promise<TestIssuer> {
  return startIssuer({ nowSeconds: () => clock.nowSeconds });
}

async function headerOf(credential: UpstreamCredential, token?: string): Promise<string> {
  const behalf = token === undefined ? {} : { subjectToken: new Secret(token) };
  return told(await credential.authorization(behalf));
}

function told(answer: Result<Secret, CredentialFault>): string {
  if (answer.ok) return answer.value.reveal();
  return "detail" in answer.error ? answer.error.detail : answer.error.code;
}

function claimsIn(header: string): Record<string, unknown> {
  const payload = header.split(".")[1] ?? "";
  const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
  return JSON.parse(new TextDecoder().decode(bytes));
}

Deno.test("staticCredential() shows its value, and only one that a header can hold", async () => {
  await using credential = staticCredential(new Secret("Bearer abc"));
  assert.equal(await headerOf(credential), "Bearer abc");
  for (const bad of ["", " a", "a ", "a\r\nb", "a\u00e9", "a\tb"]) {
    assert.throws(() => staticCredential(new Secret(bad)), TypeError);
  }
});

Deno.test("clientCredentials() asks once for everybody, and again before the token ends", async () => {
  const clock = new FakeClock();
  await using issuer = await issuerAt(clock);
  await using credential = clientCredentials({ ...optionsFor(issuer, clock), scopes: ["a", "b"] });
  const headers = await Promise.all(Array.from({ length: 20 }, () => headerOf(credential)));
  const [header = ""] = headers;
  assert.equal(new Set(headers).size, 1);
  assert.match(header, /^Bearer [\w.-]+$/);
  const { sub, aud, scope } = claimsIn(header);
  assert.deepEqual({ sub, aud, scope }, { sub: CLIENT.id, aud: RESOURCE, scope: "a b" });
  assert.deepEqual(issuer.tokenRequests.map(({ parameters }) => parameters), [
    { grant_type: "client_credentials", resource: RESOURCE, scope: "a b" },
  ]);
  clock.nowMs += 269_999;
  assert.equal(await headerOf(credential), header);
  clock.nowMs += 1;
  assert.notEqual(await headerOf(credential), header);
  assert.equal(issuer.tokenRequests.length, 2);
});

Deno.test("clientCredentials() can show its secret in the body", async () => {
  const clock = new FakeClock();
  await using issuer = await issuerAt(clock);
  const authMethod = "client_secret_post";
  await using credential = clientCredentials({ ...optionsFor(issuer, clock), authMethod });
  assert.match(await headerOf(credential), /^Bearer /);
  assert.equal(issuer.tokenRequests[0]?.authorization, null);
});

// INVARIANT: A client's token never goes upstream.
Deno.test("tokenExchange() shows the client's token to the token endpoint, and gives another one", async () => {
  const clock = new FakeClock();
  await using issuer = await issuerAt(clock);
  await using credential = tokenExchange(optionsFor(issuer, clock));
  const [alice, bob] = await Promise.all([issuer.mint(), issuer.mint({ sub: "bob" })]);
  const [forAlice, again, forBob] = await Promise.all([
    headerOf(credential, alice),
    headerOf(credential, alice),
    headerOf(credential, bob),
  ]);
  assert.equal(forAlice, again);
  assert.equal(issuer.tokenRequests.length, 2);
  for (const [header, sub, token] of [[forAlice, "alice", alice], [forBob, "bob", bob]] as const) {
    assert.deepEqual([claimsIn(header)["sub"], claimsIn(header)["aud"]], [sub, RESOURCE]);
    assert.ok(!header.includes(token));
  }
  assert.deepEqual(issuer.tokenRequests[0]?.parameters, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: alice,
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    resource: RESOURCE,
  });
});

Deno.test("tokenExchange() shows nothing but a JWT to the token endpoint", async () => {
  const clock = new FakeClock();
  await using issuer = await issuerAt(clock);
  await using credential = tokenExchange(optionsFor(issuer, clock));
  assert.equal(await headerOf(credential), "no_subject_token");
  assert.equal(await headerOf(credential, "aegis_one_4f1c9a7be2d84c06"), "no_subject_token");
  assert.equal(issuer.tokenRequests.length, 0);
});

Deno.test("tokenExchange() keeps so many tokens and no more", async () => {
  const clock = new FakeClock();
  await using issuer = await issuerAt(clock);
  await using credential = tokenExchange({ ...optionsFor(issuer, clock), maxTokens: 1 });
  const [alice, bob] = await Promise.all([issuer.mint(), issuer.mint({ sub: "bob" })]);
  for (const token of [alice, alice, bob, alice]) await headerOf(credential, token);
  assert.equal(issuer.tokenRequests.length, 3);
});

const GOOD = { access_token: "abc", token_type: "Bearer", expires_in: 60 };

const ANSWERS: readonly (readonly [string, () => Response, RegExp])[] = [
  ["an error", () => Response.json({ error: "invalid_client" }, { status: 401 }), /status 401/],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "/" } }),
    /redirects/,
  ],
  ["HTML", () => new Response("<html>"), /no token \(not-json\)/],
  ["a huge answer", () => new Response("x".repeat(70_000)), /longer than 65536 bytes/],
  ["no token", () => Response.json({ ...GOOD, access_token: undefined }), /has no token/],
  ["an empty token", () => Response.json({ ...GOOD, access_token: "" }), /has no token/],
  [
    "a token with a newline",
    () => Response.json({ ...GOOD, access_token: "a\nb" }),
    /has no token/,
  ],
  ["a token of another type", () => Response.json({ ...GOOD, token_type: "DPoP" }), /no bearer/],
  ["a token of no type", () => Response.json({ ...GOOD, token_type: undefined }), /no bearer/],
  ["no access token", () => Response.json({ ...GOOD, issued_token_type: "urn:x" }), /no access/],
  ["a life of text", () => Response.json({ ...GOOD, expires_in: "60" }), /"expires_in"/],
  ["a life that is over", () => Response.json({ ...GOOD, expires_in: 0 }), /"expires_in"/],
  [
    "a member twice",
    () => new Response('{"access_token":"a","access_token":"b","token_type":"Bearer"}'),
    /duplicate-member/,
  ],
];

for (const [name, answer, detail] of ANSWERS) {
  Deno.test(`clientCredentials() gives no credential for ${name}, and asks again in a second`, async () => {
    const clock = new FakeClock();
    await using issuer = await issuerAt(clock);
    issuer.tokenAnswer = answer;
    await using credential = clientCredentials(optionsFor(issuer, clock));
    const header = await headerOf(credential);
    assert.match(header, detail);
    assert.ok(!header.includes(CLIENT.secret));
    issuer.tokenAnswer = () => Response.json(GOOD);
    assert.match(await headerOf(credential), detail);
    assert.equal(issuer.tokenRequests.length, 1);
    clock.nowMs += 1_000;
    assert.equal(await headerOf(credential), "Bearer abc");
  });
}

const LIVES: readonly (readonly [number | undefined, number])[] = [
  [60, 30_000],
  [10, 5_000],
  [undefined, 30_000],
  [1e9, 3_570_000],
];

Deno.test("clientCredentials() keeps a token for as long as it is good, less a margin", async () => {
  for (const [seconds, keptMs] of LIVES) {
    const clock = new FakeClock();
    await using issuer = await issuerAt(clock);
    issuer.tokenAnswer = () => Response.json({ ...GOOD, expires_in: seconds });
    await using credential = clientCredentials(optionsFor(issuer, clock));
    await headerOf(credential);
    clock.nowMs += keptMs - 1;
    await headerOf(credential);
    assert.equal(issuer.tokenRequests.length, 1);
    clock.nowMs += 1;
    await headerOf(credential);
    assert.equal(issuer.tokenRequests.length, 2);
  }
});

Deno.test("clientCredentials() lets a caller go who waits no longer, and ends with a request under way", async () => {
  const clock = new FakeClock();
  await using issuer = await issuerAt(clock);
  const never = Promise.withResolvers<Response>();
  issuer.tokenAnswer = () => never.promise;
  const credential = clientCredentials(optionsFor(issuer, clock));
  const gone = await credential.authorization({}, AbortSignal.abort());
  assert.equal(told(gone), "the request was ended");
  const waiting = credential.authorization({});
  await credential[Symbol.asyncDispose]();
  assert.equal((await waiting).ok, false);
  never.resolve(new Response());
});

Deno.test("clientCredentials() cannot be made of an endpoint that anybody could read along", () => {
  const clientSecret = new Secret("s");
  const good = {
    clientId: "a",
    clientSecret,
    resource: RESOURCE,
    tokenEndpoint: "https://a.example",
  };
  assert.throws(() => clientCredentials({ ...good, tokenEndpoint: "http://a.example" }), TypeError);
  assert.throws(() => tokenExchange({ ...good, tokenEndpoint: "token" }), TypeError);
  assert.throws(() => tokenExchange({ ...good, maxTokens: 0 }), RangeError);
});
