import assert from "node:assert/strict";
import fc from "fast-check";
import { findHidden } from "../../src/grammar/unicode.ts";
import { assertLinear } from "./growth.ts";

const kinds = (text: string, code = false) => findHidden(text, { code }).map((span) => span.kind);
const tags = (text: string) =>
  [...text].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join("");

Deno.test("findHidden() passes what scripts, emoji and editors make", () => {
  const passing = {
    "plain lines": "one\ttwo\nthree\r\nfour\r\n",
    "family": "👨‍👩‍👧‍👦 and 👩🏽‍💻",
    "heart on fire": "❤️‍🔥",
    "rainbow flag": "🏳️‍🌈",
    "keycap": "1️⃣ #️⃣",
    "text style": "☎︎ ✓︎",
    "flag of a country": "🇩🇪",
    "flags of subdivisions": `🏴${tags("gbsct")}\u{e007f} 🏴${tags("gbwls")}\u{e007f}`,
    "Persian": "می‌خواهم کتاب‌ها را ببینم",
    "Persian, twice by a slip": "می‌‌خواهم",
    "Arabic and English": "نسخة 2.0 من README.md",
    "Hebrew with marks": "שלום\u200f (hello)\u200e, עולם",
    "Hindi": "क्‍ष र्‍य",
    "Bengali": "র‍্যাব",
    "Malayalam": "ന്‍ ര്‍",
    "Sinhala": "ශ්‍රී ලංකා",
    "Khmer": "ភាសា​ខ្មែរ​និង​អក្សរ",
    "Thai": "ภาษา​ไทย​และ​อักษร",
    "Japanese variants": "葛\u{e0100}飾区 、\ufe00",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ᠎ᠠ ᠪᠢᠴᠢᠭ᠋",
    "Korean": "한국어ᄀᅟᅡ",
    "one soft hyphen": "Donau\u00addampf",
    "many soft hyphens":
      "Do\u00adnau\u00addampf\u00adschiff\u00adfahrts\u00adge\u00adsell\u00adschafts\u00adka\u00adpi\u00adtän",
    "no-break spaces": "100\u00a0%\u202fund\u2007mehr",
    "line separators": "one\u2028two\u2029three",
    "byte order mark": "\ufeffconst a = 1;",
    "one zero-width space": "a long/\u200bpath",
    "formula": "f\u2061(x)\u2062y\u2062z\u2061(a)\u2062b\u2062c\u2062d\u2062e\u2061(f)",
    "half of a pair": "\ud83d and \udc69",
  };
  for (const [name, text] of Object.entries(passing)) assert.deepEqual(kinds(text), [], name);
});

Deno.test("findHidden() finds each kind", () => {
  assert.deepEqual(kinds("a\0b"), ["nul"]);
  assert.deepEqual(kinds("a\x07\x08\x0c\x7f\x85b"), Array(5).fill("control"));
  assert.deepEqual(kinds("over\rwritten\r\n"), ["lone-cr"]);
  assert.deepEqual(kinds("end\r"), ["lone-cr"]);
  assert.deepEqual(kinds("\x1b[31mred\x1b[0m"), ["escape", "escape"]);
  for (const mark of "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
    assert.deepEqual(kinds(`a${mark}b`), ["bidi"]);
  }
  assert.deepEqual(kinds(`hello${tags("call me")}`), ["tag"]);
  assert.deepEqual(kinds("ok\u200b\u200c\u200d\u2060"), ["invisible"]);
  assert.deepEqual(kinds("ok\u200b\u200b\u200b"), ["invisible"]);
  assert.deepEqual(kinds("ok\u200b\u2060"), ["invisible"]);
});

Deno.test("findHidden() finds bytes behind a letter or an emoji as variation selectors", () => {
  const bytes = [..."hidden"].map((char) => String.fromCodePoint(0xe0100 + char.charCodeAt(0)))
    .join("");
  assert.deepEqual(kinds(`😊${bytes}`), ["invisible"]);
  assert.deepEqual(kinds(`葛${bytes}`), ["invisible"]);
  assert.deepEqual(
    kinds([..."abcdefgh"].map((char, at) => char + String.fromCodePoint(0xfe00 + at)).join("")),
    Array(8).fill("scattered"),
  );
});

Deno.test("findHidden() finds joiners that are many more than a script needs", () => {
  assert.deepEqual(kinds("می‌‍‌‍‌‌‍خواهم"), ["invisible"]);
  assert.deepEqual(kinds("👩‍‍‍‍💻"), ["invisible"]);
  assert.deepEqual(kinds("שלום\u200e\u200f\u200e\u200f\u200f\u200e\u200e\u200f"), ["invisible"]);
});

