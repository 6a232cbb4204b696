import assert from "node:assert/strict";
import fc from "fast-check";
import type { UrlRules } from "../../../src/access/inspection.ts";
import { examineUrl } from "../../../src/inspect/arguments/url.ts";
import {
  closedV4,
  closedV6,
  mappedNotation,
  openV4,
  openV6,
  tunnelNotation,
  v4Notation,
  v6Notation,
} from "./notations.ts";

const RULES: UrlRules = {
  schemes: ["http", "https"],
  allowHosts: undefined,
  denyNames: ["localhost", "*.localhost", "*.internal"],
  denySuffixes: ["rebind.example"],
  allowNetworks: [],
};

function ruleOf(value: string, rules: Partial<UrlRules> = {}): string | undefined {
  return examineUrl(value, {
    rules: { ...RULES, ...rules },
    hasSecret: (texts) => texts.some((text) => text.includes("s3cr:t key")),
  })?.rule;
}

Deno.test("examineUrl() refuses every notation of an IPv4 address that is not global", () => {
  fc.assert(fc.property(closedV4, v4Notation({ octal: true }), (address, write) => {
    assert.match(ruleOf(`http://${write(address)}/`) ?? "", /^host-(?:not-public|metadata)$/);
  }));
});

Deno.test("examineUrl() lets every notation of a global IPv4 address pass", () => {
  fc.assert(fc.property(openV4, v4Notation({ octal: false }), (address, write) => {
    assert.equal(ruleOf(`https://${write(address)}:8443/x`), undefined);
  }));
});

Deno.test("examineUrl() judges a mapped or NAT64 address by the IPv4 address it stands for", () => {
  fc.assert(fc.property(closedV4, openV4, mappedNotation, (closed, open, write) => {
    assert.match(ruleOf(`http://[${write(closed)}]/`) ?? "", /^host-(?:not-public|metadata)$/);
    assert.equal(ruleOf(`http://[${write(open)}]/`), undefined);
  }));
});

Deno.test("examineUrl() refuses tunnels and translators whatever they lead to", () => {
  fc.assert(fc.property(fc.oneof(closedV4, openV4), tunnelNotation, (address, write) => {
    assert.match(ruleOf(`http://[${write(address)}]/`) ?? "", /^host-(?:not-public|metadata)$/);
  }));
});

Deno.test("examineUrl() tells global IPv6 addresses from the others, however they are written", () => {
  fc.assert(fc.property(closedV6, openV6, v6Notation, (closed, open, write) => {
    assert.match(ruleOf(`http://[${write(closed)}]/`) ?? "", /^host-(?:not-public|metadata)$/);
    assert.equal(ruleOf(`http://[${write(open)}]/`), undefined);
  }));
});

Deno.test("examineUrl() refuses an octal notation that others read as a private address", () => {
  assert.equal(ruleOf("http://010.8.8.8/"), "host-not-public");
  assert.equal(ruleOf("http://0127.1.1.1/"), "host-not-public");
});

Deno.test("examineUrl() closes other schemes before anything else", () => {
  for (
    const url of [
      "file:///etc/hosts",
      "ftp://example.com/",
      "javascript:1",
      "data:,x",
      "gopher://10.0.0.1/",
    ]
  ) {
    assert.equal(ruleOf(url), "url-scheme", url);
  }
  assert.equal(ruleOf("ftp://example.com/", { schemes: ["ftp"] }), undefined);
  assert.equal(ruleOf("redis://127.1/", { schemes: ["redis"] }), "host-not-public");
});

Deno.test("examineUrl() opens no URL without a host when only some hosts are open", () => {
  assert.equal(ruleOf("mailto:a@example.com", { schemes: ["mailto"] }), undefined);
  const some = { schemes: ["mailto"], allowHosts: ["example.com"] };
  assert.equal(ruleOf("mailto:a@example.com", some), "url-without-host");
});

Deno.test("examineUrl() refuses what parsers read differently", () => {
  const rules: Readonly<Record<string, string>> = {
    "example.com/path": "url-scheme",
    "http://exa\nmple.com/": "url-control",
    "https://example.com/ ": "url-white-space",
    "https://example.com\\@other.example/": "url-backslash",
    "https:/example.com/": "url-slashes",
    "https://a@b@example.com/": "url-userinfo",
    "https://example.com:123456/": "url-unreadable",
    "https://exa%6dple.com/": "host-invalid",
    "https://exa!mple.com/": "host-invalid",
  };
  for (const [url, rule] of Object.entries(rules)) {
    assert.equal(ruleOf(url), rule, url);
  }
});

Deno.test("examineUrl() lets private addresses, traversal and shell pass behind the host", () => {
  for (
    const url of [
      "https://example.com/?next=http://169.254.169.254/&x=$(y);z`",
      "https://127.0.0.1.example.com/%2e%2e/..;/%00",
      "https://10.0.0.1@example.com/",
      "https://example.com/#http://localhost/",
      "https://exämple.example/{id}",
    ]
  ) assert.equal(ruleOf(url), undefined, url);
});

Deno.test("examineUrl() refuses a secret in whatever encoding a reader undoes", () => {
  for (const secret of ["s3cr%3At%20key", "s3cr:t+key", "s3cr%253At%2520key", "%73%33cr%3at+key"]) {
    assert.equal(ruleOf(`https://example.com/?q=${secret}`), "url-secret", secret);
    assert.equal(
      ruleOf(`https://${secret.replaceAll(":", "%3A")}@example.com/`),
      "url-secret",
      secret,
    );
  }
  assert.equal(ruleOf("https://example.com/?q=s3cr"), undefined);
});

Deno.test("examineUrl() never throws, and its details stay short and without controls", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.boolean(), (text, withScheme) => {
      const objection = examineUrl(withScheme ? `http://${text}` : text, {
        rules: RULES,
        hasSecret: () => false,
      });
      if (objection === undefined) return;
      assert.ok(objection.detail.length <= 200);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(objection.detail, /[\x00-\x1f\x7f-\x9f]/);
    }),
  );
});

Deno.test("examineUrl() takes time in proportion to the length of hostile text", () => {
  const shapes = ["a", "@", ":", "/", ".", "%25", "ü", "[", "+", "\\", "a.", "1.", "?#", "%u0041"];
  for (const shape of shapes) {
    for (const front of ["http://", "http://example.com/?"]) {
      const cost = (length: number) => {
        const url = front + shape.repeat(length / shape.length);
        const start = performance.now();
        examineUrl(url, { rules: RULES, hasSecret: () => false });
        return performance.now() - start;
      };
      cost(10_000);
      const [small, large] = [cost(20_000), cost(400_000)];
      // Twenty times the text: quadratic work would be four hundred times the time.
      assert.ok(large < 20 + small * 100, `${front}${shape}…: ${small} ms, then ${large} ms`);
    }
  }
});
