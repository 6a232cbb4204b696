import assert from "node:assert/strict";
import fc from "fast-check";
import { loadSql, type SqlDialect, type SqlParser } from "../../src/grammar/sql.ts";
import { actionOfSql, type SqlAction } from "../../src/grammar/sql_action.ts";

const PARSERS: Readonly<Record<SqlDialect, SqlParser>> = {
  postgres: await loadSql("postgres"),
  mysql: await loadSql("mysql"),
  sqlite: await loadSql("sqlite"),
};

function action(text: string, dialect: SqlDialect = "postgres"): SqlAction {
  return actionOfSql(PARSERS[dialect].parse(text));
}

const CASES: Readonly<Record<SqlAction, Readonly<Record<SqlDialect, readonly string[]>>>> = {
  read: {
    postgres: [
      "SELECT * FROM t",
      "SELECT 1; SELECT 2",
      "WITH a AS (SELECT 'DELETE FROM t') TABLE a",
      "VALUES (1)",
      "SHOW server_version",
      "EXPLAIN ANALYZE SELECT 1",
    ],
    mysql: ["SELECT * FROM t", "SHOW TABLES", "DESCRIBE t", "EXPLAIN SELECT 1", "TABLE t"],
    sqlite: ["SELECT * FROM t", "PRAGMA table_info(t)", "EXPLAIN QUERY PLAN SELECT 1"],
  },
  write: {
    postgres: [
      "INSERT INTO t VALUES (1)",
      "UPDATE t SET a = 1",
      "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1",
      "SELECT * INTO u FROM t",
      "WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a",
      "SELECT 1; INSERT INTO t VALUES (1)",
      "EXPLAIN UPDATE t SET a = 1",
      "SELECT nextval('s')",
      "SELECT * FROM t FOR UPDATE",
    ],
    mysql: ["INSERT INTO t SET a = 1", "REPLACE INTO t VALUES (1)", "UPDATE t SET a = 1"],
    sqlite: ["INSERT OR REPLACE INTO t VALUES (1)", "UPDATE t SET a = 1 WHERE b = 2"],
  },
  delete: {
    postgres: [
      "DELETE FROM t WHERE a = 1",
      "DROP TABLE t",
      "DROP SCHEMA s CASCADE",
      "TRUNCATE t",
      "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
      "WITH a AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM a",
      "INSERT INTO t VALUES (1); DELETE FROM t",
      "EXPLAIN ANALYZE DELETE FROM t",
      "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE",
    ],
    mysql: ["DELETE FROM t", "TRUNCATE TABLE t", "WITH a AS (SELECT 1) DELETE FROM t"],
    sqlite: ["DELETE FROM t", "DROP INDEX i", "EXPLAIN DELETE FROM t"],
  },
  execute: {
    postgres: [
      "COMMIT; DROP TABLE t",
      "CREATE TABLE t (a int)",
      "CREATE TABLE u AS SELECT 1",
      "ALTER TABLE t ADD b int",
      "SET ROLE admin",
      "DO $$ BEGIN END $$",
      "CALL p()",
      "COPY t TO '/tmp/t'",
      "GRANT ALL ON t TO public",
      "SELECT pg_sleep(1)",
      "INSERT INTO t SELECT pg_read_file('x')",
      "EXPLAIN ANALYZE SELECT pg_sleep(1)",
      "PREPARE p AS SELECT 1",
      "",
      "-- nothing",
      "SELEKT 1",
    ],
    mysql: [
      "SELECT 1 INTO OUTFILE '/tmp/x'",
      "SELECT 1 /*! ; DROP TABLE t */",
      "SELECT SLEEP(1)",
      "HANDLER t OPEN",
      "DO SLEEP(1)",
      "SET GLOBAL a = 1",
    ],
    sqlite: ["ATTACH 'x' AS y", "PRAGMA writable_schema = 1", "SELECT load_extension('x')"],
  },
};

for (const [expected, byDialect] of Object.entries(CASES)) {
  Deno.test(`actionOfSql() finds ${expected}`, () => {
    for (const [dialect, texts] of Object.entries(byDialect)) {
      for (const text of texts) {
        assert.equal(action(text, dialect as SqlDialect), expected, `${dialect}: ${text}`);
      }
    }
  });
}

Deno.test("actionOfSql() of several statements is the gravest of theirs, in any order", () => {
  const grave: readonly SqlAction[] = ["read", "write", "delete", "execute"];
  const one = fc.constantFrom(
    ...grave.flatMap((name) =>
      CASES[name].postgres.filter((text) => /^[A-Z]/.test(text) && text !== "SELEKT 1")
        .map((text) => ({ name, text }))
    ),
  );
  fc.assert(fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (chosen) => {
    const worst = Math.max(...chosen.map(({ name }) => grave.indexOf(name)));
    assert.equal(action(chosen.map(({ text }) => text).join(";\n")), grave[worst]);
  }));
});
