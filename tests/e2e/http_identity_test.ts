/**
 * Who asks, over HTTP: tokens of real issuers and API keys, shown to a real `serve`.
 */

import assert from "node:assert/strict";
import { hashApiKey } from "../../src/identity/api_key.ts";
import type { TestIssuer } from "../fixtures/issuer.ts";
import { eventually, tempFolder } from "./harness.ts";
import { type Agent, CLIENTS, type Scene, startScene } from "./identity_scene.ts";
import type { RawReply } from "./raw_http.ts";

/** Asks an issuer for a token for the proxy; gives what it answered. */
async function tokenFrom(
  { tokenEndpoint }: TestIssuer,
  { id, secret }: typeof CLIENTS[number],
  { resource, scope }: { readonly resource: string; readonly scope: string },
) {
  const parameters = { grant_type: "client_credentials", client_id: id, client_secret: secret };
  const body = new URLSearchParams({ ...parameters, resource, scope });
  const response = await fetch(tokenEndpoint, { method: "POST", body });
  return { status: response.status, ...await response.json() };
}

function challengeOf({ headers }: RawReply): Record<string, string> {
  const challenge = headers.get("www-authenticate") ?? "";
  assert.match(challenge, /^Bearer\b/);
  const parameters = challenge.matchAll(/(\w+)="([^"]*)"/g);
  return Object.fromEntries([...parameters].map(([, name, value]) => [name, value]));
}

async function statusOf(reply: Promise<RawReply>): Promise<number> {
  return (await reply).status;
}

/** A call that is allowed, and reaches the upstream. */
async function assertLooks(agent: Agent, scene: Scene): Promise<void> {
  const before = scene.received.length;
  const reply = await agent.call(crypto.randomUUID(), "look");
  assert.deepEqual([reply.status, reply.messages[0]?.error], [200, undefined]);
  assert.deepEqual(reply.messages[0]?.result, { content: [] });
  assert.equal(scene.received.length, before + 1);
}

/** A call that proves nobody, and reaches no one. */
async function assertNobody(agent: Agent, scene: Scene): Promise<Record<string, string>> {
  const before = scene.received.length;
  const reply = await agent.call(crypto.randomUUID(), "look");
  assert.equal(reply.status, 401);
  assert.equal(reply.messages[0]?.error?.code, -31401);
  assert.equal(scene.received.length, before);
  return challengeOf(reply);
}

Deno.test("without a token: 401, and what it names leads to the issuer", async () => {
  await using scene = await startScene({ flags: () => ["--scope", "files:read"] });
  const { url } = scene.proxy;
  const { resource_metadata: place = "", scope, error } = challengeOf(
    await scene.agent().initialize(),
  );
  assert.deepEqual([scope, error], ["files:read", undefined]);
  const { origin, pathname } = new URL(url);
  assert.equal(place, `${origin}/.well-known/oauth-protected-resource${pathname}`);
  for (const each of [place, `${origin}/.well-known/oauth-protected-resource`]) {
    const response = await fetch(each);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      resource: url,
      authorization_servers: [scene.issuer.issuer],
      bearer_methods_supported: ["header"],
      scopes_supported: ["files:read"],
    });
  }
  for (const header of ["Basic YTpi", "Bearer", "Bearer a b", "bearer a.b.c", "Bearer ,"]) {
    const reply = await scene.agent().post({ id: 1, method: "ping" }, { authorization: header });
    assert.ok(reply.status === 401 || reply.status === 400, header);
  }
  const inAddress = await fetch(`${url}?access_token=${await scene.mint()}`, { method: "POST" });
  assert.equal(inAddress.status, 400);
  await inAddress.body?.cancel();
  assert.equal(scene.received.length, 0);
});

