import assert from "node:assert/strict";
import { parseBash } from "../../src/grammar/bash.ts";
import { BashValues } from "../../src/grammar/bash_values.ts";
import type { BashWord } from "../../src/grammar/bash_facts.ts";

function show(word: BashWord): string {
  return word.map((part) =>
    "text" in part ? part.text : part.kind === "variable" ? `<${part.name}>` : "<?>"
  )
    .join("");
}

/** The lines of the last command of a script. */
function lines(text: string): string[] {
  const script = parseBash(text);
  assert.deepEqual(script.faults, []);
  const values = new BashValues(script);
  const last = script.commands.at(-1);
  const made = values.variants(last?.words ?? []).lines;
  assert.equal(values.overflow, false);
  return made.map((line) => line.map(show).join(" "));
}

Deno.test("BashValues fills in what the script itself sets", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["d=/etc; rm $d/x", ["rm /etc/x"]],
    ["d=/etc; e=$d/y; rm $e", ["rm /etc/y"]],
    ["for f in a b; do rm $f; done", ["rm a", "rm b"]],
    ["a=1; a=2; ls $a", ["ls 1", "ls 2"]],
    ["a='x y'; ls $a", ["ls x y"]],
    ["a='x y'; ls \"$a\"", ["ls x y"]],
    ["ls $a", ["ls <a>"]],
    ["ls ${a:-/etc}", ["ls /etc", "ls <a>"]],
    ["a=$b; b=$a; ls $a", ["ls <?>"]],
    ['f() { ls "$1"; }; f x; f y; ls $1', ["ls x", "ls y"]],
    ["set -- p q; ls $2", ["ls q"]],
    ["read f <<< /etc/x; ls $f", ["ls /etc/x"]],
    ["ls $(echo /etc/x)", ["ls /etc/x"]],
    ["ls $(find /etc -name x)", ["ls /etc/*<?>"]],
    ["ls $(date)", ["ls <?>"]],
    ["read f; ls $f", ["ls <?>"]],
    ['a=(/x /y); ls "${a[@]}"', ["ls /x", "ls /y"]],
    ["ls a$IFS-l", ["ls a -l"]],
  ];
  for (const [text, expected] of cases) assert.deepEqual(lines(text), expected, text);
});

Deno.test("BashValues says when there is too much to follow", () => {
  const script = parseBash(`for f in ${"a ".repeat(200)}; do ls $f; done`);
  assert.equal(new BashValues(script).overflow, true);
});
