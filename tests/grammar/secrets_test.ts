import assert from "node:assert/strict";
import fc from "fast-check";
import { SECRET_RULES } from "../../src/grammar/secret_rules.ts";
import { findSecrets } from "../../src/grammar/secrets.ts";
import { assertLinear } from "./growth.ts";
import { draw, pem, SECRETS } from "./secret_samples.ts";

const found = (text: string) => findSecrets(text).map((m) => [m.rule, text.slice(m.start, m.end)]);
const rules = (text: string) => findSecrets(text).map((match) => match.rule);

Deno.test("findSecrets() finds what issuers make, whole and nothing more", () => {
  for (const [rule, secret] of SECRETS) {
    assert.deepEqual(found(secret), [[rule, secret]], rule);
    assert.deepEqual(found(`key: "${secret}", next`), [[rule, secret]], rule);
    assert.deepEqual(found(`see https://x.example/?k%3D${secret}&z`), [[rule, secret]], rule);
    assert.deepEqual(found(`${secret}\n${secret}`).length, 2, rule);
  }
});

Deno.test("findSecrets() finds nothing in what is one character too short or too long", () => {
  for (const [rule, secret] of SECRETS) {
    if (
      /^(?:jwt|private|gitlab|pypi|anthropic|openai|slack-token|stripe|github-token|discord|azure|mailchimp)/
        .test(rule)
    ) continue;
    assert.deepEqual(rules(secret.slice(0, -1)), [], rule);
    assert.deepEqual(rules(`${secret}a`), [], rule);
  }
});

Deno.test("findSecrets() passes placeholders, filler and published examples", () => {
  const passing = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "AKIAXXXXXXXXXXXXXXXX",
    "ghp_" + "x".repeat(36),
    "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "ghp_<36 characters>",
    "ghp_yourPersonalAccessTokenGoesHere123456",
    "sk_live_" + "0".repeat(24),
    "sk_test_" + draw("alnum", 24),
    "xoxb-000000000000-000000000000-XXXXXXXXXXXXXXXXXXXXXXXX",
    "glpat-" + "abcde".repeat(4),
    "SG." + "a1b2".repeat(6).slice(0, 22) + "." + "a1b2".repeat(11).slice(0, 43),
    "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY----- is how a key in PEM begins, and the lines behind it are Base64",
    pem("PUBLIC KEY", "\n"),
    pem("CERTIFICATE", "\n"),
    "postgres://user:password@localhost:5432/app",
    "postgres://app:${DB_PASSWORD}@db.acme.example/app",
    "mysql://root:hunter2hunter2@mysql.acme.io/app",
  ];
  for (const text of passing) assert.deepEqual(found(text), [], text);
});

Deno.test("findSecrets() takes a valid checksum for proof, whatever the body looks like", () => {
  // CRC-32 of thirty times "a" in base 62.
  const valid = "ghp_" + "a".repeat(30);
  const certain = checksums(valid.slice(4)).map((checksum) => rules(valid + checksum).length);
  assert.deepEqual(certain, [1, 0]);
});

