import assert from "node:assert/strict";
import { told } from "./forge.ts";
import { openScene } from "./scene.ts";

const WINDOW_MS = 30_000;
const FRESH_MS = 600_000;
const STALE_MS = 3_600_000;
/** A token that outlives the test. */
const LONG = { exp: 1_893_456_000 + 100_000 };

// INVARIANT: One read at most per window, whatever kids arrive; reads at the same time are one.
Deno.test("jwtAuthenticator() reads the keys once per window at most, whatever kids arrive", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  const good = await issuer.mint(LONG);
  const forged = async (kid: string) =>
    await told(who, await issuer.mint(LONG, { alg: "EdDSA", kid }));
  const wave = async (name: string, count: number) => {
    const answers = await Promise.all(
      Array.from({ length: count }, (_, at) => forged(`${name}-${at}`)),
    );
    assert.deepEqual([...new Set(answers)], ["unknown-key"]);
  };
  await wave("first", 4_000);
  assert.equal(issuer.keyRequests, 1);
  await wave("second", 3_000);
  assert.equal(issuer.keyRequests, 1);
  clock.nowMs += WINDOW_MS - 1;
  await wave("third", 1_500);
  assert.equal(issuer.keyRequests, 1);
  clock.nowMs += 1;
  await wave("fourth", 1_500);
  assert.equal(issuer.keyRequests, 2);
  assert.equal(await told(who, good), scene.alice);
  assert.equal(issuer.keyRequests, 2);
});

Deno.test("jwtAuthenticator() asks no second time for a kid that was not there when it asked", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  assert.equal(await told(who, await issuer.mint(LONG)), scene.alice);
  const forged = await issuer.mint(LONG, { kid: "gone" });
  clock.nowMs += WINDOW_MS;
  assert.equal(await told(who, forged), "unknown-key");
  assert.equal(issuer.keyRequests, 2);
  clock.nowMs += WINDOW_MS;
  assert.equal(await told(who, forged), "unknown-key");
  assert.equal(issuer.keyRequests, 2);
  clock.nowMs += WINDOW_MS;
  assert.equal(await told(who, forged), "unknown-key");
  assert.equal(issuer.keyRequests, 3);
});

Deno.test("jwtAuthenticator() causes no request for tokens that are refused without a key", async () => {
  await using scene = await openScene();
  const { issuer, who } = scene;
  const tokens = await Promise.all([
    issuer.mint({ exp: 1 }),
    issuer.mint({ aud: "https://else.example" }),
    issuer.mint({ iss: "https://else.example" }),
    issuer.mint({ sub: "" }),
  ]);
  for (const token of tokens) assert.notEqual(await told(who, token), scene.alice);
  assert.equal(issuer.keyRequests, 0);
});

Deno.test("jwtAuthenticator() takes a rotated key within the window, and refuses the old one with it", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  const old = await issuer.mint(LONG);
  assert.equal(await told(who, old), scene.alice);
  await issuer.rotate();
  const fresh = await issuer.mint(LONG);
  assert.equal(await told(who, fresh), "unknown-key");
  assert.equal(await told(who, old), scene.alice);
  clock.nowMs += WINDOW_MS;
  assert.equal(await told(who, fresh), scene.alice);
  assert.equal(await told(who, old), "unknown-key");
});

Deno.test("jwtAuthenticator() keeps what it remembers when a key is added", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  const old = await issuer.mint(LONG);
  assert.equal(await told(who, old), scene.alice);
  await issuer.rotate({ keepOld: true });
  clock.nowMs += WINDOW_MS;
  assert.equal(await told(who, await issuer.mint(LONG)), scene.alice);
  const answer = who.authenticate({ kind: "bearer", token: old });
  assert.ok(!(answer instanceof Promise) && answer.ok);
});

Deno.test("jwtAuthenticator() reads old keys again in the background, and forgets a key that left", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  const token = await issuer.mint(LONG);
  assert.equal(await told(who, token), scene.alice);
  await issuer.rotate();
  clock.nowMs += FRESH_MS - 1;
  assert.equal(await told(who, token), scene.alice);
  assert.equal(issuer.keyRequests, 1);
  clock.nowMs += 1;
  const meanwhile = who.authenticate({ kind: "bearer", token });
  assert.ok(!(meanwhile instanceof Promise) && meanwhile.ok);
  await who.prepare();
  assert.equal(await told(who, await issuer.mint(LONG)), scene.alice);
  assert.equal(issuer.keyRequests, 2);
  assert.equal(await told(who, token), "unknown-key");
});

