/**
 * What analysts and editors ask of the two SQLite servers, and what they must not get done.
 * @module
 */

import type { Call } from "./calls.ts";
import type { Danger } from "./guarded.ts";

/** Statements that fill a database. */
export const SEED: readonly string[] = [
  "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, age INTEGER)",
  "CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER, total REAL)",
  "INSERT INTO users (name, email, age) VALUES ('Ada', 'ada@example.com', 36), ('Grace', 'grace@example.com', 30)",
  "INSERT INTO orders (user_id, total) VALUES (1, 9.5), (1, 20), (2, 3.25)",
];

/** Statements that only read; several of them mention what would change something. */
const READS: readonly string[] = [
  "SELECT * FROM users",
  "SELECT name FROM users WHERE email = 'DROP TABLE users; --' OR age > 30;",
  'SELECT count(*) AS "delete" FROM orders -- DELETE FROM orders',
  "SELECT u.name, sum(o.total) AS spent FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.name HAVING spent > 1 ORDER BY spent DESC LIMIT 5",
  "SELECT name, row_number() OVER (ORDER BY age) AS place FROM users",
  "SELECT * FROM users WHERE id IN (SELECT user_id FROM orders WHERE total BETWEEN 1 AND 10)",
  "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
  "SELECT upper(name) || ' <' || email || '>', strftime('%Y', '2024-01-01'), json_extract('{\"a\":1}', '$.a') FROM users",
];

/** Reads that server-sqlite-npx does not take, as they do not begin with SELECT. */
const OTHER_READS: readonly string[] = [
  "WITH big AS (SELECT * FROM orders WHERE total > 5) SELECT count(*) AS n FROM big",
  "EXPLAIN QUERY PLAN SELECT * FROM users",
  "PRAGMA table_info(users)",
];

/** Statements that change something, however they begin. */
const CHANGES: readonly string[] = [
  "DELETE FROM users",
  "DROP TABLE orders",
  "UPDATE users SET age = 0 WHERE id = 1",
  "INSERT INTO users (name) VALUES ('Eve')",
  "REPLACE INTO users (id, name) VALUES (1, 'Eve')",
  "WITH old AS (SELECT id FROM users) DELETE FROM users WHERE id IN (SELECT id FROM old)",
  "EXPLAIN QUERY PLAN SELECT 1; DROP TABLE orders",
  "/* SELECT */ DROP TABLE orders",
  "PRAGMA writable_schema = ON",
  "PRAGMA journal_mode = DELETE",
  "ATTACH DATABASE 'stolen.db' AS stolen",
  "VACUUM INTO 'copy.db'",
  "ALTER TABLE users RENAME TO people",
  "CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM orders; END",
  "DELETE FROM users WHERE name = 'it''s",
];

/** Statements that begin as a read and do more, or call what reaches out of the database. */
const HIDDEN_CHANGES: readonly string[] = [
  "SELECT * FROM users; DROP TABLE orders",
  "SELECT 1; DELETE FROM users; --",
  "SELECT load_extension('/tmp/evil.so')",
  "SELECT writefile('/tmp/stolen', name) FROM users",
];

/** mcp-sqlite: every call of its README that reads. */
export const SQLITE_READS: readonly Call[] = [
  ["list_tables", {}],
  ["get_table_schema", { tableName: "users" }],
  ["read_records", { table: "users", conditions: { age: 30 }, limit: 10, offset: 0 }],
  ["read_records", { table: "users" }],
  ["query", { sql: "SELECT * FROM users WHERE id = ?", values: [1] }],
  ...[...READS, ...OTHER_READS].map((sql): Call => ["query", { sql }]),
];

/** mcp-sqlite: the calls of its README that write, and writes in SQL. */
export const SQLITE_WRITES: readonly Call[] = [
  ["create_record", {
    table: "users",
    data: { name: "John Doe", email: "john@example.com", age: 30 },
  }],
  ["create_record", { table: "users", data: { name: "Robert'); DROP TABLE users;--", age: 8 } }],
  ["update_records", {
    table: "users",
    data: { email: "john.updated@example.com" },
    conditions: { id: 1 },
  }],
  ["query", { sql: "INSERT INTO orders (user_id, total) VALUES (?, ?)", values: [2, 7] }],
  ["query", { sql: "UPDATE users SET name = 'A; DELETE' WHERE id = 2" }],
  ["read_records", { table: "users" }],
];

