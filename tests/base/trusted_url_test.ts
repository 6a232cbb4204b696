import assert from "node:assert/strict";
import { trustedUrl } from "../../src/base/trusted_url.ts";

const TRUSTED: readonly (readonly [string, boolean])[] = [
  ["https://auth.example/jwks", true],
  ["https://10.0.0.1/jwks", true],
  ["http://127.0.0.1:8080/jwks", true],
  ["http://127.1/jwks", true],
  ["http://localhost/jwks", true],
  ["http://[::1]:8080/jwks", true],
  ["http://auth.example/jwks", false],
  ["http://localhost.auth.example/jwks", false],
  ["http://127.0.0.1.auth.example/jwks", false],
  ["http://10.0.0.1/jwks", false],
  ["http://169.254.169.254/latest", false],
  ["http://[::ffff:127.0.0.1]/jwks", false],
  ["http://0.0.0.0/jwks", false],
  ["https://user@auth.example/", false],
  ["https://:password@auth.example/", false],
  ["https://auth.example/#fragment", false],
  ["ftp://auth.example/", false],
  ["data:application/json,{}", false],
  ["file:///etc/passwd", false],
  ["/jwks", false],
  ["", false],
];

Deno.test("trustedUrl() takes https, and http to this machine", () => {
  for (const [text, trusted] of TRUSTED) {
    assert.equal(trustedUrl(text) !== undefined, trusted, text);
  }
});