Deno.test("findHidden() takes tags for a flag only where one is whole", () => {
  assert.deepEqual(kinds(`🏴${tags("gbsct")}`), ["tag"]);
  assert.deepEqual(kinds(`🏴${tags("send the file")}\u{e007f}`), ["tag"]);
  assert.deepEqual(kinds(`x${tags("gbsct")}\u{e007f}`), ["tag"]);
});

Deno.test("findHidden() finds messages of single characters between letters and words", () => {
  const spread = (signs: string, between: string) => [...signs].join(between);
  assert.deepEqual(
    kinds(spread("\u200b\u2060\u200b\u200b\u2060\u2060\u200b\u2060", "word ")),
    Array(8).fill("scattered"),
  );
  assert.deepEqual(kinds(spread("\u200b".repeat(9), "ig")), Array(9).fill("scattered"));
  assert.deepEqual(kinds(spread("\u200b".repeat(9), "a/long/path")), []);
  assert.deepEqual(
    kinds(spread("\u200b\u2060\u200b\u2060\u200b\u2060\u200b\u2060", "words far from each other ")),
    [],
  );
});

Deno.test("findHidden() looks into identifiers of code alone", () => {
  for (const mark of ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\ufe0f"]) {
    assert.deepEqual(kinds(`let user${mark}Name = 1;`, true), ["identifier"]);
    assert.deepEqual(kinds(`let user${mark}Name = 1;`), []);
    assert.deepEqual(kinds(`let userName = "${mark}";`, true), []);
  }
  assert.deepEqual(kinds("const { timeout,\u3164 } = query;", true), ["identifier"]);
  assert.deepEqual(kinds('const words = ["می‌خواهم", "क्‍ष"];', true), []);
  assert.deepEqual(kinds('const hearts = "❤️‍🔥";', true), []);
});

Deno.test("findHidden() gives spans in order, apart, and inside the text, and never throws", () => {
  const unit = fc.oneof(
    fc.constantFrom(..."\0\x07\r\n\x1b[]m\x9b\x9d\u200b\u200c\u200d\u2060\ufe0f\u202e\u2066a1 ک👩"),
    fc.constantFrom("\u{e0041}", "\u{e007f}", "🏴", "\u{e0100}", "\x1b]8;;", "\x1b\\"),
    fc.string({ unit: "binary", maxLength: 2 }),
  );
  fc.assert(fc.property(fc.array(unit), fc.boolean(), (units, code) => {
    const text = units.join("");
    let end = 0;
    for (const span of findHidden(text, { code })) {
      assert.ok(span.start >= end && span.end > span.start && span.end <= text.length);
      end = span.end;
    }
  }));
});

Deno.test("findHidden() finds every control, direction mark and tag that stands alone", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcXYZ .,") });
  const hidden = fc.oneof(
    fc.integer({ min: 0, max: 0x9f }).filter((code) =>
      code < 0x20 && ![0x09, 0x0a].includes(code) || code >= 0x7f
    ),
    fc.integer({ min: 0x202a, max: 0x202e }),
    fc.integer({ min: 0x2066, max: 0x2069 }),
    fc.integer({ min: 0xe0000, max: 0xe007f }),
  );
  fc.assert(fc.property(word, hidden, word, (before, code, after) => {
    assert.notDeepEqual(kinds(before + String.fromCodePoint(code) + after), []);
  }));
});

Deno.test("findHidden() passes any text of letters, digits, punctuation and spaces", () => {
  const visible = fc.string({ unit: "grapheme" }).filter((text) =>
    !/[\p{Cc}\p{Cf}\p{DI}]/u.test(text)
  );
  fc.assert(fc.property(visible, fc.boolean(), (text, code) => {
    assert.deepEqual(findHidden(text, { code }), []);
  }));
});

Deno.test("findHidden() takes linear time", () => {
  const parts = [
    "\u200b",
    "\u200ba",
    "\u200b\u2060a",
    "\x1b]",
    "\x1b]a",
    "\x1b[0;",
    "\x9d",
    "\r",
    "\r\n",
    "👩‍💻",
    "🏴\u{e0067}",
    "a\ufe0f",
    "\u{e0041}",
    "م‌",
    "\0\u200b",
  ];
  for (const part of parts) assertLinear((text) => findHidden(text, { code: true }), part);
  for (const part of parts) assertLinear(findHidden, part);
});
