import assert from "node:assert/strict";
import fc from "fast-check";
import type { PathRules } from "../../../src/access/inspection.ts";
import { examinePath } from "../../../src/inspect/arguments/path.ts";
import { MAX_PATH_LENGTH } from "../../../src/inspect/arguments/path_rules.ts";

const RULES: PathRules = {
  roots: ["/work/app", "/work/lib"],
  cwd: undefined,
  home: "/home/me",
  deny: ["**/.secret", "**/.secret.*", "**/vault/**", "conf/*.key", "/work/lib/private"],
  except: ["**/.secret.sample"],
  ignoreCase: true,
  local: false,
};

function ruleFor(value: string, change: Partial<PathRules> = {}): string | undefined {
  return examinePath(value, { ...RULES, ...change })?.rule;
}

Deno.test("examinePath() passes what stays in a root, however it is written", () => {
  for (
    const value of [
      "",
      ".",
      "a/../b",
      "../lib/x",
      "/work/app",
      "/work//app/./x",
      "../../work/lib/y",
      "file:///work/app/x",
      "a..b/...",
      "..conf/x",
      "tél%C3%A9/50%.csv",
      "a;b & c (1) 'd'.txt",
      "[...slug]/$lower/Main$Inner.class",
      "-rf",
      "x~",
      "日本語/メモ。md",
      "a\u2028b",
      "a\\b\\..\\c",
      "12:30.txt",
    ]
  ) {
    assert.equal(ruleFor(value), undefined, value);
  }
});

Deno.test("examinePath() refuses what leaves every root", () => {
  for (
    const value of [
      "..",
      "/",
      "../app2/x",
      "/work/application",
      "a/../../x",
      "a\\..\\..\\x",
      "..%2fx",
      "%252e%252e%252fx",
      "..%c0%afx",
      "%uff0e%uff0e/x",
      "\uff0e\uff0e\u2215x",
      "\uff052e./x",
      ".\u200b./x",
      "..%c0%5c/../x",
      " /etc/motd",
      "file:/etc/motd",
      "file:///work/app/..?/x",
      "a\\b/../../x",
    ]
  ) {
    assert.match(ruleFor(value) ?? "", /^path-(outside-roots|control)$/, value);
  }
});

Deno.test("examinePath() refuses what starts somewhere else", () => {
  assert.equal(ruleFor("~/x"), "path-home");
  assert.equal(ruleFor("%7eroot"), "path-home");
  assert.equal(ruleFor("c:x"), "path-drive");
  assert.equal(ruleFor("C:\\x"), "path-drive");
  assert.equal(ruleFor("\\\\host\\x"), "path-share");
  assert.equal(ruleFor("file://host/work/app/x"), "path-share");
  assert.equal(ruleFor("ftp://host/x"), "path-url");
});

Deno.test("examinePath() refuses controls and expansions, decoded ones too", () => {
  for (const value of ["a\0", "a\n", "a\x7f", "a\x85", "a%00b", "a%250ab"]) {
    assert.equal(ruleFor(value), "path-control", value);
  }
  for (const value of ["$HOME/x", "a/`b`", "$%28b)", "%25TEMP%25", "\uff04HOME"]) {
    assert.equal(ruleFor(value), "path-expansion", value);
  }
});

Deno.test("examinePath() refuses what is denied, unless it is excepted", () => {
  for (
    const value of [
      ".secret",
      "a/.SECRET.prod",
      "b/../.secret",
      "%2esecret",
      ".sec\u00adret",
      ".secret ",
      "vault",
      "a/Vault/x/y",
      "conf/a.key",
      "/work/lib/conf/a.key",
      "../lib/private",
    ]
  ) {
    assert.equal(ruleFor(value), "path-denied", value);
  }
  for (const value of [".secret.sample", ".secrets", "a/conf/a.key", "vaults/x"]) {
    assert.equal(ruleFor(value), undefined, value);
  }
  assert.equal(ruleFor(".SECRET", { ignoreCase: false }), undefined);
});

Deno.test("examinePath() has relative paths start from cwd, else from the first root", () => {
  assert.equal(ruleFor("../x", { cwd: "/work/app/sub" }), undefined);
  assert.equal(ruleFor("x", { cwd: "/tmp" }), "path-outside-roots");
  assert.equal(ruleFor("x", { roots: [] }), "path-outside-roots");
  assert.equal(ruleFor("/x", { roots: [] }), "path-outside-roots");
  assert.equal(ruleFor("/x", { roots: ["/"] }), undefined);
});

Deno.test("examinePath() reads paths as Windows does where the roots stand on drives", () => {
  const windows = { roots: ["C:/Work/App"], deny: ["**/.secret"] };
  for (const value of ["x\\y", "c:\\work\\APP\\x", "C:/Work/App", "/work/app/x"]) {
    assert.equal(ruleFor(value, windows), undefined, value);
  }
  assert.equal(ruleFor("D:\\Work\\App\\x", windows), "path-outside-roots");
  assert.equal(ruleFor("..\\x", windows), "path-outside-roots");
  assert.equal(ruleFor("C:x", windows), "path-drive");
  assert.equal(ruleFor("x\\.SECRET", windows), "path-denied");
  assert.equal(ruleFor(".secret::$data", windows), "path-ambiguous");
  assert.equal(ruleFor(".secret.", windows), "path-ambiguous");
});

Deno.test("examinePath() refuses what is longer than any path", () => {
  assert.equal(ruleFor("a".repeat(MAX_PATH_LENGTH)), undefined);
  assert.equal(ruleFor("a".repeat(MAX_PATH_LENGTH + 1)), "path-too-long");
});

Deno.test("examinePath() passes no plain path that POSIX resolves outside the roots", () => {
  const part = fc.constantFrom("..", ".", "a", "app", "lib", "work", "");
  const path = fc.tuple(fc.boolean(), fc.array(part, { maxLength: 9 }));
  fc.assert(fc.property(path, ([absolute, parts]) => {
    const value = (absolute ? "/" : "") + parts.join("/");
    const stack: string[] = value.startsWith("/") ? [] : ["work", "app"];
    for (const name of value.split("/")) {
      if (name === "..") stack.pop();
      else if (name !== "." && name !== "") stack.push(name);
    }
    const inside = stack[0] === "work" && (stack[1] === "app" || stack[1] === "lib");
    assert.equal(ruleFor(value), inside ? undefined : "path-outside-roots", value);
  }));
});

Deno.test("examinePath() finds an escape under any mix of encodings", () => {
  const dot = fc.constantFrom(".", "%2e", "%252E", "%c0%ae", "\uff0e", "%u002e", "%%32%65");
  const slash = fc.constantFrom("/", "\\", "%2f", "%5c", "%255c", "%e0%80%af", "\u2215", "%u2216");
  const step = fc.tuple(dot, dot, slash).map((parts) => parts.join(""));
  fc.assert(fc.property(fc.array(step, { minLength: 3, maxLength: 6 }), (steps) => {
    assert.ok(ruleFor(`a/${steps.join("")}etc/motd`) !== undefined, steps.join(""));
  }));
});

Deno.test("examinePath() takes any text, in time that does not explode", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    examinePath(text, RULES);
  }));
  for (
    const part of ["../", "%", "%25", "%2525252e", "a/", "\ufdfa", "\u0301\u0316", "$", "%AA", "\\"]
  ) {
    const value = part.repeat(Math.floor(MAX_PATH_LENGTH / part.length));
    const from = performance.now();
    ruleFor(value);
    assert.ok(performance.now() - from < 2_000, part);
  }
});
