import assert from "node:assert/strict";
import fc from "fast-check";
import { loadSql, type SqlDialect, type SqlParser } from "../../src/grammar/sql.ts";
import { SQL_BOUNDS } from "../../src/grammar/sql_facts.ts";

const postgres = await loadSql("postgres");
const mysql = await loadSql("mysql");
const sqlite = await loadSql("sqlite");
const ALL: readonly SqlParser[] = [postgres, mysql, sqlite];

function only(text: string, parser: SqlParser) {
  const read = parser.parse(text);
  assert(read.ok, `${parser.dialect} does not read: ${text}`);
  const [statement, ...more] = read.statements;
  assert(statement !== undefined && more.length === 0);
  return statement;
}

function fault(text: string, parser: SqlParser): string {
  const read = parser.parse(text);
  return read.ok ? "none" : read.fault;
}

Deno.test("loadSql() gives a parser of the dialect", () => {
  assert.deepEqual(ALL.map(({ dialect }) => dialect), ["postgres", "mysql", "sqlite"]);
  for (const parser of ALL) assert.equal(parser.parse("SELECT 1").dialect, parser.dialect);
});

Deno.test("SqlParser tells what a statement does first of all", () => {
  const kinds: readonly (readonly [string, string, readonly SqlDialect[]])[] = [
    ["SELECT 1", "select", ["postgres", "mysql", "sqlite"]],
    ["(((SELECT 1)))", "select", ["postgres", "mysql", "sqlite"]],
    ["WITH a AS (SELECT 1) SELECT * FROM a", "select", ["postgres", "mysql", "sqlite"]],
    ["WITH a AS (SELECT 1) DELETE FROM t WHERE x = 1", "delete", ["postgres", "mysql", "sqlite"]],
    ["TABLE t", "select", ["postgres", "mysql"]],
    ["VALUES (1)", "values", ["postgres", "sqlite"]],
    ["SHOW tables", "show", ["postgres", "mysql"]],
    ["DESCRIBE t", "describe", ["mysql"]],
    ["EXPLAIN t", "describe", ["mysql"]],
    ["EXPLAIN SELECT 1", "explain", ["postgres", "mysql", "sqlite"]],
    ["PRAGMA foreign_keys = ON", "pragma", ["sqlite"]],
    ["INSERT INTO t VALUES (1)", "insert", ["postgres", "mysql", "sqlite"]],
    ["REPLACE INTO t VALUES (1)", "replace", ["mysql", "sqlite"]],
    ["UPDATE t SET a = 1", "update", ["postgres", "mysql", "sqlite"]],
    ["TRUNCATE t", "truncate", ["postgres", "mysql"]],
    ["DROP TABLE t", "drop", ["postgres", "mysql", "sqlite"]],
    ["CREATE TABLE t (a int)", "create", ["postgres", "mysql", "sqlite"]],
    ["ALTER TABLE t ADD COLUMN a int", "alter", ["postgres", "mysql", "sqlite"]],
    ["COMMIT", "transaction", ["postgres", "mysql", "sqlite"]],
    ["SET a = 1", "set", ["postgres", "mysql"]],
    ["CALL p()", "call", ["postgres", "mysql"]],
    ["DO $$ BEGIN END $$", "do", ["postgres"]],
    ["COPY t TO '/tmp/t'", "copy", ["postgres"]],
    ["LOCK TABLE t", "lock", ["postgres"]],
    ["VACUUM", "other", ["postgres", "sqlite"]],
  ];
  for (const [text, kind, dialects] of kinds) {
    for (const parser of ALL.filter(({ dialect }) => dialects.includes(dialect))) {
      assert.equal(only(text, parser).verb.kind, kind, `${parser.dialect}: ${text}`);
    }
  }
});

Deno.test("SqlParser tells calls with their schema, in lower case, and what they do", () => {
  const text = 'SELECT App.Total(x), "pg_Sleep"(1), count(*) FROM t WHERE y IN (1) AND f (2) > 0';
  const called = Object.fromEntries(
    only(text, postgres).calls.map(({ schema, name, effect }) => [name, [schema, effect]]),
  );
  assert.deepEqual(called, {
    total: ["app", undefined],
    pg_sleep: [undefined, "sleep"],
    count: [undefined, undefined],
    f: [undefined, undefined],
  });
  const there = only("SELECT App.Total(x), `SLEEP`(1) FROM t WHERE y IN (1)", mysql).calls;
  assert.deepEqual(there, [
    { schema: "app", name: "total", effect: undefined },
    { schema: undefined, name: "sleep", effect: "sleep" },
  ]);
});

Deno.test("SqlParser finds a call that is written like a column", () => {
  assert.equal(only("SELECT (5.0).pg_sleep", postgres).calls[0]?.effect, "sleep");
  assert.deepEqual(only("SELECT (t.address).street FROM t", postgres).calls, []);
});

Deno.test("SqlParser tells tables, INTO, locks, files and data-changing parts", () => {
  for (const parser of ALL) {
    const { tables } = only(
      "SELECT * FROM a JOIN s.b ON true WHERE x IN (SELECT y FROM c)",
      parser,
    );
    assert.deepEqual([...tables].sort(), ["a", "c", "s.b"]);
  }
  for (const parser of ALL) {
    const text =
      "SELECT x, y FROM a AS m, s.b n, (SELECT 1 FROM c, d) q JOIN e ON f = g, h WHERE i IN (j, k)";
    assert.deepEqual([...only(text, parser).tables].sort(), ["a", "c", "d", "e", "h", "s.b"]);
  }
  assert.equal(only("SELECT 1 INTO x", postgres).selectsInto, true);
  assert.equal(only("SELECT 1 INTO OUTFILE '/tmp/x'", mysql).writesFile, true);
  assert.equal(only("SELECT * FROM t FOR SHARE", postgres).locksRows, true);
  assert.equal(only("SELECT * FROM t LOCK IN SHARE MODE", mysql).locksRows, true);
  const nested =
    "WITH a AS (WITH b AS (DELETE FROM t RETURNING *) SELECT * FROM b) SELECT * FROM a";
  const { changes } = parsedOr(nested, "SELECT * FROM (SELECT 1) q");
  assert.deepEqual(changes, []);
  const cte =
    "WITH a AS (INSERT INTO t VALUES (1) RETURNING *), b AS (UPDATE t SET x = 1) SELECT 1";
  assert.deepEqual([...only(cte, postgres).changes].sort(), ["insert", "update"]);
});