const BROKEN = [
  ["down", { kind: "down" }],
  ["redirecting", { kind: "redirect" }],
  ["empty", { kind: "body", body: "" }],
  ["HTML", { kind: "body", body: "<html>Sign in</html>", type: "text/html" }],
  ["JSON of another sort", { kind: "body", body: '{"key":[]}' }],
  ["a list", { kind: "body", body: "[]" }],
  ["huge", { kind: "body", body: `{"keys":[${'{"kty":"RSA"},'.repeat(50_000)}{}]}` }],
  ["too many keys", { kind: "body", body: `{"keys":[${"{},".repeat(100)}{}]}` }],
  ["with a member twice", { kind: "body", body: '{"keys":[],"keys":[]}' }],
] as const;

for (const [name, behaviour] of BROKEN) {
  Deno.test(`jwtAuthenticator() uses the keys it has for an hour while the key set is ${name}`, async () => {
    await using scene = await openScene();
    const { issuer, who, clock } = scene;
    assert.equal(await told(who, await issuer.mint(LONG)), scene.alice);
    issuer.keysBehaviour = behaviour;
    const later = await issuer.mint({ ...LONG, jti: "later" });
    clock.nowMs += STALE_MS - 1;
    assert.equal(await told(who, later), scene.alice);
    const [problem] = await who.prepare();
    assert.ok(problem === undefined || problem.issuer === issuer.issuer);
    clock.nowMs += 1;
    assert.equal(await told(who, later), "keys-unavailable");
    clock.nowMs += WINDOW_MS;
    assert.equal(await told(who, later), "keys-unavailable");
    assert.equal((await who.prepare()).length, 1);
    issuer.keysBehaviour = { kind: "good" };
    assert.equal(await told(who, later), "keys-unavailable");
    clock.nowMs += WINDOW_MS;
    assert.equal(await told(who, later), scene.alice);
    assert.equal(issuer.requests.get("/moved.json"), undefined);
  });

  Deno.test(`jwtAuthenticator() takes nobody while the only key set it ever saw is ${name}`, async () => {
    await using scene = await openScene();
    const { issuer, who } = scene;
    issuer.keysBehaviour = behaviour;
    const token = await issuer.mint(LONG);
    const answer = await who.authenticate({ kind: "bearer", token });
    assert.deepEqual(answer, {
      ok: false,
      error: { code: "unauthenticated", detail: "unavailable", rule: "keys-unavailable" },
    });
    assert.equal(await told(who, token), "keys-unavailable");
    assert.equal(issuer.keyRequests, 1);
  });
}

Deno.test("jwtAuthenticator() believes a key set without keys", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  const token = await issuer.mint(LONG);
  assert.equal(await told(who, token), scene.alice);
  issuer.keysBehaviour = { kind: "body", body: '{"keys":[]}' };
  clock.nowMs += FRESH_MS;
  assert.equal(
    await told(who, await issuer.mint(LONG, { kid: "waits for the read" })),
    "unknown-key",
  );
  assert.equal(await told(who, token), "unknown-key");
  assert.equal(issuer.keyRequests, 2);
});

Deno.test("jwtAuthenticator() lets a caller go who waits no longer, and closes with a read under way", async () => {
  await using scene = await openScene();
  const { issuer, who } = scene;
  issuer.keysBehaviour = { kind: "silent" };
  const impatient = new AbortController();
  const token = await issuer.mint(LONG);
  const answer = who.authenticate({ kind: "bearer", token }, impatient.signal);
  impatient.abort();
  const told = await answer;
  assert.ok(!told.ok && told.error.code === "unauthenticated");
  assert.equal(told.error.detail, "unavailable");
});

Deno.test("jwtAuthenticator() looks at the time each time, remembered or not", async () => {
  await using scene = await openScene();
  const { issuer, who, clock } = scene;
  const token = await issuer.mint({ nbf: clock.nowSeconds });
  assert.equal(await told(who, token), scene.alice);
  clock.nowMs += 329_999;
  assert.equal(await told(who, token), scene.alice);
  clock.nowMs += 1;
  assert.equal(await told(who, token), "expired");
  assert.equal(await told(who, token), "expired");
  clock.nowMs -= 400_000;
  assert.equal(await told(who, token), "not-yet-valid");
});

