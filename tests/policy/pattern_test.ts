import assert from "node:assert/strict";
import fc from "fast-check";
import {
  covers,
  glob,
  isEverything,
  matches,
  meets,
  patternFault,
  templateGlob,
} from "../../src/policy/pattern.ts";

/** The definition, straight: every way to share the text out among the wildcards. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] !== "*") {
    return text !== "" && text[0] === pattern[0] && naive(pattern.slice(1), text.slice(1));
  }
  for (let i = 0; i <= text.length; i++) {
    if (naive(pattern.slice(1), text.slice(i))) return true;
  }
  return false;
}

const PATTERN = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 7 });
const TEXT = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 9 });

function allTexts(alphabet: string, maxLength: number): string[] {
  const texts = [""];
  for (let from = 0, length = 0; length < maxLength; length++) {
    const to = texts.length;
    for (; from < to; from++) for (const unit of alphabet) texts.push(texts[from] + unit);
  }
  return texts;
}

Deno.test("matches() takes * for any text and everything else letter by letter", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["*", "", true],
    ["*", "anything", true],
    ["fs:*", "fs:read", true],
    ["fs:*", "fs:", true],
    ["fs:*", "xfs:read", false],
    ["*_file", "read_file", true],
    ["*_file", "_file", true],
    ["*_file", "read_files", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "acb", false],
    ["read", "read", true],
    ["read", "Read", false],
    ["read", "read ", false],
    ["r?ad", "read", false],
    [".*", "read", false],
    ["[r]ead", "read", false],
    ["*é*", "cafe\u0301", false],
    ["😀*", "😀!", true],
    ["ｆs", "fs", false],
  ];
  for (const [pattern, text, expected] of cases) {
    assert.equal(matches(glob(pattern), text), expected, `${pattern} ~ ${text}`);
  }
});

Deno.test("matches() agrees with the definition", () => {
  fc.assert(
    fc.property(
      PATTERN,
      TEXT,
      (pattern, text) => matches(glob(pattern), text) === naive(pattern, text),
    ),
    { numRuns: 3000 },
  );
});

Deno.test("matches() agrees with the definition on long repetitive pieces", () => {
  const piece = fc.string({
    unit: fc.constantFrom("a", "a", "a", "b"),
    minLength: 9,
    maxLength: 14,
  });
  fc.assert(
    fc.property(
      piece,
      piece,
      fc.string({ unit: fc.constantFrom("a", "a", "b"), maxLength: 80 }),
      (p, q, text) => {
        const inside = text.indexOf(p);
        const after = inside < 0 ? -1 : text.indexOf(q, inside + p.length);
        return matches(glob(`*${p}*${q}*`), text) === after >= 0;
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("covers() holds exactly when every text of the one is a text of the other", () => {
  const texts = allTexts("abc", 6);
  const short = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 4 });
  fc.assert(
    fc.property(short, short, (wide, narrow) => {
      const expected = texts.every((text) => !naive(narrow, text) || naive(wide, text));
      return covers(glob(wide), glob(narrow)) === expected;
    }),
    { numRuns: 400 },
  );
});

Deno.test("meets() holds exactly when some text is a text of both", () => {
  const texts = allTexts("ab", 8);
  const short = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 4 });
  fc.assert(
    fc.property(short, short, (a, b) => {
      const expected = texts.some((text) => naive(a, text) && naive(b, text));
      return meets(glob(a), glob(b)) === expected && meets(glob(b), glob(a)) === expected;
    }),
    { numRuns: 800 },
  );
});

Deno.test("matches(), covers() and meets() are linear in the text", () => {
  const piece = "a".repeat(400) + "b";
  const pattern = glob(`*${piece}*${piece}*x`);
  const time = (length: number) => {
    const text = "a".repeat(length) + "x";
    const startMs = performance.now();
    matches(pattern, text);
    meets(pattern, glob(`*${text}`));
    covers(pattern, glob(`*${text}*`));
    return performance.now() - startMs;
  };
  time(200_000);
  const once = Math.min(time(200_000), time(200_000), time(200_000));
  const tenfold = Math.min(time(2_000_000), time(2_000_000));
  assert.ok(tenfold < 40 * once + 20, `${once} ms, then ${tenfold} ms for ten times as much`);
});

Deno.test("glob() takes several wildcards in a row as one", () => {
  assert.ok(isEverything(glob("**")));
  assert.ok(isEverything(glob("*")));
  assert.ok(!isEverything(glob("a*")));
  assert.deepEqual(glob("a**b").pieces, ["a", "b"]);
});

Deno.test("templateGlob() lets every expression expand to anything", () => {
  assert.deepEqual(templateGlob("file:///{path}").pieces, ["file:///", ""]);
  assert.deepEqual(templateGlob("file:///{+path}/x{?a,b}").pieces, ["file:///", "/x", ""]);
  assert.deepEqual(templateGlob("{a}{b}").pieces, ["", ""]);
  assert.deepEqual(templateGlob("demo://x").pieces, ["demo://x"]);
  assert.deepEqual(templateGlob("a*b{x}").pieces, ["a*b", ""], "a literal star stays a star");
});

Deno.test("templateGlob() lets what expansion would encode, or never closes, be anything", () => {
  assert.deepEqual(templateGlob("demo://ä/{x}").pieces, ["demo://", "/", ""]);
  assert.deepEqual(templateGlob("demo://a b").pieces, ["demo://a", "b"]);
  assert.deepEqual(templateGlob("demo://a/{never").pieces, ["demo://a/", ""]);
  assert.deepEqual(templateGlob("\uffff").pieces, ["", ""]);
});

Deno.test("patternFault() refuses what no name can match", () => {
  for (
    const bad of ["", " fs:*", "fs:* ", "a\u0000b", "a\nb", "\ud800", "a\uffff", "x".repeat(1025)]
  ) {
    assert.equal(patternFault(bad)?.code, "bad-pattern", JSON.stringify(bad));
  }
  for (const good of ["*", "fs:*", "a b", "file:///tmp/*", "😀", "x".repeat(1024)]) {
    assert.equal(patternFault(good), undefined, JSON.stringify(good));
  }
});
