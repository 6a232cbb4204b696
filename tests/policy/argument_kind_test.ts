import assert from "node:assert/strict";
import fc from "fast-check";
import { argumentPointer, hasWildcard, valueAt } from "../../src/policy/argument_key.ts";
import {
  type DeclaredKind,
  KIND_NAMES,
  kindFromText,
  kindOf,
  settledKind,
} from "../../src/policy/argument_kind.ts";

function kind(text: string): DeclaredKind {
  const read = kindFromText(text);
  assert.ok(read.ok, text);
  return read.value;
}

function fault(text: string): string {
  const read = kindFromText(text);
  assert.ok(!read.ok, text);
  return `${read.error.code}: ${read.error.message} / ${read.error.hint}`;
}

Deno.test("kindFromText() reads every kind as one word", () => {
  for (const name of KIND_NAMES) assert.equal(kind(name).kind, name);
  assert.equal(KIND_NAMES.length, 15);
});

Deno.test("kindFromText() reads the parts of a kind in their order", () => {
  assert.deepEqual(kind("path"), { kind: "path", access: undefined });
  assert.deepEqual(kind("path(read)"), { kind: "path", access: "read" });
  assert.deepEqual(kind(" path ( write ) "), { kind: "path", access: "write" });
  assert.deepEqual(kind("command"), { kind: "command", profile: "default" });
  assert.deepEqual(kind("argv(build)"), { kind: "argv", profile: "build" });
  assert.deepEqual(kind("sql"), { kind: "sql", dialect: undefined, profile: undefined });
  assert.deepEqual(kind("sql(mysql)"), { kind: "sql", dialect: "mysql", profile: undefined });
  assert.deepEqual(kind("sql(sqlite,dml)"), { kind: "sql", dialect: "sqlite", profile: "dml" });
});

Deno.test("kindFromText() says what is wrong and what to write", () => {
  assert.match(fault("pth"), /unknown-kind: "pth" is not a kind.*Did you mean "path"\?/);
  assert.match(fault("constructor"), /unknown-kind/);
  assert.match(fault("path(append)"), /bad-kind: "append" is not an access.*read, write/);
  assert.match(fault("sql(oracle)"), /"oracle" is not a dialect of SQL/);
  assert.match(fault("sql(postgres, all)"), /"all" is not a profile of SQL/);
  assert.match(fault("text(long)"), /is not a way to write the kind text \/ Write text/);
  assert.match(fault("sql(a, b, c)"), /Write sql or sql\(dialect\) or sql\(dialect, profile\)/);
  assert.match(fault("path()"), /is not a way to write/);
  assert.match(fault("sql(postgres"), /Between braces a comma ends a text: quote it/);
  assert.match(fault("path | url"), /is not a kind of argument/);
});

Deno.test("kindOf() refuses parts that a kind does not have", () => {
  const url = kindOf("url", { dialect: "mysql" });
  assert.ok(!url.ok && /The kind url has no dialect/.test(url.error.message));
  assert.ok(!kindOf("path", { profile: "x" }).ok);
  assert.deepEqual(kindOf("command", { profile: "x" }), {
    ok: true,
    value: { kind: "command", profile: "x" },
  });
});

Deno.test("kindFromText() never throws, and what it reads is a kind", () => {
  const words = fc.constantFrom(...KIND_NAMES, "read", "mysql", "(", ")", ",", " ", "x");
  const texts = fc.oneof(fc.string(), fc.array(words).map((parts) => parts.join("")));
  fc.assert(fc.property(texts, (text) => {
    const read = kindFromText(text);
    assert.ok(read.ok ? KIND_NAMES.includes(read.value.kind) : read.error.message.length < 400);
  }));
});

Deno.test("settledKind() gives a path its tool's access, and SQL no more than its tool may do", () => {
  const settle = (text: string, action: "read" | "write" | "delete" | "execute", decides = false) =>
    settledKind(kind(text), { action, decides, dialect: "mysql" });
  assert.deepEqual(settle("path", "read"), { kind: "path", access: "read" });
  for (const action of ["write", "delete", "execute"] as const) {
    assert.deepEqual(settle("path", action), { kind: "path", access: "write" });
    assert.deepEqual(settle("path(read)", action), { kind: "path", access: "read" });
  }
  const profile = (...about: Parameters<typeof settle>) => {
    const settled = settle(...about);
    assert.ok(settled.kind === "sql");
    return [settled.dialect, settled.profile];
  };
  assert.deepEqual(profile("sql", "read"), ["mysql", "read"]);
  assert.deepEqual(profile("sql", "write"), ["mysql", "dml"]);
  assert.deepEqual(profile("sql", "delete"), ["mysql", "dml"]);
  assert.deepEqual(profile("sql", "execute"), ["mysql", "read"]);
  assert.deepEqual(profile("sql", "execute", true), ["mysql", "any"]);
  assert.deepEqual(profile("sql(sqlite, read)", "execute", true), ["sqlite", "read"]);
});

Deno.test("argumentPointer() takes pointers and bare names", () => {
  const pointer = (key: string) => {
    const read = argumentPointer(key);
    return read.ok ? read.value : read.error.code;
  };
  assert.equal(pointer("sql"), "/sql");
  assert.equal(pointer("a/b"), "/a~1b");
  assert.equal(pointer("a~b"), "/a~0b");
  assert.equal(pointer("/edits/*/newText"), "/edits/*/newText");
  assert.equal(pointer("/*"), "/*");
  assert.equal(pointer("/a~1b"), "/a~1b");
  for (const bad of ["", "/", "*", "/a~b", "/a~", "a\u0000", "x".repeat(2000)]) {
    assert.equal(pointer(bad), "bad-argument", bad.slice(0, 9));
  }
  assert.ok(hasWildcard("/a/*/b") && !hasWildcard("/a*/b"));
});

Deno.test("valueAt() follows own members and whole indices alone", () => {
  const args = { "a/b": { "~": [1, { x: "y" }] }, "": 5 };
  assert.equal(valueAt(args, "/a~1b/~0/1/x"), "y");
  assert.equal(valueAt(args, "/a~1b/~0/0"), 1);
  for (
    const nowhere of [
      "/a",
      "/constructor",
      "/__proto__",
      "/a~1b/~0/length",
      "/a~1b/~0/01",
      "/a~1b/~0/-1",
      "/a~1b/~0/1/x/0",
    ]
  ) {
    assert.equal(valueAt(args, nowhere), undefined, nowhere);
  }
});

Deno.test("valueAt() finds whatever name was made into a pointer", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), (name) => {
    const pointer = argumentPointer(name);
    if (!pointer.ok || name.startsWith("/")) return;
    assert.equal(valueAt(Object.fromEntries([[name, "found"]]), pointer.value), "found");
  }));
});
