import assert from "node:assert/strict";
import { anyAuthenticator } from "../../src/identity/any_authenticator.ts";
import { apiKeyAuthenticator, hashApiKey } from "../../src/identity/api_key.ts";
import { type Authenticator, localAuthenticator } from "../../src/identity/authenticator.ts";
import { openScene } from "./scene.ts";

const KEYS = ["aegis_one_4f1c9a7be2d84c06", "aegis_two_5e2dab8cf3e95d17", "aegis.three.6f3e"];

async function threeKeys(): Promise<Authenticator> {
  const [one = "", two = ""] = KEYS;
  return apiKeyAuthenticator({
    keys: [
      { id: "ci", hash: await hashApiKey(one), roles: ["dev"], scopes: ["files:read"] },
      { id: "https://a.example#alice", hash: await hashApiKey(two) },
    ],
  });
}

async function idOf(who: Authenticator, token: string): Promise<string> {
  const answer = await who.authenticate({ kind: "bearer", token });
  if (answer.ok) return answer.value.id;
  return answer.error.code === "unauthenticated" ? answer.error.rule ?? "" : answer.error.code;
}

Deno.test("apiKeyAuthenticator() knows its keys, wherever they stand, and no others", async () => {
  const who = await threeKeys();
  const shown = [
    ...KEYS,
    "",
    "aegis_one_4f1c9a7be2d84c0",
    "AEGIS_ONE_4F1C9A7BE2D84C06",
    "x".repeat(2_000),
  ];
  const ids = await Promise.all(shown.map((token) => idOf(who, token)));
  assert.deepEqual(ids, [
    "apikey#ci",
    "apikey#https://a.example#alice",
    ...shown.slice(2).map(() => "api-key"),
  ]);
  const proved = await who.authenticate({ kind: "bearer", token: KEYS[0] ?? "" });
  assert.ok(proved.ok);
  assert.equal(proved.value.kind, "token");
  assert.deepEqual([[...proved.value.roles], [...proved.value.scopes]], [["dev"], ["files:read"]]);
});

Deno.test("apiKeyAuthenticator() takes no hash for a key, and no local credentials", async () => {
  const who = await threeKeys();
  assert.equal(await idOf(who, await hashApiKey(KEYS[0] ?? "")), "api-key");
  assert.equal((await who.authenticate({ kind: "local" })).ok, false);
});

Deno.test("apiKeyAuthenticator() cannot be made of keys that are not written as they must be", async () => {
  const hash = await hashApiKey("a key");
  const good = { id: "ci", hash };
  const bad = [
    [],
    [{ ...good, id: "" }],
    [{ ...good, id: "a\nb" }],
    [{ ...good, id: "\ud800" }],
    [{ ...good, hash: "a key" }],
    [{ ...good, hash: hash.toUpperCase() }],
    [{ ...good, hash: `${hash}0` }],
    [{ ...good, hash: hash.replace("sha256", "md5") }],
    [good, { ...good, id: "other" }],
    [good, { id: "ci", hash: await hashApiKey("another") }],
  ];
  for (const keys of bad) assert.throws(() => apiKeyAuthenticator({ keys }), TypeError);
});

Deno.test("anyAuthenticator() hands credentials to the one that knows their shape, whose answer is final", async () => {
  await using scene = await openScene();
  const who = anyAuthenticator([scene.who, await threeKeys()]);
  assert.equal(await idOf(who, await scene.issuer.mint()), scene.alice);
  assert.equal(await idOf(who, KEYS[0] ?? ""), "apikey#ci");
  assert.equal(await idOf(who, await scene.issuer.mint({ exp: 1 })), "expired");
  assert.equal(await idOf(who, "a.b.c"), "not-base64url");
  assert.equal(await idOf(who, "a.b.c.d.e"), "not-recognised");
  assert.equal(await idOf(who, "unknown"), "api-key");
  assert.equal((await who.authenticate({ kind: "local" })).ok, false);
});

Deno.test("anyAuthenticator() takes local credentials only where one is for them", async () => {
  const who = anyAuthenticator([localAuthenticator(), await threeKeys()]);
  const local = await who.authenticate({ kind: "local" });
  assert.ok(local.ok && local.value.kind === "local");
  assert.equal(await idOf(who, "unknown"), "api-key");
});

Deno.test("anyAuthenticator() must know which authenticator to ask", async () => {
  const blind: Authenticator = { authenticate: (c, s) => localAuthenticator().authenticate(c, s) };
  const keys = await threeKeys();
  assert.throws(() => anyAuthenticator([]), TypeError);
  assert.throws(() => anyAuthenticator([blind, keys]), TypeError);
  assert.equal(await idOf(anyAuthenticator([keys, blind]), "a.b.c"), "local-user");
});