/** The right checksum and a wrong one. */
function checksums(body: string): readonly string[] {
  let crc = -1;
  for (const char of body) {
    crc ^= char.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  const base = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let text = "";
  for (let rest = BigInt((crc ^ -1) >>> 0); text.length < 6; rest /= 62n) {
    text = base.charAt(Number(rest % 62n)) + text;
  }
  return [text, "aaaaaa"];
}

Deno.test("findSecrets() finds secrets that only their name tells", () => {
  const key = draw("base64", 40);
  for (
    const name of ["aws_secret_access_key = ", 'AWS_SECRET_ACCESS_KEY="', '"SecretAccessKey": "']
  ) {
    assert.deepEqual(found(`${name}${key}"`), [["aws-secret-access-key", key]], name);
  }
  assert.deepEqual(found(`sha1 ${key}`), []);
});

Deno.test("findSecrets() finds keys that an URL or a string literal carries, also cut off", () => {
  const cut = pem("EC PRIVATE KEY", "%0A").replaceAll(" ", "%20").slice(0, 150);
  assert.deepEqual(rules(`https://x.example/?q=${cut}`), ["private-key"]);
  assert.deepEqual(rules(pem("PRIVATE KEY", '\\n" +\n  "')), ["private-key"]);
  const headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n";
  const withHeaders = pem("RSA PRIVATE KEY", "\n").replace("-----\n", `-----\n${headers}`);
  assert.deepEqual(found(withHeaders), [["private-key", withHeaders]]);
});

Deno.test("findSecrets() judges JSON web tokens by what they say", () => {
  const token = (header: unknown, claims: unknown, signature = draw("url", 43)) =>
    [header, claims].map((part) => btoa(JSON.stringify(part)).replaceAll("=", "")).join(".") +
    `.${signature}`;
  assert.deepEqual(rules(token({ alg: "RS256" }, { sub: "service" }, draw("url", 342))), ["jwt"]);
  assert.deepEqual(rules(token({ alg: "none" }, { sub: "service" })), []);
  assert.deepEqual(rules(token({ kid: "1" }, { sub: "service" })), []);
  assert.deepEqual(rules(token({ alg: "HS256" }, { sub: "1234567890", name: "John Doe" })), []);
  assert.deepEqual(rules(token({ alg: "HS256" }, ["no", "claims"])), []);
});

Deno.test("findSecrets() finds passwords in database URLs of other machines", () => {
  const password = draw("alnum", 14);
  const url = `postgres://app:${password}@db.acme.io:5432/main`;
  assert.deepEqual(found(url), [["database-url", password]]);
  assert.deepEqual(found(url.replace("db.acme.io", "localhost")), []);
  assert.deepEqual(found(url.replace("db.acme.io", "db")), []);
  assert.deepEqual(found(`https://user:${password}@acme.io/`), []);
});

Deno.test("findSecrets() gives ordered, separate spans and never throws", () => {
  const pieces = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(...SECRET_RULES.flatMap((rule) => rule.starts)),
    fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
    fc.constantFrom(".", "-", "_", "=", " ", "\n", "%3D"),
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
    const text = parts.join("");
    let end = 0;
    for (const match of findSecrets(text)) {
      assert.ok(match.start >= end && match.end > match.start && match.end <= text.length);
      end = match.end;
    }
  }));
});

Deno.test("findSecrets() finds a secret between any other words", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(..."abc xyz.,;!?\n") }));
  fc.assert(
    fc.property(words, fc.constantFrom(...SECRETS), words, (before, [rule, secret], after) => {
      const text = `${before.join(" ")} ${secret} ${after.join(" ")}`;
      assert.deepEqual(rules(text), [rule]);
    }),
  );
});

Deno.test("findSecrets() takes linear time on beginnings without ends", () => {
  const starts = SECRET_RULES.flatMap((rule) => rule.starts);
  for (const start of starts) assertLinear(findSecrets, start);
  for (
    const start of [
      "-----BEGIN PRIVATE KEY-----\n",
      "eyJhbGciOiJIUzI1NiJ9.eyJ-",
      "mysql://a:b",
      "MTAw.",
    ]
  ) {
    assertLinear(findSecrets, start);
  }
});

Deno.test("SECRET_RULES begin with two characters of ASCII or more and name issuer and secret", () => {
  for (const { rule, starts, rest } of SECRET_RULES) {
    assert.match(rule, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.ok(rest.sticky, rule);
    for (const start of starts) assert.match(start, /^[!-~ ]{2,}$/);
    assert.doesNotMatch(rest.source, /(?<!\\)[*+](?![^[]*\])/, `${rule} is bounded`);
  }
});

Deno.test("findSecrets() finds the same where every place is looked at", () => {
  // A beginning of a key opens the whole text, and this one is none.
  const everywhere = (text: string) => findSecrets(`${text}\n-----BEGIN`);
  const secret = fc.constantFrom(...SECRETS.map(([, secret]) => secret));
  const piece = fc.oneof(
    { weight: 3, arbitrary: secret },
    fc.constantFrom(
      ...[" ", "\n", "\t", "\u00a0", " = ", ': "', "x", "'", "pat", "AKIA", "a word ", "%20"],
      ...["aws_secret_access_key", "Secret access key", "twilioAuthToken", "redis://:"],
    ),
    fc.tuple(fc.constantFrom("secretAccessKey", "SECRET_ACCESS_KEY"), fc.nat(4), fc.nat(4))
      .map(([name, a, b]) => `${name}"${" ".repeat(a)}=>${"\t".repeat(b)}"${draw("alnum", 40)}`),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const texts = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      assert.deepEqual(findSecrets(text), everywhere(text), JSON.stringify(text));
    }),
    { numRuns: 3000 },
  );
});