/** mcp-sqlite: what its README shows that deletes. */
export const SQLITE_DELETES: readonly Call[] = [
  ["delete_records", { table: "users", conditions: { id: 1 } }],
  ["query", { sql: "DELETE FROM orders WHERE total < 5" }],
  ["query", { sql: "SELECT * FROM orders" }],
];

/** mcp-sqlite: nothing of this may a reader. */
export const SQLITE_DANGERS: readonly Danger[] = [
  { call: ["delete_records", { table: "users", conditions: { id: 1 } }] },
  { call: ["update_records", { table: "users", data: { age: 1 }, conditions: { id: 1 } }] },
  { call: ["create_record", { table: "users", data: { name: "Eve" } }] },
  ...[...CHANGES, ...HIDDEN_CHANGES].map((sql): Danger => ({ call: ["query", { sql }] })),
];

/** mcp-sqlite: a writer may not delete, nor leave the database. */
export const SQLITE_WRITER_DANGERS: readonly Danger[] = [
  { call: ["delete_records", { table: "users", conditions: { id: 1 } }] },
  ...[
    "DELETE FROM users",
    "DROP TABLE orders",
    "WITH old AS (SELECT id FROM users) DELETE FROM users WHERE id IN (SELECT id FROM old)",
    "INSERT INTO users (name) VALUES ('x'); DROP TABLE users",
    "ATTACH DATABASE 'stolen.db' AS stolen",
    "VACUUM INTO 'copy.db'",
    "PRAGMA writable_schema = ON",
    "SELECT load_extension('/tmp/evil.so')",
  ].map((sql): Danger => ({ call: ["query", { sql }] })),
];

/** mcp-server-sqlite-npx: reading. */
export const NPX_READS: readonly Call[] = [
  ["list_tables", {}],
  ["describe_table", { table_name: "users" }],
  ...READS.map((query): Call => ["read_query", { query }]),
];

/** mcp-server-sqlite-npx: writing. */
export const NPX_WRITES: readonly Call[] = [
  ["create_table", { query: "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL)" }],
  ["create_table", {
    query:
      "CREATE TABLE IF NOT EXISTS tags (name TEXT UNIQUE, note_id INTEGER REFERENCES notes(id) ON DELETE CASCADE)",
  }],
  ["write_query", { query: "INSERT INTO notes (body) VALUES ('DROP TABLE; it''s a note')" }],
  ["write_query", { query: "UPDATE users SET age = age + 1 WHERE name = 'Ada'" }],
  ["read_query", { query: "SELECT * FROM notes" }],
];

/** mcp-server-sqlite-npx: what a keeper may besides. */
export const NPX_DELETES: readonly Call[] = [
  ["write_query", { query: "DELETE FROM orders WHERE total < 5" }],
  ["read_query", { query: "SELECT * FROM orders" }],
];

/** mcp-server-sqlite-npx: nothing of this may a reader. */
export const NPX_DANGERS: readonly Danger[] = [
  ...[...CHANGES].map((query): Danger => ({ call: ["write_query", { query }] })),
  ...HIDDEN_CHANGES.map((query): Danger => ({ call: ["read_query", { query }], at: "/query" })),
  { call: ["create_table", { query: "CREATE TABLE t (a)" }] },
  { call: ["describe_table", { table_name: "users) UNION SELECT 1 --" }], at: "/table_name" },
];

/** mcp-server-sqlite-npx: a writer may not delete, nor leave the database. */
export const NPX_WRITER_DANGERS: readonly Danger[] = [
  ...[
    "DELETE FROM users",
    "DROP TABLE orders",
    "ATTACH DATABASE 'stolen.db' AS stolen",
    "VACUUM INTO 'copy.db'",
    "PRAGMA writable_schema = ON",
    "INSERT INTO users (name) VALUES ('x'); DROP TABLE users",
  ].map((query): Danger => ({ call: ["write_query", { query }] })),
  { call: ["create_table", { query: "CREATE TABLE t (a" }], at: "/query" },
];