Deno.test("jwtAuthenticator() answers for a remembered token at once, with the same principal", async () => {
  await using scene = await openScene({ jwt: { maxCachedTokens: 2 } });
  const { issuer, who } = scene;
  const tokens = await Promise.all([1, 2, 3].map((jti) => issuer.mint({ jti })));
  for (const token of tokens) assert.equal(await told(who, token), scene.alice);
  const answers = tokens.map((token) => who.authenticate({ kind: "bearer", token }));
  const atOnce = answers.map((answer) => !(answer instanceof Promise));
  assert.deepEqual(atOnce, [false, true, true]);
  for (const answer of await Promise.all(answers)) assert.ok(answer.ok);
});

Deno.test("jwtAuthenticator() reads a file of keys again when it changes, and survives a broken one", async () => {
  const path = await Deno.makeTempFile();
  try {
    await using scene = await openScene({ issuer: () => ({ jwksFile: path }) });
    const { issuer, who, clock } = scene;
    const publish = () => Deno.writeTextFile(path, JSON.stringify(issuer.jwks()));
    const old = await issuer.mint(LONG);
    await publish();
    assert.equal(await told(who, old), scene.alice);
    await issuer.rotate();
    const fresh = await issuer.mint(LONG);
    await publish();
    assert.equal(await told(who, fresh), "unknown-key");
    clock.nowMs += 1_000;
    assert.equal(await told(who, old), "unknown-key");
    assert.equal(await told(who, fresh), scene.alice);
    await Deno.writeTextFile(path, '{"keys":');
    clock.nowMs += 1_000;
    assert.equal(await told(who, fresh), scene.alice);
    assert.match((await who.prepare())[0]?.problem ?? "", /no key set \(not-json\)$/);
    await Deno.remove(path);
    clock.nowMs += 1_000;
    assert.equal(await told(who, fresh), scene.alice);
    assert.match((await who.prepare())[0]?.problem ?? "", /cannot be read \(NotFound\)$/);
    clock.nowMs += STALE_MS;
    assert.equal(await told(who, fresh), "keys-unavailable");
    await publish();
    clock.nowMs += 1_000;
    assert.equal(await told(who, fresh), scene.alice);
    assert.equal(issuer.keyRequests, 0);
  } finally {
    await Deno.remove(path).catch(() => {});
  }
});

Deno.test("jwtAuthenticator() tells the operator once that keys cannot be read, and that they can again", async () => {
  const lines: string[] = [];
  const log = {
    enabled: () => true,
    log: (level: string, message: string) => void lines.push(`${level} ${message}`),
  };
  await using scene = await openScene({ jwt: { log } });
  const { issuer, who, clock } = scene;
  const tokens = await Promise.all([1, 2, 3, 4].map((jti) => issuer.mint({ ...LONG, jti })));
  issuer.keysBehaviour = { kind: "down" };
  for (const token of tokens.slice(0, 3)) {
    assert.equal(await told(who, token), "keys-unavailable");
    clock.nowMs += WINDOW_MS;
  }
  issuer.keysBehaviour = { kind: "good" };
  assert.equal(await told(who, tokens[3] ?? ""), scene.alice);
  issuer.keysBehaviour = { kind: "body", body: '{"keys":[{"kty":"oct","k":"AAAA"}]}' };
  clock.nowMs += FRESH_MS;
  await told(who, await issuer.mint(LONG, { kid: "waits for the read" }));
  assert.deepEqual(lines, [
    `WARNING Cannot read the keys of an issuer: ${issuer.jwksUri}: it answers with status 503`,
    "INFO The keys of an issuer can be read again",
    "WARNING An issuer has no key that can be used: its tokens are refused",
  ]);
});

Deno.test("jwtAuthenticator() reads no keys from what is no file of a sensible size", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const big = `${folder}/big.json`;
    await Deno.writeFile(big, new Uint8Array(512 * 1024 + 1));
    for (const path of [folder, big, `${folder}/none`]) {
      await using scene = await openScene({ issuer: () => ({ jwksFile: path }) });
      assert.equal(await told(scene.who, await scene.issuer.mint(LONG)), "keys-unavailable");
      assert.match(
        (await scene.who.prepare())[0]?.problem ?? "",
        /: (?:no file of|cannot be read)/,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