Deno.test("a token that wants a scope is told which, and a better one goes on in the session", async () => {
  await using scene = await startScene();
  const [reader, writer] = CLIENTS;
  const resource = scene.proxy.url;
  const first = await tokenFrom(scene.issuer, writer, { resource, scope: "files:read" });
  const agent = scene.agent(first.access_token);
  await agent.initialize();
  const { session } = agent;
  assert.ok(session);
  await assertLooks(agent, scene);
  const refused = await agent.call("w1", "change");
  assert.equal(refused.status, 403);
  const { error, scope = "" } = challengeOf(refused);
  assert.deepEqual([error, scope], ["insufficient_scope", "files:read files:write"]);
  assert.equal(refused.messages[0]?.error?.code, -31403);
  assert.equal(scene.received.some(({ body }) => body.includes("change")), false);

  const better = await tokenFrom(scene.issuer, writer, { resource, scope });
  agent.token = better.access_token;
  assert.equal(await statusOf(agent.call("w1", "change")), 200);
  agent.token = first.access_token;
  assert.equal(await statusOf(agent.call("w2", "change")), 403, "each request has its own token");
  assert.equal(agent.session, session);
  const sessions = scene.received.slice(1).map(({ headers }) => headers.get("mcp-session-id"));
  assert.deepEqual([new Set(sessions).size, sessions.includes(session)], [1, false]);

  const denied = await tokenFrom(scene.issuer, reader, { resource, scope });
  assert.deepEqual([denied.status, denied.error], [400, "invalid_scope"]);
  const who = `${scene.issuer.issuer}#writer`;
  assert.deepEqual(await scene.calls(), [
    `${who} look allow`,
    `${who} change deny`,
    `${who} change allow`,
    `${who} change deny`,
  ]);
  await scene.assertNoTrace();
});

Deno.test("a session is its principal's alone, whichever of several issuers proved others", async () => {
  await using scene = await startScene({ issuers: 2 });
  const [one, two] = scene.issuers;
  assert.ok(one && two);
  const alice = await scene.agentOf({ sub: "alice" });
  await alice.initialize();
  await assertLooks(alice, scene);
  const others = [
    await scene.agentOf({ sub: "bob" }),
    await scene.agentOf({ sub: "alice" }, { issuer: two }),
    await scene.agentOf({ sub: "Alice" }),
  ];
  const before = scene.received.length;
  for (const other of others) {
    other.session = alice.session;
    const reply = await other.call("x", "look");
    assert.deepEqual([reply.status, reply.messages[0]?.error?.code], [404, -32001]);
    assert.equal(await other.end(), 404);
  }
  assert.equal(scene.received.length, before);
  await assertLooks(alice, scene);
  const other = others[1];
  assert.ok(other);
  await other.initialize();
  await assertLooks(other, scene);
  assert.deepEqual(await scene.calls(), [
    `${one.issuer}#alice look allow`,
    `${one.issuer}#alice look allow`,
    `${two.issuer}#alice look allow`,
  ]);
  // signed by the one in the name of the other, with either's kid
  for (const kid of [one.keyFor("RS256").kid, two.keyFor("RS256").kid]) {
    const claims = { iss: two.issuer, aud: scene.proxy.url, roles: ["agent"], scope: "files:read" };
    await assertNobody(scene.agent(await one.mint(claims, { kid })), scene);
  }
  const elsewhere = await scene.agentOf({ aud: `${scene.proxy.url}/other` });
  const { error } = await assertNobody(elsewhere, scene);
  assert.equal(error, "invalid_token");
  await scene.assertNoTrace();
});

Deno.test("a rotated key is taken, and the one before it no more", async () => {
  await using scene = await startScene({ fast: true });
  const old = await scene.agentOf();
  await old.initialize();
  await assertLooks(old, scene);
  await scene.issuer.rotate();
  const fresh = await scene.agentOf();
  fresh.session = old.session;
  const answered = async () => await statusOf(fresh.call(crypto.randomUUID(), "look")) === 200;
  await eventually("a token of the new key", answered);
  await assertNobody(old, scene);
  await scene.assertNoTrace();
});

