import assert from "node:assert/strict";
import fc from "fast-check";
import { readUrl } from "../../src/grammar/url.ts";

function faultOf(text: string): string | undefined {
  const reading = readUrl(text);
  return reading.kind === "faulty" ? reading.fault : undefined;
}

Deno.test("readUrl() says on what parsers disagree", () => {
  const faults: Readonly<Record<string, readonly string[]>> = {
    "control": [
      "http://exa\tmple.com/",
      "http://example.com/\r\nHost: x",
      "http://example.com/\u0085",
      "\u0000http://a.b",
    ],
    "white-space": [
      " https://example.com/",
      "https://example.com/\u3000",
      "\ufeffhttps://example.com/",
    ],
    "scheme": ["", "example.com", "//example.com/", "/etc", "1http://x.y", ":", "http"],
    "backslash": [
      "http:\\\\example.com",
      "http://example.com\\@other.example/",
      "http://example.com/a\\b",
    ],
    "slashes": [
      "http:example.com",
      "http:/example.com",
      "http:///example.com",
      "https:////example.com",
    ],
    "userinfo": [
      "http://a@b@example.com/",
      "http://other.example／@example.com/",
      "http://a＃@example.com",
    ],
    "unreadable": ["http://", "http://?x", "http://example.com:99999/", "http://example.com:x/"],
  };
  for (const [fault, texts] of Object.entries(faults)) {
    for (const text of texts) assert.equal(faultOf(text), fault, JSON.stringify(text));
  }
});

Deno.test("readUrl() lets stand what only looks odd behind the host", () => {
  for (
    const text of [
      "https://user:pass@example.com:8443/a/../b;c?d=\\e&f=http://127.0.0.1/#\\@g",
      "HTTPS://EXAMPLE.COM",
      "https://example.com:/%00%0a",
      "https://example.com?me@other.example",
      "http://[2600::1]:80/a@b@c",
    ]
  ) assert.equal(faultOf(text), undefined, text);
});

Deno.test("readUrl() reads the host of schemes that WHATWG does not normalise", () => {
  const reading = readUrl("postgres://app:pw@0x7f.1:5432/db");
  assert.ok(reading.kind === "url" && reading.host?.kind === "address");
  assert.equal(reading.scheme, "postgres");
  assert.equal(reading.host.readings[0].text, "127.0.0.1");
  const mail = readUrl("mailto:somebody@example.com");
  assert.ok(mail.kind === "url" && mail.host === undefined);
});

Deno.test("readUrl() names no other host than the platform's own parser", () => {
  const part = fc.constantFrom(
    ..."http:,https:,/,//,\\,@,:,80,?,#,a.example,127.1,[::1],%40,。,user, ,\t,Ａ,xn--,010.1.1.1"
      .split(","),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = `http://${parts.join("")}`;
      const reading = readUrl(text);
      if (
        reading.kind !== "url" || reading.host === undefined || reading.host.kind === "invalid"
      ) return;
      const { hostname } = new URL(text);
      const read = reading.host.kind === "name"
        ? [reading.host.name]
        : reading.host.readings.map(({ text }) => text);
      const plain = hostname.replace(/\.$/, "");
      assert.ok(read.includes(plain) || plain.startsWith("["), `${text}: ${read} for ${hostname}`);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("readUrl() never throws", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl()), (text) => void readUrl(text)),
  );
});
