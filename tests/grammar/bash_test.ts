import assert from "node:assert/strict";
import fc from "fast-check";
import { parseBash } from "../../src/grammar/bash.ts";
import type { BashCommand, BashWord } from "../../src/grammar/bash_facts.ts";

function show(word: BashWord): string {
  return word.map((part) => {
    switch (part.kind) {
      case "text":
        return part.text;
      case "glob":
        return `<${part.text}>`;
      case "home":
        return `<~${part.user}>`;
      case "variable":
        return part.fallback === undefined
          ? `<$${part.name}>`
          : `<$${part.name} or ${show(part.fallback)}>`;
      case "computed":
        return part.pipe === true ? "<pipe>" : "<computed>";
    }
  }).join("");
}

function commands(text: string): string[] {
  const script = parseBash(text);
  assert.deepEqual(script.faults, []);
  return script.commands.filter((command) => command.words.length > 0)
    .map((command) => command.words.map(show).join(" "));
}

Deno.test("parseBash() finds every command that would run", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["a; b && c || d | e & f", ["a", "b", "c", "d", "e", "f"]],
    ["(a); { b; }; ! c; time d", ["a", "b", "c", "d"]],
    ["if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]],
    ["while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]],
    ["for i in $(a); do b; done; for ((i=$(c);;)); do d; done", ["a", "b", "c", "d"]],
    ["case $(a) in $(b)) c;; esac", ["a", "b", "c"]],
    ["f() { a; }; function g { b; }; coproc c", ["a", "b", "c"]],
    ["x=$(a) y[$(b)]=1 z=($(c))", ["a", "b", "c"]],
    ['e "$(a)" `b` <(c) >(d)', ["a", "b", "c", "d", "e <computed> <computed> <pipe> <pipe>"]],
    ["e ${x:-$(a)} ${x//$(b)/$(c)} ${x:$(d):1}", [
      ...["a", "b", "c", "d"],
      "e <$x or <computed>> <computed> <computed>",
    ]],
    ["e $((1 + $(a))) $[ $(b) ]", ["a", "b", "e <computed> <computed>"]],
    ["[[ -n $(a) && $(b) == c ]]", ["a", "[[ -n <computed>", "b", "[[ <computed> == c"]],
    ["(( $(a) ))", ["a"]],
    ["e > $(a) < `b`", ["a", "b", "e"]],
    ["e <<E\n$(a) $x\nE", ["a", "e"]],
    ["e <<'E'\n$(a)\nE", ["e"]],
    ['e <<< "$(a)"', ["a", "e"]],
    ["e @($(a)|b)", ["a", "e <@($(a)|b)>"]],
    ["e {1,$(a)}", ["a", "e 1 <computed>"]],
    ["e '$(a)' \"\\$(b)\"", ["e $(a) $(b)"]],
  ];
  for (const [text, expected] of cases) assert.deepEqual(commands(text), expected, text);
});

Deno.test("parseBash() tells what of a word is fixed", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["c\"\"u'r'l", "curl"],
    ["cu\\rl", "curl"],
    ["$'\\x41\\n'", "A\n"],
    ['"a\\$b $x"', "a$b <$x>"],
    ["'$x'", "$x"],
    ["~/a", "<~>/a"],
    ["~root/a", "<~root>/a"],
    ["'~'/a", "~/a"],
    ["\\~/a", "~/a"],
    ["/etc/*", "/etc/<*>"],
    ["'*'", "*"],
    ["a?[bc]", "a<?><[bc]>"],
    ["${a}b$c", "<$a>b<$c>"],
    ["${a%x}", "<computed>"],
    ["${!a}", "<computed>"],
    ["${#a}", "<computed>"],
    ["{a,b}{c,d}", "ac ad bc bd"],
    ["a{1..3}", "a1 a2 a3"],
    ["{a,{b,c}}", "a b c"],
    ["{a}", "{a}"],
    ["'{a,b}'", "{a,b}"],
    ["{1..100000}", "<computed>"],
    ["/etc/{passwd,sh*}", "/etc/passwd /etc/sh<*>"],
  ];
  for (const [text, expected] of cases) {
    assert.deepEqual(commands(`: ${text}`), [`: ${expected}`], text);
  }
});

function only(text: string, name: string): BashCommand {
  const found = parseBash(text).commands.find((command) => show(command.words[0] ?? []) === name);
  assert.ok(found);
  return found;
}

Deno.test("parseBash() says where a command stands", () => {
  assert.equal(only("a", "a").input.kind, "inherited");
  assert.equal(only("a < f", "a").input.kind, "file");
  assert.equal(only("a <<< f", "a").input.kind, "text");
  assert.equal(only("a 3< f", "a").input.kind, "inherited");
  const { input } = only("a | b | while c; do d; done", "d");
  assert.ok(input.kind === "pipe");
  assert.deepEqual(input.stage.commands.map((command) => command.words.map(show)), [["b"]]);
  assert.equal(only("{ a; } < f", "a").input.kind, "file");
  assert.equal(only("b $(a)", "a").beside, false);
  assert.equal(only("a &", "a").beside, true);
  assert.equal(only("f() { a; }", "a").inside, "f");
  assert.notEqual(only("(a); b", "a").scope, only("(a); b", "b").scope);
  assert.equal(only("a && b", "a").guards, true);
  assert.equal(only("a; b", "a").guards, false);
});

Deno.test("parseBash() gives assignments and redirections with their targets", () => {
  const command = only('A=1 B+=(x y) a > f 2>&1 >> "$g" <> h >&- &> i', "a");
  assert.deepEqual(
    command.assignments.map(({ name, values, append }) => [name, values.map(show), append]),
    [["A", ["1"], false], ["B", ["x", "y"], true]],
  );
  assert.deepEqual(command.redirections.map(({ access, target }) => [access, show(target)]), [
    ["write", "f"],
    ["write", "<$g>"],
    ["both", "h"],
    ["write", "i"],
  ]);
  const script = parseBash("export P=~/x; for f in a b; do :; done; { a; } > g");
  assert.deepEqual(script.bindings.map(({ name, values }) => [name, values.map(show)]), [
    ["P", ["<~>/x"]],
    ["f", ["a", "b"]],
  ]);
  assert.ok(
    script.commands.some((each) => each.words.length === 0 && each.redirections.length === 1),
  );
});

Deno.test("parseBash() answers what it cannot read with a fault", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["ls | | wc", "syntax"],
    ["echo 'x", "syntax"],
    ["echo $(ls", "syntax"],
    ["ls;;", "syntax"],
    ["echo $(ls;;)", "syntax"],
    ["a".repeat(70_000), "too-long"],
    ["(".repeat(30_000), "too-deep"],
    ["$(".repeat(20_000), "too-deep"],
    [`echo ${'$(echo ")" '.repeat(60)}${")".repeat(60)}`, "too-deep"],
    [`echo ${"{a,b}".repeat(40)}`, "too-many-words"],
    ["ls;".repeat(10_000), "too-many-words"],
    [`ls ${"a ".repeat(10_000)}`, "too-many-words"],
  ];
  for (const [text, code] of cases) {
    assert.equal(parseBash(text).faults[0]?.code, code, text.slice(0, 40));
  }
});

Deno.test("parseBash() never throws, and takes text in quotes for text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      assert.ok(parseBash(text).commands.length >= 0);
      const quoted = text.replaceAll("'", "").replaceAll("\0", "");
      const script = parseBash(`: '${quoted}'`);
      assert.deepEqual(script.faults, []);
      assert.equal(script.commands.length, 1);
    }),
    { numRuns: 1000 },
  );
});
