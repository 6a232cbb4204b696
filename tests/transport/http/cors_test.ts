import assert from "node:assert/strict";
import { namedPage, preflight, showTo } from "../../../src/transport/http/cors.ts";

const PAGES = new Set(["https://inspector.example"]);

function asked(headers: Record<string, string>, method = "OPTIONS"): Request {
  return new Request("http://127.0.0.1:8443/mcp", { method, headers });
}

Deno.test("namedPage() names the pages of the operator's origins alone", () => {
  const page = (origin: string) => namedPage(new Headers({ origin }), PAGES);
  assert.equal(page("https://inspector.example"), "https://inspector.example");
  assert.equal(page("https://INSPECTOR.example"), "https://INSPECTOR.example");
  for (const origin of ["https://evil.example", "null", "http://inspector.example", ""]) {
    assert.equal(page(origin), undefined, origin);
  }
  assert.equal(namedPage(new Headers(), PAGES), undefined);
  assert.equal(namedPage(new Headers({ origin: "https://inspector.example" })), undefined);
});

Deno.test("preflight() answers what a browser asks beforehand, and nothing else", () => {
  const answer = preflight(asked({
    "access-control-request-method": "POST",
    "access-control-request-headers": "Authorization, Mcp-Param-Region, X-Evil, cookie",
  }));
  assert.equal(answer?.status, 204);
  const allowed = answer?.headers.get("access-control-allow-headers") ?? "";
  assert.match(allowed, /authorization/);
  assert.match(allowed, /mcp-param-region/);
  assert.doesNotMatch(allowed, /evil|cookie/);
  assert.equal(answer?.headers.get("access-control-allow-credentials"), null);
  assert.equal(preflight(asked({})), undefined);
  assert.equal(preflight(asked({ "access-control-request-method": "POST" }, "GET")), undefined);
});

Deno.test("showTo() lets one page read, and tells caches so", () => {
  const response = new Response("{}");
  showTo("https://inspector.example", response);
  assert.equal(
    response.headers.get("access-control-allow-origin"),
    "https://inspector.example",
  );
  assert.match(response.headers.get("access-control-expose-headers") ?? "", /mcp-session-id/);
  assert.equal(response.headers.get("vary"), "origin");
});
