import assert from "node:assert/strict";
import fc from "fast-check";
import { readAwk } from "../../src/grammar/awk_code.ts";
import { readClientSql } from "../../src/grammar/client_sql.ts";
import { readSed } from "../../src/grammar/sed_code.ts";

Deno.test("readSed() knows commands from text", () => {
  for (
    const code of [
      "e",
      "1e ls",
      "s/a/b/e",
      "s,a,b,ge",
      "/x/e",
      "/[/]/e",
      "s/[/]/x/e",
      "$!{e ls\n}",
      "y/ab/cd/;e",
      ":a;e ls",
      "\\,x,e",
    ]
  ) {
    assert.equal(readSed(code).runs, true, code);
  }
  for (
    const code of [
      "s/e/w/",
      "/e/d",
      "a\\\ne ls",
      "i e",
      "s/a/e/;p",
      "b end;:end",
      "# e",
      "y/e/w/",
      "s/\\/e/w/g",
      "s|/e|e|",
      "/a\\/e/p",
    ]
  ) {
    assert.equal(readSed(code).runs, false, code);
  }
  assert.deepEqual(readSed("w /etc/x").writes, ["/etc/x"]);
  assert.deepEqual(readSed("s/a/b/w out").writes, ["out"]);
  assert.deepEqual(readSed("/x/r /etc/y\np").reads, ["/etc/y"]);
});

Deno.test("readAwk() knows pipes and calls from patterns and strings", () => {
  for (
    const code of [
      'BEGIN{system("ls")}',
      '{print|"sh"}',
      '{"date"|getline x}',
      '{print |& "x"}',
      '@load "x"',
      "{ @f(1) }",
      '{ x = 1 / 2; print | "sh" }',
    ]
  ) {
    assert.equal(readAwk(code).runs, true, code);
  }
  for (
    const code of [
      '{print "a|b"}',
      "/a|b/",
      "$1 ~ /x|y/",
      "a||b",
      "{ system_x = 1 }",
      "# system(1)",
      "{ print 1/2, 3/4 }",
      '{ gsub(/[|/]/, "") }',
    ]
  ) {
    assert.equal(readAwk(code).runs, false, code);
  }
  assert.deepEqual(readAwk('{print > "/etc/x"}').writes, ["/etc/x"]);
  assert.deepEqual(readAwk('{print > "/etc" "/x"}').writes, ["/etc/x"]);
  assert.deepEqual(readAwk('BEGIN{f="/etc/x"} {print $1 > f}').writes, ["/etc/x"]);
  assert.deepEqual(readAwk('$1 > "x"').writes, []);
});

Deno.test("readClientSql() knows commands of the client from SQL", () => {
  for (
    const code of [
      ".shell ls",
      ".system ls",
      "select 1;\n.sh ls".replace(".sh ", ".shell "),
      ".once |sh",
      "\\! ls",
      "\\o |sh",
      "copy t from program 'x'",
      "\\copy t to program 'x'",
      "select load_extension('x')",
    ]
  ) {
    assert.equal(readClientSql(code).runs, true, code);
  }
  for (
    const code of [
      "select '.shell'",
      "select program from copy_log",
      "select * from program",
      ".tables",
      "-- \\!\nselect 1",
      "select 'COPY t FROM PROGRAM x'",
    ]
  ) {
    assert.equal(readClientSql(code).runs, false, code);
  }
  assert.deepEqual(readClientSql(".output /opt/x").writes, ["/opt/x"]);
  assert.deepEqual(readClientSql("\\o /opt/x").writes, ["/opt/x"]);
  assert.ok(readClientSql("select readfile('/etc/x')").reads.includes("/etc/x"));
});

Deno.test("readers of small languages end on any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (code) => {
      return [readAwk(code), readSed(code), readClientSql(code)].every((each) =>
        each.writes.length >= 0
      );
    }),
    { numRuns: 2000 },
  );
});
