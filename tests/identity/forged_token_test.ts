import assert from "node:assert/strict";
import { CompactEncrypt, exportSPKI, generateKeyPair, importJWK } from "jose";
import { jwtAuthenticator } from "../../src/identity/jwt_authenticator.ts";
import { startIssuer, type TestIssuer } from "../fixtures/issuer.ts";
import { FakeClock } from "./fake_clock.ts";
import { encode, signParts, signRaw, told } from "./forge.ts";

const AUDIENCE = "https://mcp.example/mcp";
const clock = new FakeClock();
const NOW = clock.nowSeconds;

/** What cases are made of: an issuer, and one that is trusted, too, but is another. */
interface Scene {
  readonly issuer: TestIssuer;
  readonly other: TestIssuer;
}

type Case = readonly [name: string, token: (scene: Scene) => Promise<string>, told: string];

const ALICE = "alice";

/** A case made of claims over those of a good token. */
function claims(name: string, over: Readonly<Record<string, unknown>>, expected: string): Case {
  return [name, ({ issuer }) => issuer.mint(over), expected];
}

/** A case made of header members over those of a good token. */
function header(name: string, over: Readonly<Record<string, unknown>>, expected: string): Case {
  return [
    name,
    ({ issuer }) =>
      signRaw(issuer, {
        header: JSON.stringify({ ...goodHeader(issuer), ...over }),
        payload: JSON.stringify(goodClaims(issuer)),
      }),
    expected,
  ];
}

/** A case made of a good token's text. */
function text(name: string, change: (token: string) => string, expected: string): Case {
  return [name, async ({ issuer }) => change(await issuer.mint()), expected];
}

/** A case whose payload is written by hand; `$ISS` stands for the issuer. */
function payload(name: string, written: string | Uint8Array, expected: string): Case {
  return [
    name,
    ({ issuer }) =>
      signRaw(issuer, {
        header: JSON.stringify(goodHeader(issuer)),
        payload: typeof written === "string" ? written.replaceAll("$ISS", issuer.issuer) : written,
      }),
    expected,
  ];
}

function goodHeader(issuer: TestIssuer): Readonly<Record<string, unknown>> {
  return { alg: "RS256", typ: "at+jwt", kid: issuer.keyFor("RS256").kid };
}

function goodClaims(issuer: TestIssuer): Readonly<Record<string, unknown>> {
  return { iss: issuer.issuer, sub: ALICE, aud: AUDIENCE, exp: NOW + 300 };
}

async function hmacSigned(
  issuer: TestIssuer,
  { secret, alg }: { readonly secret: string; readonly alg: string },
): Promise<string> {
  const parts = `${encode(JSON.stringify({ ...goodHeader(issuer), alg }))}.${
    encode(JSON.stringify(goodClaims(issuer)))
  }`;
  const bytes = new TextEncoder().encode(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(parts));
  return `${parts}.${encode(new Uint8Array(mac))}`;
}

/** Signed with a key that nobody published. */
async function strangerSigned(
  issuer: TestIssuer,
  over: (jwk: object) => Readonly<Record<string, unknown>>,
): Promise<string> {
  await using stranger = await startIssuer();
  const { publicJwk } = stranger.keyFor("RS256");
  return await signRaw(stranger, {
    header: JSON.stringify({ ...goodHeader(issuer), ...over(publicJwk) }),
    payload: JSON.stringify(goodClaims(issuer)),
  });
}

function changeLast(token: string): string {
  const last = token.at(-1) ?? "";
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[(alphabet.indexOf(last) + 1) % 64];
}

const GOOD = "alice";

