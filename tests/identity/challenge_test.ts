import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bearerChallenge,
  type ChallengeReason,
  challengeStatus,
} from "../../src/identity/challenge.ts";

const METADATA = new URL("https://mcp.example/.well-known/oauth-protected-resource/mcp");
const SHOWN = 'resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"';

function unauthenticated(
  detail?: "no_token" | "invalid_request" | "invalid_token" | "expired" | "unavailable",
): ChallengeReason {
  return detail === undefined ? { code: "unauthenticated" } : { code: "unauthenticated", detail };
}

const CASES: readonly (readonly [ChallengeReason, number, string])[] = [
  [unauthenticated("no_token"), 401, `Bearer scope="a b", ${SHOWN}`],
  [unauthenticated("invalid_token"), 401, `Bearer error="invalid_token", scope="a b", ${SHOWN}`],
  [unauthenticated("expired"), 401, `Bearer error="invalid_token", scope="a b", ${SHOWN}`],
  [unauthenticated(), 401, `Bearer error="invalid_token", scope="a b", ${SHOWN}`],
  [
    unauthenticated("invalid_request"),
    400,
    `Bearer error="invalid_request", scope="a b", ${SHOWN}`,
  ],
  [unauthenticated("unavailable"), 503, `Bearer scope="a b", ${SHOWN}`],
  [
    { code: "insufficient_scope", scopes: ["c", "a"] },
    403,
    `Bearer error="insufficient_scope", scope="c a b", ${SHOWN}`,
  ],
];

Deno.test("bearerChallenge() tells RFC 6750's code, all scopes at once, and where to learn more", () => {
  for (const [reason, status, value] of CASES) {
    assert.equal(bearerChallenge({ reason, metadataUrl: METADATA, scopes: ["a", "b"] }), value);
    assert.equal(challengeStatus(reason), status);
  }
});

Deno.test("bearerChallenge() is plain where there is nothing to learn", () => {
  assert.equal(bearerChallenge({ reason: unauthenticated("no_token") }), "Bearer");
  assert.equal(
    bearerChallenge({ reason: unauthenticated("no_token"), realm: 'a "b" \\ c' }),
    'Bearer realm="a \\"b\\" \\\\ c"',
  );
});

Deno.test("bearerChallenge() tells nothing of the rule that a token broke", () => {
  const reason = { code: "unauthenticated", detail: "invalid_token", rule: "sub" } as const;
  assert.equal(bearerChallenge({ reason }), 'Bearer error="invalid_token"');
});

Deno.test("bearerChallenge() leaves out what is no scope", () => {
  const scopes = ["ok", "", "a b", 'a"', "a\\", "a\r\nSet-Cookie: x", "\u00e9"];
  const value = bearerChallenge({ reason: { code: "insufficient_scope", scopes } });
  assert.equal(value, 'Bearer error="insufficient_scope", scope="ok"');
});

const PARAMETERS = /^Bearer(?: [a-z_]+="(?:[^"\\]|\\.)*"(?:, [a-z_]+="(?:[^"\\]|\\.)*")*)?$/;

Deno.test("bearerChallenge() is one header value of quoted texts, whatever it is given", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(fc.property(text, fc.array(text), text, (realm, scopes, path) => {
    const metadataUrl = URL.parse(path, "https://mcp.example/") ?? METADATA;
    const value = bearerChallenge({
      reason: { code: "insufficient_scope", scopes },
      scopes,
      realm,
      metadataUrl,
    });
    assert.match(value, /^[\t\x20-\x7e]*$/);
    assert.match(value, PARAMETERS);
    assert.equal(new Headers({ "www-authenticate": value }).get("www-authenticate"), value);
    assert.equal(
      value.match(/(?:^Bearer|,) [a-z_]+="/g)?.length,
      scopes.some((s) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(s)) ? 4 : 3,
    );
  }));
});