Deno.test("while no keys can be had nobody is proved: 503; then all is well", async () => {
  await using scene = await startScene({
    fast: true,
    before: ([issuer]) => {
      if (issuer !== undefined) issuer.keysBehaviour = { kind: "down" };
    },
  });
  const isTold = () => scene.proxy.stderr().includes("cannot be verified yet");
  await eventually("the warning", isTold);
  const agent = await scene.agentOf();
  const reply = await agent.initialize();
  assert.deepEqual([reply.status, reply.messages[0]?.error?.code], [503, -31503]);
  assert.ok(Number(reply.headers.get("retry-after")) > 0);
  scene.issuer.keysBehaviour = { kind: "good" };
  await eventually("the keys", async () => await statusOf(agent.initialize()) === 200);
  await assertLooks(agent, scene);
  await scene.assertNoTrace();
});

Deno.test("a token that expires ends no session", async () => {
  await using scene = await startScene({ flags: () => ["--token-skew", "0"] });
  const agent = await scene.agentOf({ exp: Math.floor(Date.now() / 1000) + 4 });
  await agent.initialize();
  await assertLooks(agent, scene);
  const expired = async () => await statusOf(agent.call(crypto.randomUUID(), "look")) === 401;
  await eventually("the end of the token", expired);
  const { error } = await assertNobody(agent, scene);
  assert.equal(error, "invalid_token");
  agent.token = await scene.mint();
  await assertLooks(agent, scene);
  await scene.assertNoTrace();
});

Deno.test("API keys stand beside tokens, each with roles and scopes of its own", async () => {
  const [key, other] = [newKey(), newKey()];
  await using folder = await tempFolder();
  const file = await folder.write(
    "keys.json",
    JSON.stringify([
      { id: "ci", hash: await hashApiKey(key), roles: ["agent"], scopes: ["files:read"] },
      { id: "idle", hash: await hashApiKey(other) },
    ]),
  );
  await using scene = await startScene({ flags: () => ["--api-keys", file] });
  const ci = scene.agent(key);
  await ci.initialize();
  await assertLooks(ci, scene);
  assert.equal(await statusOf(ci.call("w", "change")), 403);
  const idle = scene.agent(other);
  await idle.initialize();
  const reply = await idle.call("r", "look");
  assert.equal(reply.messages[0]?.result?.isError ?? reply.status === 403, true);
  await assertNobody(scene.agent(newKey()), scene);
  const token = await scene.agentOf();
  await token.initialize();
  await assertLooks(token, scene);
  assert.deepEqual(await scene.calls(), [
    "apikey#ci look allow",
    "apikey#ci change deny",
    "apikey#idle look deny",
    `${scene.issuer.issuer}#alice look allow`,
  ]);
  await scene.assertNoTrace();
});

Deno.test("--require-at-jwt takes access tokens alone; roles stand where --roles-claim says", async () => {
  await using scene = await startScene({
    flags: () => ["--require-at-jwt", "--roles-claim", "realm_access.roles"],
  });
  const realm = { realm_access: { roles: ["agent"] }, roles: undefined };
  for (const typ of ["JWT", "id+jwt"]) {
    await assertNobody(await scene.agentOf(realm, { typ }), scene);
  }
  const agent = await scene.agentOf(realm);
  await agent.initialize();
  await assertLooks(agent, scene);
  const elsewhere = await scene.agentOf({ roles: ["agent"], "realm_access.roles": ["agent"] });
  await elsewhere.initialize();
  await elsewhere.call("x", "look");
  const who = `${scene.issuer.issuer}#alice`;
  assert.deepEqual(await scene.calls(), [`${who} look allow`, `${who} look deny`]);
  await scene.assertNoTrace();
});

function newKey(): string {
  return `key_${crypto.getRandomValues(new Uint8Array(24)).toHex()}`;
}
