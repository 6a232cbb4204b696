import assert from "node:assert/strict";
import fc from "fast-check";
import { findHidden } from "../../../src/grammar/unicode.ts";
import { cleanText } from "../../../src/inspect/results/clean_text.ts";
import { assertLinear } from "../../grammar/growth.ts";

Deno.test("cleanText() leaves what people see and says what it took", () => {
  assert.deepEqual(cleanText("\x1b[31mred\x1b[0m, \u202eright\u202c\0"), {
    text: "red, right",
    removed: ["escape", "escape", "bidi", "bidi", "nul"],
  });
  assert.deepEqual(cleanText("10 %\r20 %\r\ndone"), {
    text: "10 %\n20 %\r\ndone",
    removed: ["lone-cr"],
  });
  assert.deepEqual(cleanText("❤️‍🔥 می‌خواهم\n"), { text: "❤️‍🔥 می‌خواهم\n", removed: [] });
});

Deno.test("cleanText() takes the body of a link of a terminal with it", () => {
  assert.equal(cleanText("\x1b]8;;https://x.example\x07click\x1b]8;;\x07").text, "click");
});

Deno.test("cleanText() leaves nothing hidden, also not what stood apart before", () => {
  assert.equal(cleanText("a\u200b\0\u200b\0\u200b\0\u200bb").text, "ab");
  const unit = fc.oneof(
    fc.constantFrom(..."\0\r\n\x1b[m\u200b\u200c\u200d\u2060\ufe0f\u202ea ک👩"),
    fc.string({ unit: "binary", maxLength: 2 }),
  );
  fc.assert(fc.property(fc.array(unit), (units) => {
    assert.deepEqual(findHidden(cleanText(units.join("")).text), []);
  }));
});

Deno.test("cleanText() keeps every visible character of a text without sequences", () => {
  const unit = fc.constantFrom(..."ab \n👩ک\u200b\u2060\u202e\0\u{e0041}");
  const visible = (text: string) => [...text].filter((char) => "ab \n👩ک".includes(char)).join("");
  fc.assert(fc.property(fc.array(unit), (units) => {
    const text = units.join("");
    assert.equal(visible(cleanText(text).text), visible(text));
  }));
});

Deno.test("cleanText() takes linear time", () => {
  for (const part of ["\0\u200b", "\u200b\u2060", "\x1b[", "\x1b]", "a\u200b", "\r"]) {
    assertLinear(cleanText, part);
  }
});
