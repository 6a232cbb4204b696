/**
 * Is a SQL text one of the statements its argument may hold?
 * @module
 */

import type { SqlProfile } from "../../access/inspection.ts";
import type { SqlEffect, SqlFault, SqlParser, SqlStatement } from "../../grammar/sql.ts";
import { READING_PRAGMAS } from "../../grammar/sql_action.ts";
import type { Objection } from "../objection.ts";

/** What a SQL argument is judged by. */
export interface SqlRules {
  readonly profile: SqlProfile;
  /** Of the dialect the upstream speaks. */
  readonly parser: SqlParser;
}

/**
 * What there is against a text as SQL: `read` wants one statement that changes nothing, `dml` one
 * INSERT, or one UPDATE or DELETE whose WHERE can be false, `any` whatever parses. A text that does
 * not parse is refused under each.
 */
export function examineSql(text: string, { profile, parser }: SqlRules): Objection | undefined {
  const facts = parser.parse(text);
  if (!facts.ok) return faulty(facts);
  const [statement, ...more] = facts.statements;
  if (statement === undefined) {
    return { rule: "sql-empty", detail: "holds no SQL statement" };
  }
  if (profile === "any") return undefined;
  if (more.length > 0) {
    return {
      rule: "sql-statements",
      detail: `holds ${facts.statements.length} SQL statements instead of one`,
    };
  }
  return profile === "read" ? againstReading(statement) : againstChanging(statement);
}

function faulty({ dialect, fault }: SqlFault): Objection {
  switch (fault) {
    case "syntax":
      return { rule: "sql-syntax", detail: `does not parse as SQL (${dialect})` };
    case "too_long":
      return { rule: "sql-too-long", detail: "is too long to be read as SQL (64 KiB at most)" };
    case "too_complex":
      return {
        rule: "sql-too-complex",
        detail: "has too many parts or too deep a nesting to be read as SQL",
      };
    case "executable_comment":
      return {
        rule: "sql-executable-comment",
        detail: "holds a comment that the database runs as SQL",
      };
    case "parser_failed":
      return { rule: "sql-parser-failed", detail: "could not be read as SQL" };
  }
}

function againstReading(statement: SqlStatement): Objection | undefined {
  const { verb } = statement;
  switch (verb.kind) {
    case "select":
    case "values":
    case "show":
    case "describe":
      return againstSideEffects(statement);
    case "explain":
      return againstReading(verb.of) ?? againstSideEffects(statement);
    case "pragma":
      return READING_PRAGMAS.has(verb.name) && !verb.assigns
        ? undefined
        : { rule: "sql-pragma", detail: "holds a PRAGMA other than those that list the schema" };
    case "insert":
    case "replace":
    case "update":
    case "delete":
    case "merge":
    case "truncate":
    case "drop":
    case "create":
    case "alter":
    case "transaction":
    case "set":
    case "call":
    case "do":
    case "copy":
    case "lock":
    case "other":
      return notReading(verb.kind);
  }
}

function notReading(kind: string): Objection {
  const what = kind === "other" ? "a statement" : `${kind.toUpperCase()}, a statement`;
  return { rule: "sql-statement", detail: `holds ${what} that does more than read` };
}

function againstSideEffects(statement: SqlStatement): Objection | undefined {
  const written = againstWriting(statement);
  if (written) return written;
  if (statement.locksRows) return { rule: "sql-lock", detail: "locks the rows that it reads" };
  return againstCalls(statement, () => true);
}

/** Where a statement writes besides what its own verb says. */
function againstWriting(statement: SqlStatement): Objection | undefined {
  if (statement.writesFile) {
    return { rule: "sql-file", detail: "writes the rows to a file of the server" };
  }
  if (statement.selectsInto) {
    return { rule: "sql-into", detail: "selects INTO a table, variable or file" };
  }
  if (statement.changes.length === 0) return undefined;
  const changes = statement.changes.join(" and ").toUpperCase();
  return { rule: "sql-data-change", detail: `holds ${changes} inside of another statement` };
}

function againstCalls(
  { calls }: SqlStatement,
  refuses: (effect: SqlEffect) => boolean,
): Objection | undefined {
  for (const { name, effect } of calls) {
    if (effect === undefined || !refuses(effect)) continue;
    return { rule: "sql-function", detail: `calls "${name.slice(0, 64)}", ${REASONS[effect]}` };
  }
  return undefined;
}

const REASONS: Readonly<Record<SqlEffect, string>> = {
  file: "which reaches files of the server",
  network: "which reaches the network",
  exec: "which runs code or SQL given as text",
  sleep: "which makes the server wait",
  sequence: "which advances a sequence",
  setting: "which changes settings of the session",
  lock: "which takes locks",
  administration: "which changes data or the server",
};

function againstChanging(statement: SqlStatement): Objection | undefined {
  const { verb } = statement;
  switch (verb.kind) {
    case "update":
    case "delete":
      if (!verb.canMiss) {
        const rule = "sql-unbounded";
        return {
          rule,
          detail: `holds ${verb.kind.toUpperCase()} without a WHERE that can be false`,
        };
      }
      return againstMore(statement);
    case "insert":
      return againstMore(statement);
    case "select":
    case "values":
    case "show":
    case "describe":
    case "explain":
    case "pragma":
    case "replace":
    case "merge":
    case "truncate":
    case "drop":
    case "create":
    case "alter":
    case "transaction":
    case "set":
    case "call":
    case "do":
    case "copy":
    case "lock":
    case "other":
      return {
        rule: "sql-statement",
        detail: `holds ${verb.kind.toUpperCase()} instead of one INSERT, UPDATE or DELETE`,
      };
  }
}

/** New rows draw ids from sequences, and a queue locks the rows it takes: both are a part of changing. */
function againstMore(statement: SqlStatement): Objection | undefined {
  const written = againstWriting(statement);
  if (written) return written;
  const onlyNext = statement.calls.every(({ name, effect }) =>
    effect !== "sequence" || name === "nextval"
  );
  return againstCalls(statement, (effect) => effect !== "sequence" || !onlyNext);
}
