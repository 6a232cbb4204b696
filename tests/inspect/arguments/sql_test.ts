import assert from "node:assert/strict";
import fc from "fast-check";
import { loadSql, type SqlDialect, type SqlParser } from "../../../src/grammar/sql.ts";
import { actionOfSql } from "../../../src/grammar/sql_action.ts";
import { examineSql } from "../../../src/inspect/arguments/sql.ts";
import { CHANGES, NO_CHANGES, NO_READS, READS } from "./sql_cases.ts";

const DIALECTS: readonly SqlDialect[] = ["postgres", "mysql", "sqlite"];
const PARSERS: ReadonlyMap<SqlDialect, SqlParser> = new Map(
  await Promise.all(DIALECTS.map(async (dialect) => [dialect, await loadSql(dialect)] as const)),
);

function parserOf(dialect: SqlDialect): SqlParser {
  const parser = PARSERS.get(dialect);
  assert(parser !== undefined);
  return parser;
}

for (const dialect of DIALECTS) {
  const parser = parserOf(dialect);

  Deno.test(`examineSql() lets pass what only reads (${dialect})`, () => {
    const refused = READS[dialect].filter((text) =>
      examineSql(text, { profile: "read", parser }) !== undefined
    );
    assert.deepEqual(refused, []);
  });

  Deno.test(`examineSql() refuses under read whatever does more (${dialect})`, () => {
    const passed = NO_READS[dialect].filter((text) =>
      examineSql(text, { profile: "read", parser }) === undefined
    );
    assert.deepEqual(passed, []);
  });

  Deno.test(`examineSql() lets pass one bounded change under dml (${dialect})`, () => {
    const refused = CHANGES[dialect].filter((text) =>
      examineSql(text, { profile: "dml", parser }) !== undefined
    );
    assert.deepEqual(refused, []);
  });

  Deno.test(`examineSql() refuses under dml all but one bounded change (${dialect})`, () => {
    const others = [...NO_CHANGES[dialect], ...READS[dialect]];
    const passed = others.filter((text) =>
      examineSql(text, { profile: "dml", parser }) === undefined
    );
    assert.deepEqual(passed, []);
  });

  Deno.test(`actionOfSql() calls nothing a read that read refuses for what it does (${dialect})`, () => {
    const texts = [READS, NO_READS, CHANGES, NO_CHANGES].flatMap((cases) => cases[dialect]);
    const laxer = texts.filter((text) => {
      const rule = examineSql(text, { profile: "read", parser })?.rule;
      const reads = actionOfSql(parser.parse(text)) === "read";
      // Two reads in one text are still reads.
      return reads !== (rule === undefined) && !(reads && rule === "sql-statements");
    });
    assert.deepEqual(laxer, []);
  });

  Deno.test(`examineSql() refuses a second statement after whatever passes (${dialect})`, () => {
    for (const text of [...READS[dialect], ...CHANGES[dialect]]) {
      // A new line ends a comment at the end.
      const stacked = `${text.replace(/;$/, "")}\n; DROP TABLE invoices`;
      assert(examineSql(stacked, { profile: "read", parser }) !== undefined, stacked);
      assert(examineSql(stacked, { profile: "dml", parser }) !== undefined, stacked);
      assert.notEqual(actionOfSql(parser.parse(stacked)), "read");
    }
  });

  Deno.test(`examineSql() takes a literal for a literal, whatever stands in it (${dialect})`, () => {
    const anyText = fc.string({ unit: "grapheme", maxLength: 60 })
      .map((text) => text.replaceAll("\0", "").replaceAll("\\", ""));
    const spiced = fc.oneof(anyText, anyText.map((text) => `'; DROP TABLE t; -- ${text} /*! */ #`));
    fc.assert(fc.property(spiced, (text) => {
      const literal = `'${text.replaceAll("'", "''")}'`;
      assert.equal(examineSql(`SELECT ${literal}`, { profile: "read", parser }), undefined);
      const change = `INSERT INTO notes (body) VALUES (${literal})`;
      assert.equal(examineSql(change, { profile: "dml", parser }), undefined);
    }));
  });

  Deno.test(`examineSql() never throws, and keeps its details short (${dialect})`, () => {
    const words = fc.constantFrom(
      ...[
        "SELECT",
        "FROM",
        "WHERE",
        "(",
        ")",
        "'",
        '"',
        "`",
        "[",
        "]",
        ";",
        "--",
        "/*",
        "*/",
        "/*!",
      ],
      ...[
        "DELETE",
        "t",
        "1",
        "=",
        ".",
        "$$",
        "$a$",
        "\\",
        "#",
        "é",
        "\0",
        "WITH",
        "AS",
        ",",
        "NOT",
      ],
      ...[
        "UPDATE",
        "SET",
        "OR",
        "IN",
        "CASE",
        "END",
        "EXPLAIN",
        "PRAGMA",
        "x'",
        "E'",
        "@",
        ":",
        "?",
      ],
    );
    const soup = fc.array(words, { maxLength: 30 }).map((list) => list.join(" "));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary" })), (text) => {
        for (const profile of ["read", "dml", "any"] as const) {
          const objection = examineSql(text, { profile, parser });
          assert(objection === undefined || objection.detail.length <= 200);
          assert(objection === undefined || /^sql-[a-z-]+$/.test(objection.rule));
        }
      }),
      { numRuns: 300 },
    );
  });
}