/** PostgreSQL parses changes in inner CTEs and refuses them later; so either reading is right. */
function parsedOr(text: string, other: string) {
  const read = postgres.parse(text);
  assert(read.ok);
  assert.deepEqual(read.statements[0]?.changes, ["delete"]);
  return only(other, postgres);
}

Deno.test("SqlParser refuses what has no meaning as text", () => {
  for (const parser of ALL) {
    assert.equal(fault("SELECT 1\0", parser), "syntax");
    assert.equal(fault("SELECT '\ud800'", parser), "syntax");
    assert.equal(fault("SELECT 'a", parser), "syntax");
    assert.equal(fault("SELECT 1 /* a", parser), "syntax");
    assert.equal(fault("SELECT FROM WHERE", parser === postgres ? mysql : parser), "syntax");
    assert.deepEqual(parser.parse(" ; -- nothing\n;"), {
      ok: true,
      dialect: parser.dialect,
      statements: [],
    });
  }
});

/** Shapes that are hard on one parser or the other, at the size limit and beyond. */
const HOSTILE: Readonly<Record<string, string>> = {
  tooLong: `SELECT '${"a".repeat(SQL_BOUNDS.maxSqlChars)}'`,
  parentheses: `SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`,
  parenthesesAtLimit: `SELECT ${"(".repeat(32_000)}1${")".repeat(32_000)}`,
  unions: `SELECT 1${" UNION SELECT 1".repeat(20_000)}`,
  unionsAtLimit: `SELECT 1${" UNION SELECT 1".repeat(4_000)}`,
  subqueries: `SELECT ${"(SELECT ".repeat(7_000)}1${")".repeat(7_000)}`,
  sums: `SELECT 1${"+1".repeat(32_000)}`,
  conditions: `DELETE FROM t WHERE a=1${" AND a=1".repeat(8_000)}`,
  statements: "SELECT 1;".repeat(7_000),
  calls: `SELECT ${"f(".repeat(20_000)}1${")".repeat(20_000)}`,
  brackets: `SELECT ${"[".repeat(60_000)}`,
  lists: `SELECT a IN (1${",1".repeat(32_000)})`,
};

for (const parser of ALL) {
  Deno.test(`SqlParser takes no text beyond its bounds, and reads on (${parser.dialect})`, () => {
    for (const [name, text] of Object.entries(HOSTILE)) {
      assert.match(fault(text, parser), /^(too_long|too_complex|syntax)$/, name);
      assert.equal(fault("SELECT 1", parser), "none", `after ${name}`);
    }
  });

  Deno.test(`SqlParser reads on after what breaks a parser (${parser.dialect})`, () => {
    const breaking = [
      `SELECT ${"NOT ".repeat(7_900)}1`,
      `SELECT ${"CASE WHEN ".repeat(3_900)}1`,
      `SELECT ${"CASE WHEN a THEN ".repeat(1_900)}1${" END".repeat(1_900)}`,
      `SELECT ${"- ".repeat(7_900)}1`,
      `SELECT a${"::b".repeat(2_600)}`,
      `SELECT a${".a".repeat(3_900)}`,
      `SELECT ${"EXISTS ".repeat(7_900)}`,
    ];
    for (const text of breaking) {
      parser.parse(text);
      assert.equal(fault("SELECT a FROM t WHERE b = 1", parser), "none");
      assert.equal(fault("SELECT a FROM", parser === postgres ? mysql : parser), "syntax");
    }
  });

  // Twice the text takes no more than about twice the time; a quadratic reader would take four times.
  Deno.test(`SqlParser takes time in proportion to the text (${parser.dialect})`, () => {
    const shapes: readonly ((count: number) => string)[] = [
      (count) => `SELECT 1${"+1".repeat(count)}`,
      (count) => `DELETE FROM t WHERE a=1${" OR a=1".repeat(count / 2)}`,
      (count) => `SELECT '${"''".repeat(count * 8)}'`,
      (count) => `${"-- x\n".repeat(count * 3)}SELECT 1`,
      (count) => `SELECT ${"1e+1".repeat(count * 4)}`,
      (count) => `SELECT ${"$a".repeat(count * 8)}`,
      (count) => `SELECT ${"_".repeat(count * 16)}(1)`,
    ];
    const fastest = (text: string) =>
      Math.min(...Array.from({ length: 5 }, () => {
        const started = performance.now();
        parser.parse(text);
        return performance.now() - started;
      }));
    for (const [index, shape] of shapes.entries()) {
      const [small, large] = [fastest(shape(400)), fastest(shape(3_200))];
      assert(large < 32 * Math.max(small, 0.25), `shape ${index}: ${small} ms, then ${large} ms`);
    }
  });

  Deno.test(`SqlParser never throws (${parser.dialect})`, () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      const read = parser.parse(text);
      assert.equal(read.dialect, parser.dialect);
    }));
  });
}