const CASES: readonly Case[] = [
  // What is taken.
  claims("a good token", {}, GOOD),
  claims("one of several audiences", { aud: ["https://else.example", AUDIENCE] }, GOOD),
  claims("just within the skew after its end", { exp: NOW - 29 }, GOOD),
  claims("just within the skew before its start", { nbf: NOW + 30 }, GOOD),
  claims("an end with a fraction", { exp: NOW + 0.5 }, GOOD),
  claims("a long number among the claims", { employee: 2 ** 60 }, GOOD),
  header("no typ", { typ: undefined }, GOOD),
  header("typ JWT", { typ: "JWT" }, GOOD),
  header("typ in another case", { typ: "Application/AT+JWT" }, GOOD),

  // Algorithms.
  [
    "alg none without a signature",
    ({ issuer }) =>
      Promise.resolve(
        `${encode(JSON.stringify({ ...goodHeader(issuer), alg: "none" }))}.${
          encode(JSON.stringify(goodClaims(issuer)))
        }.`,
      ),
    "not-base64url",
  ],
  header("alg none with a signature", { alg: "none" }, "alg"),
  header("alg nOnE", { alg: "nOnE" }, "alg"),
  header("no alg", { alg: undefined }, "alg"),
  header("alg as a list", { alg: ["RS256"] }, "alg"),
  header("alg in lower case", { alg: "rs256" }, "alg"),
  header("alg that is a member of every object", { alg: "constructor" }, "alg"),
  header("another hash than signed", { alg: "RS512" }, "signature"),
  header("another padding than signed", { alg: "PS256" }, "signature"),
  header("an algorithm of another key type", { alg: "ES256" }, "unknown-key"),
  [
    "HS256 with the public key as PEM for its secret",
    async ({ issuer }) => {
      const key = await importJWK(issuer.keyFor("RS256").publicJwk, "RS256");
      assert.ok(!(key instanceof Uint8Array));
      return await hmacSigned(issuer, { secret: await exportSPKI(key), alg: "HS256" });
    },
    "alg",
  ],
  [
    "HS256 with the public JWK for its secret",
    ({ issuer }) =>
      hmacSigned(issuer, {
        secret: JSON.stringify(issuer.keyFor("RS256").publicJwk),
        alg: "HS256",
      }),
    "alg",
  ],
  [
    "a MAC that calls itself RS256",
    ({ issuer }) =>
      hmacSigned(issuer, { secret: issuer.keyFor("RS256").publicJwk.n ?? "", alg: "RS256" }),
    "signature",
  ],

  // Key ids.
  header("kid that is a path", { kid: "../../../../dev/null" }, "unknown-key"),
  header("kid that is SQL", { kid: "x' UNION SELECT 'secret" }, "unknown-key"),
  header("kid that is a URL", { kid: "https://evil.example/key" }, "unknown-key"),
  header("kid that is a member of every object", { kid: "__proto__" }, "unknown-key"),
  header("kid as a list", { kid: ["rs256-1"] }, "kid"),
  header("kid as a number", { kid: 1 }, "kid"),
  header("kid null", { kid: null }, "kid"),
  header("kid empty", { kid: "" }, "kid"),
  header("kid long", { kid: "k".repeat(257) }, "kid"),
  [
    "kid of another key of the issuer",
    ({ issuer }) => issuer.mint({}, { kid: issuer.keyFor("ES256").kid }),
    "unknown-key",
  ],
  header("no kid where several keys fit", { kid: undefined }, "ambiguous-key"),
  [
    "a key whose use is enc",
    ({ issuer }) => issuer.mint({}, { kid: "for-encryption" }),
    "unknown-key",
  ],
  [
    "a key for another algorithm",
    ({ issuer }) => issuer.mint({}, { kid: "for-ps512" }),
    "unknown-key",
  ],
  [
    "a key that does not verify",
    ({ issuer }) => issuer.mint({}, { kid: "for-signing" }),
    "unknown-key",
  ],
  [
    "a published private key",
    ({ issuer }) => issuer.mint({}, { kid: "private" }),
    "unknown-key",
  ],
  [
    "a published symmetric key",
    ({ issuer }) => issuer.mint({}, { kid: "symmetric" }),
    "unknown-key",
  ],
  ["two keys of one kid", ({ issuer }) => issuer.mint({}, { kid: "twice" }), "ambiguous-key"],

  // Keys that the token brings along.
  [
    "its own key in jwk",
    ({ issuer }) => strangerSigned(issuer, (jwk) => ({ jwk })),
    "signature",
  ],
  [
    "its own key in jwk, without a kid of ours",
    ({ issuer }) => strangerSigned(issuer, (jwk) => ({ jwk, kid: "mine" })),
    "unknown-key",
  ],
  [
    "its own key behind jku",
    ({ issuer, other }) => strangerSigned(issuer, () => ({ jku: other.jwksUri, kid: "mine" })),
    "unknown-key",
  ],
  [
    "its own certificate in x5c, and behind x5u",
    ({ issuer }) =>
      strangerSigned(issuer, () => ({ x5c: ["MIIB"], x5u: "https://evil.example/cert" })),
    "signature",
  ],
  header("a jku beside a good key is not read", { jku: "http://127.0.0.1:1/" }, GOOD),

  // Audiences.
  claims("no aud", { aud: undefined }, "aud"),
  claims("another aud", { aud: "https://else.example/mcp" }, "aud"),
  claims("aud that ours starts with", { aud: "https://mcp.example" }, "aud"),
  claims("aud that starts with ours", { aud: `${AUDIENCE}/admin` }, "aud"),
  claims("aud with a slash more", { aud: `${AUDIENCE}/` }, "aud"),
  claims("aud in another case", { aud: AUDIENCE.toUpperCase() }, "aud"),
  claims("aud as a pattern", { aud: "*" }, "aud"),
  claims("no audience at all", { aud: [] }, "aud"),
  claims("an audience that is no text", { aud: [AUDIENCE, 1] }, "aud"),
  claims("audiences in a list in a list", { aud: [[AUDIENCE]] }, "aud"),
  claims("audiences as an object", { aud: { 0: AUDIENCE } }, "aud"),
  claims("two audiences in one text", { aud: `${AUDIENCE} https://else.example` }, "aud"),

  // Issuers.
  claims("no iss", { iss: undefined }, "iss"),
  claims("iss empty", { iss: "" }, "iss"),
  claims("iss as a member of every object", { iss: "__proto__" }, "iss"),
  [
    "iss with a slash more",
    ({ issuer }) => issuer.mint({ iss: `${issuer.issuer}/` }),
    "iss",
  ],
  [
    "iss in another case",
    ({ issuer }) => issuer.mint({ iss: issuer.issuer.toUpperCase() }),
    "iss",
  ],
  ["iss in a list", ({ issuer }) => issuer.mint({ iss: [issuer.issuer] }), "iss"],
  [
    "another issuer that is trusted, by our key and its own kid",
    ({ issuer, other }) => issuer.mint({ iss: other.issuer }, { kid: other.keyFor("RS256").kid }),
    "signature",
  ],
  [
    "another issuer that is trusted, by our key and kid",
    ({ issuer, other }) => issuer.mint({ iss: other.issuer }),
    "unknown-key",
  ],

  // Times.
  claims("expired", { exp: NOW - 31 }, "expired"),
  claims("expired at the end of the skew", { exp: NOW - 30 }, "expired"),
  claims("no exp", { exp: undefined }, "exp"),
  claims("exp as text", { exp: String(NOW + 300) }, "exp"),
  claims("exp negative", { exp: -1 }, "exp"),
  claims("exp in milliseconds", { exp: (NOW + 300) * 1000 }, "exp"),
  claims("exp beyond every date", { exp: 253_402_300_800 }, "exp"),
  claims("exp huge", { exp: 1e300 }, "exp"),
  payload(
    "exp infinite",
    `{"iss":"$ISS","sub":"alice","aud":"${AUDIENCE}","exp":1e400}`,
    "exp",
  ),
  claims("exp null", { exp: null }, "exp"),
  claims("exp in a list", { exp: [NOW + 300] }, "exp"),
  claims("exp true", { exp: true }, "exp"),
  claims("not yet valid", { nbf: NOW + 31 }, "not-yet-valid"),
  claims("nbf as text", { nbf: "0" }, "nbf"),
  claims("nbf null", { nbf: null }, "nbf"),

  // Subjects.
  claims("no sub", { sub: undefined }, "sub"),
  claims("sub empty", { sub: "" }, "sub"),
  claims("sub a number", { sub: 7 }, "sub"),
  claims("sub in a list", { sub: ["alice"] }, "sub"),
  claims("sub with a newline", { sub: "alice\nadmin" }, "sub"),
  claims("sub long", { sub: "a".repeat(1_025) }, "sub"),
  payload(
    "sub with half a character",
    `{"iss":"$ISS","sub":"\\ud800","aud":"${AUDIENCE}","exp":${NOW + 300}}`,
    "unsafe-text",
  ),
  claims("bound to a key of its holder", { cnf: { jkt: "x" } }, "sender-constrained"),

  // Headers that would change what is read.
  header("crit", { crit: ["exp"], exp: 1 }, "crit"),
  header("crit empty", { crit: [] }, "crit"),
  header("b64 false", { b64: false }, "crit"),
  header("cty JWT", { cty: "JWT" }, "nested"),
  header("enc", { enc: "A256GCM" }, "encrypted"),
  header("typ of a logout token", { typ: "logout+jwt" }, "typ"),
  header("typ of a proof", { typ: "dpop+jwt" }, "typ"),
  header("typ empty", { typ: "" }, "typ"),
  header("typ as a list", { typ: ["JWT"] }, "typ"),
  header("typ with a letter that lower-cases to k", { typ: "at+jwt\u212a" }, "typ"),
  [
    "a token in a token",
    async ({ issuer }) =>
      await signRaw(issuer, {
        header: JSON.stringify(goodHeader(issuer)),
        payload: await issuer.mint(),
      }),
    "not-json",
  ],
  [
    "a JWE",
    async () => {
      const { publicKey } = await generateKeyPair("RSA-OAEP-256");
      return await new CompactEncrypt(new TextEncoder().encode("{}"))
        .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM" }).encrypt(publicKey);
    },
    "encrypted",
  ],

  // JSON.
  payload(
    "a claim twice",
    `{"iss":"$ISS","sub":"bob","sub":"alice","aud":"${AUDIENCE}","exp":${NOW + 300}}`,
    "duplicate-member",
  ),
  payload(
    "a claim twice, once escaped",
    `{"iss":"$ISS","sub":"alice","s\\u0075b":"bob","aud":"${AUDIENCE}","exp":${NOW + 300}}`,
    "duplicate-member",
  ),
  payload(
    "a nested claim twice",
    `{"iss":"$ISS","sub":"alice","aud":"${AUDIENCE}","exp":${NOW + 300},"x":[{"a":1,"a":2}]}`,
    "duplicate-member",
  ),
  payload(
    "a name that is a prototype",
    `{"iss":"$ISS","sub":"alice","aud":"${AUDIENCE}","exp":${NOW + 300},"__proto__":{}}`,
    "unsafe-text",
  ),
  [
    "a header member twice",
    ({ issuer }) =>
      signRaw(issuer, {
        header: `{"alg":"none","alg":"RS256","kid":"${issuer.keyFor("RS256").kid}"}`,
        payload: JSON.stringify(goodClaims(issuer)),
      }),
    "duplicate-member",
  ],
  payload("a list", "[]", "not-object"),
  payload("a text", '"alice"', "not-object"),
  payload("null", "null", "not-object"),
  payload("no JSON", "{", "not-json"),
  payload("JSON with a byte order mark", "\ufeff{}", "not-json"),
  payload("JSON and more", "{} {}", "not-json"),
  payload("bytes that are no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "not-utf8"),
  payload("deep JSON", `${'{"a":'.repeat(33)}1${"}".repeat(33)}`, "too-deep"),

  [
    "an ES256 signature of zeros",
    async ({ issuer }) => {
      const [head, body] = (await issuer.mint({}, { alg: "ES256" })).split(".");
      return `${head}.${body}.${encode(new Uint8Array(64))}`;
    },
    "signature",
  ],
  [
    "an Ed25519 signature of zeros",
    async ({ issuer }) => {
      const [head, body] = (await issuer.mint({}, { alg: "EdDSA" })).split(".");
      return `${head}.${body}.${encode(new Uint8Array(64))}`;
    },
    "signature",
  ],

  // Text.
  text("nothing", () => "", "not-three-parts"),
  text("dots alone", () => "..", "not-base64url"),
  text("one part", (token) => token.split(".")[0] ?? "", "not-three-parts"),
  text("four parts", (token) => `${token}.`, "not-three-parts"),
  text("six parts", (token) => `${token}.a.b.c`, "not-three-parts"),
  text("no signature", (token) => token.slice(0, token.lastIndexOf(".") + 1), "not-base64url"),
  text("a signature cut by a byte", (token) => token.slice(0, -2), "signature"),
  text("a signature cut by a character", (token) => token.slice(0, -1), "not-base64url"),
  text("a signature with stray bits", changeLast, "not-base64url"),
  text("a padded signature", (token) => `${token}==`, "not-base64url"),
  text("a padded header", (token) => token.replace(".", "=."), "not-base64url"),
  text("a space before", (token) => ` ${token}`, "not-base64url"),
  text("a newline after", (token) => `${token}\n`, "not-base64url"),
  text("a space inside", (token) => token.replace(".", ". "), "not-base64url"),
  text(
    "the other base64 alphabet",
    (token) => `${token.slice(0, token.lastIndexOf(".") + 1)}++//`,
    "not-base64url",
  ),
  text("a letter that is not ASCII", (token) => `${token.slice(0, -1)}\u{ff21}`, "not-base64url"),
  text("a huge token", () => "a".repeat(16_385), "too-large"),
  text("a huge token of dots", () => ".".repeat(16_385), "too-large"),
  [
    "a changed payload",
    async ({ issuer }) => {
      const [head, , signature] = (await issuer.mint()).split(".");
      return `${head}.${
        encode(JSON.stringify({ ...goodClaims(issuer), sub: "admin" }))
      }.${signature}`;
    },
    "signature",
  ],
  [
    "a signature of other parts",
    async ({ issuer }) => {
      const [head, body] = (await issuer.mint()).split(".");
      const signature = (await signParts(issuer, "a.b")).split(".")[2];
      return `${head}.${body}.${signature}`;
    },
    "signature",
  ],
];

/** Publishes keys beside the good ones that no token may use, and a second RSA key. */
function publishTraps(issuer: TestIssuer, other: TestIssuer): void {
  const { publicJwk, privateJwk } = issuer.keyFor("RS256");
  issuer.extraKeys = [
    { ...other.keyFor("RS256").publicJwk, kid: "second" },
    { ...publicJwk, kid: "for-encryption", use: "enc" },
    { ...publicJwk, kid: "for-ps512", alg: "PS512" },
    { ...publicJwk, kid: "for-signing", key_ops: ["sign"] },
    { ...privateJwk, kid: "private" },
    { kty: "oct", kid: "symmetric", k: publicJwk.n },
    { ...publicJwk, kid: "twice" },
    { ...other.keyFor("RS256").publicJwk, kid: "twice" },
    { kty: "quantum", kid: "of another world" },
  ];
}

Deno.test("jwtAuthenticator() refuses every forged token by the rule it breaks, and takes good ones", async (t) => {
  const nowSeconds = () => NOW;
  await using issuer = await startIssuer({ nowSeconds });
  await using other = await startIssuer({ nowSeconds });
  publishTraps(issuer, other);
  await using who = jwtAuthenticator({
    issuers: [issuer, other].map(({ issuer, jwksUri }) => ({
      issuer,
      jwksUri,
      audiences: [AUDIENCE, "https://mcp.example/second"],
    })),
    clock,
  });
  const names = new Set(CASES.map(([name]) => name));
  assert.equal(names.size, CASES.length);
  for (const [name, make, expected] of CASES) {
    await t.step(name, async () => {
      const token = await make({ issuer, other });
      const wanted = expected === GOOD ? `${issuer.issuer}#alice` : expected;
      // The second time for what was remembered of the first.
      assert.equal(await told(who, token), wanted);
      assert.equal(await told(who, token), wanted);
    });
  }
  assert.deepEqual([issuer.keyRequests, other.keyRequests], [1, 1]);
});

Deno.test("jwtAuthenticator() takes every algorithm of its list, and none that an issuer may not use", async () => {
  const nowSeconds = () => NOW;
  await using issuer = await startIssuer({ nowSeconds });
  const one = { issuer: issuer.issuer, jwksUri: issuer.jwksUri, audiences: [AUDIENCE] };
  await using all = jwtAuthenticator({ issuers: [one], clock });
  await using ec = jwtAuthenticator({ issuers: [{ ...one, algorithms: ["ES256"] }], clock });
  const algorithms = [
    ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const,
    ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const,
  ];
  for (const alg of algorithms) {
    const token = await issuer.mint({}, { alg });
    assert.equal(await told(all, token), `${issuer.issuer}#alice`, alg);
    assert.equal(await told(ec, token), alg === "ES256" ? `${issuer.issuer}#alice` : "alg", alg);
  }
});

Deno.test("jwtAuthenticator() takes access tokens alone where they are required", async () => {
  await using issuer = await startIssuer({ nowSeconds: () => NOW });
  const one = { issuer: issuer.issuer, jwksUri: issuer.jwksUri, audiences: [AUDIENCE] };
  await using who = jwtAuthenticator({ issuers: [one], requireAtJwt: true, clock });
  const typs = ["at+jwt", "application/at+jwt", "JWT", undefined];
  const answers = await Promise.all(typs.map(async (typ) => {
    return await told(who, await issuer.mint({}, { header: { typ } }));
  }));
  const alice = `${issuer.issuer}#alice`;
  assert.deepEqual(answers, [alice, alice, "typ", "typ"]);
});

Deno.test("jwtAuthenticator() takes a token without a kid when one key alone fits", async () => {
  await using issuer = await startIssuer({ nowSeconds: () => NOW });
  const one = { issuer: issuer.issuer, jwksUri: issuer.jwksUri, audiences: [AUDIENCE] };
  await using who = jwtAuthenticator({ issuers: [one], clock });
  const token = await issuer.mint({}, { header: { kid: undefined } });
  assert.equal(await told(who, token), `${issuer.issuer}#alice`);
});

Deno.test("jwtAuthenticator() refuses a signature by an RSA key of 1024 bits", async () => {
  await using issuer = await startIssuer({ nowSeconds: () => NOW });
  const weak = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  );
  issuer.extraKeys = [{
    ...await crypto.subtle.exportKey("jwk", weak.publicKey),
    kid: "weak",
    key_ops: ["verify"],
  }];
  const one = { issuer: issuer.issuer, jwksUri: issuer.jwksUri, audiences: [AUDIENCE] };
  await using who = jwtAuthenticator({ issuers: [one], clock });
  const parts = `${encode('{"alg":"RS256","kid":"weak"}')}.${
    encode(JSON.stringify(goodClaims(issuer)))
  }`;
  const signature = await crypto.subtle.sign(
    "RSASSA-PKCS1-v1_5",
    weak.privateKey,
    new TextEncoder().encode(parts),
  );
  assert.equal(await told(who, `${parts}.${encode(new Uint8Array(signature))}`), "signature");
});