Deno.test("examineSql() takes any number of statements under any, as long as they parse", () => {
  const parser = parserOf("postgres");
  const rules = { profile: "any", parser } as const;
  assert.equal(examineSql("DROP TABLE a; TRUNCATE b; DO $$ BEGIN END $$", rules), undefined);
  assert.equal(examineSql("DROP TABEL a", rules)?.rule, "sql-syntax");
  assert.equal(examineSql(" -- nothing", rules)?.rule, "sql-empty");
});

Deno.test("examineSql() names the rule and the function", () => {
  const parser = parserOf("postgres");
  const objection = examineSql("SELECT pg_read_file('x')", { profile: "read", parser });
  assert.deepEqual(objection, {
    rule: "sql-function",
    detail: 'calls "pg_read_file", which reaches files of the server',
  });
});

Deno.test("examineSql() refuses a comment that MySQL runs, whatever the server is said to be", () => {
  for (const dialect of DIALECTS) {
    const rules = { profile: "read", parser: parserOf(dialect) } as const;
    const rule = (text: string) => examineSql(text, rules)?.rule;
    assert.equal(rule("SELECT 1 /*! + sleep(9) */"), "sql-executable-comment");
    assert.equal(rule("SELECT 1 /*M!100100 + sleep(9) */"), "sql-executable-comment");
    assert.equal(rule("SELECT '/*! */' -- /*! */\n, 1 /* ! */"), undefined);
  }
});

Deno.test("examineSql() reads each dialect by its own rules", () => {
  const rule = (text: string, dialect: SqlDialect) =>
    examineSql(text, { profile: "read", parser: parserOf(dialect) })?.rule;
  // A backslash escapes the quote in MySQL alone.
  const escaped = String.raw`SELECT 'a\'; DROP TABLE t; -- '`;
  assert.equal(rule(escaped, "mysql"), undefined);
  assert.equal(rule(escaped, "postgres"), "sql-statements");
  assert.equal(rule(escaped, "sqlite"), "sql-statements");
  // Comments nest in PostgreSQL alone.
  const nested = "SELECT 1 /* /* */ ; DROP TABLE t; -- */";
  assert.equal(rule(nested, "postgres"), undefined);
  assert.equal(rule(nested, "mysql"), "sql-statements");
  assert.equal(rule(nested, "sqlite"), "sql-statements");
  // "--" needs white space after it in MySQL.
  assert.equal(rule("SELECT 1--1\n; DROP TABLE t", "mysql"), "sql-statements");
  assert.equal(rule("SELECT 2--1", "mysql"), undefined);
});
