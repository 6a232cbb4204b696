import assert from "node:assert/strict";
import { bearerHttpIdentity, localHttpIdentity } from "../../src/identity/http_identity.ts";

const METADATA = new URL("https://mcp.example/.well-known/oauth-protected-resource/mcp");

Deno.test("bearerHttpIdentity() takes one bearer token of the Authorization header, and nothing else", () => {
  const { credentials } = bearerHttpIdentity();
  assert.deepEqual(credentials(new Headers({ authorization: "Bearer a.b.c" })), {
    ok: true,
    value: { kind: "bearer", token: "a.b.c" },
  });
  const refused: readonly (readonly [HeadersInit, string])[] = [
    [{}, "no_token"],
    [{ authorization: "Basic YTpi" }, "no_token"],
    [{ authorization: "Bearer " }, "invalid_request"],
    [{ authorization: "Bearer a b" }, "invalid_request"],
    [[["authorization", "Bearer a"], ["authorization", "Bearer b"]], "invalid_request"],
    [{ "x-authorization": "Bearer a" }, "no_token"],
    [{ cookie: "access_token=a" }, "no_token"],
  ];
  for (const [headers, detail] of refused) {
    const shown = credentials(new Headers(headers));
    assert.ok(!shown.ok && shown.error.code === "unauthenticated");
    assert.equal(shown.error.detail, detail);
  }
});

Deno.test("bearerHttpIdentity() says where the metadata is, and names first scopes only to whoever shows no token", () => {
  const { refusal } = bearerHttpIdentity({ metadataUrl: METADATA, scopes: ["files:read"] });
  const where = `resource_metadata="${METADATA.href}"`;
  assert.deepEqual(refusal({ code: "unauthenticated", detail: "no_token" }), {
    status: 401,
    challenge: `Bearer scope="files:read", ${where}`,
  });
  assert.deepEqual(refusal({ code: "unauthenticated", detail: "expired" }), {
    status: 401,
    challenge: `Bearer error="invalid_token", ${where}`,
  });
  assert.deepEqual(refusal({ code: "insufficient_scope", scopes: ["a", "b"] }), {
    status: 403,
    challenge: `Bearer error="insufficient_scope", scope="a b", ${where}`,
  });
  assert.equal(refusal({ code: "unauthenticated", detail: "unavailable" }).status, 503);
  assert.deepEqual(refusal({ code: "check_failed", check: "identity" }), { status: 503 });
});

Deno.test("localHttpIdentity() takes whoever can connect", () => {
  assert.deepEqual(localHttpIdentity().credentials(new Headers()), {
    ok: true,
    value: { kind: "local" },
  });
});
