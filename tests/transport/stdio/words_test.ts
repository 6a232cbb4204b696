import { deepEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { splitWords } from "../../../src/transport/stdio/words.ts";

function words(text: string, windows = false): string[] {
  const split = splitWords(text, { windows });
  ok(split.ok, split.ok ? "" : split.error.message);
  return split.value;
}

function fault(text: string, windows = false): { message: string; column: number } {
  const split = splitWords(text, { windows });
  ok(!split.ok, "it was split");
  return split.error;
}

Deno.test("splitWords() splits at white space and keeps what is quoted", () => {
  const table: readonly [string, readonly string[]][] = [
    ["", []],
    ["  \t\n ", []],
    ["npx -y @scope/server /tmp", ["npx", "-y", "@scope/server", "/tmp"]],
    ["  a\t b\r\nc ", ["a", "b", "c"]],
    [`a 'b c' "d e"`, ["a", "b c", "d e"]],
    [`a'b'"c"d`, ["abcd"]],
    [`'' "" a`, ["", "", "a"]],
    [`a\\ b c\\\\d`, ["a b", "c\\d"]],
    [`'a\\b' "a\\b" "a\\\\b"`, ["a\\b", "a\\b", "a\\b"]],
    [`"\\$HOME \\" \\\`x\\\`"`, ['$HOME " `x`']],
    ["a\\\nb \"c\\\nd\" 'e\\\nf'", ["ab", "cd", "e\\\nf"]],
    ["a \\\n b", ["a", "b"]],
  ];
  for (const [text, want] of table) deepEqual(words(text), want, JSON.stringify(text));
});

Deno.test("splitWords() expands nothing", () => {
  const text = "a;b && $HOME ${x} $(id) `id` * ~ {1,2} # > /x | y ! =";
  deepEqual(words(text), text.split(" "));
});

Deno.test("splitWords() reports a quote that is never closed with its column", () => {
  deepEqual(fault(`npx 'abc`), {
    message:
      "Cannot split the command at column 5: the single quote that opens here is never closed",
    column: 5,
  });
  deepEqual(fault(`a "b' c`).column, 3);
  deepEqual(fault(`"a\\"`).column, 1);
  deepEqual(fault(`a\\`).column, 2);
  deepEqual(fault("ab\0c").column, 3);
});

Deno.test("splitWords() takes a backslash on Windows as an ordinary character", () => {
  const text = `C:\\tools\\npx.cmd "C:\\My Files\\" 'D:\\x\\' \\`;
  deepEqual(words(text, true), ["C:\\tools\\npx.cmd", "C:\\My Files\\", "D:\\x\\", "\\"]);
  deepEqual(fault(`"a\\`, true).column, 1);
});

Deno.test("splitWords() gives back any words that were quoted", () => {
  const text = fc.string({ unit: "grapheme" }).filter((word) => !word.includes("\0"));
  const single = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  const double = (word: string) => `"${word.replace(/[$\`"\\]/g, "\\$&")}"`;
  const bare = (word: string) => word === "" ? "''" : word.replace(/[^\n]/gu, "\\$&");
  fc.assert(
    fc.property(fc.array(text), fc.infiniteStream(fc.nat(2)), (list, styles) => {
      const quoted = list.map((word) => {
        const style = word.includes("\n") ? 0 : styles.next().value;
        return [single, double, bare][style]?.(word) ?? "";
      });
      deepEqual(words(quoted.join(" ")), list);
    }),
  );
});

Deno.test("splitWords() on Windows gives back any words without quotes that were quoted", () => {
  const word = fc.string({ unit: "grapheme" }).map((text) => text.replace(/["\0]/g, ""));
  fc.assert(fc.property(fc.array(word), (list) => {
    deepEqual(words(list.map((text) => `"${text}"`).join(" "), true), list);
  }));
});
