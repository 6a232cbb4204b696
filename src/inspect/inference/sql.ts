/**
 * Arguments that are run as SQL, or become a value in it.
 * @module
 */

import type { SqlDialect, SqlProfile } from "../../access/inspection.ts";
import type { ArgumentFacts, InferredKind, ToolFacts } from "./facts.ts";
import { vocabulary } from "./words.ts";

/** Guesses `sql`: enforced when the argument and the tool agree, and say what the statement may do. */
export function guessSql(argument: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  const { name, description } = argument;
  const called = name.has("sql") || (STATEMENTS.includes(name.last) && description.has("sql"));
  const maybe = STATEMENTS.includes(name.last) && tool.says("sql", ...DATABASES);
  if (!called && !maybe) return undefined;
  if (!called && (description.has(...SEARCHES) || tool.says(...GRAPHS))) return undefined;
  const says = (...words: readonly string[]) => tool.says(...words) || description.has(...words);
  const dialect = dialectOf(says) ?? tool.dialect;
  const profile = profileOf(says);
  const agrees = called &&
    tool.says("sql", "query", "queries", "statement", ...TABLES, ...DATABASES);
  // a profile of any statement would refuse only what the parser does not know
  const enforced = (agrees || (maybe && tool.says("sql"))) && profile !== "any" && !says(...OTHERS);
  const because = called
    ? "its name or description says SQL"
    : "the tool runs queries on a database";
  return { kind: { kind: "sql", dialect, profile }, enforced, because };
}

/** Guesses `sqlvalue` where records are looked up by a term. Never enforced: most such servers bind their values. */
export function guessSqlValue(
  { name, description }: ArgumentFacts,
  tool: ToolFacts,
): InferredKind | undefined {
  if (!STATEMENTS.includes(name.last) && !TERMS.includes(name.last)) return undefined;
  const records = tool.says("record", "records", ...TABLES);
  const term = TERMS.includes(name.last) || description.has("term", "search", "filter", "value");
  if (!records || !term || tool.says("graph", "web")) return undefined;
  const because = "the tool looks up records by it";
  return { kind: { kind: "sqlvalue" }, enforced: false, because };
}

const STATEMENTS = vocabulary("sql query queries statement statements");
const TERMS = vocabulary("term keyword search filter");
const SEARCHES = vocabulary("search term keywords natural");
const TABLES = vocabulary("table tables row rows database db");
const DATABASES = vocabulary("postgres postgresql mysql mariadb sqlite database db");
const GRAPHS = vocabulary("graphql graph mongodb mongo cypher elasticsearch promql vector");
/** SQL in grammars that are not read here. */
const OTHERS = vocabulary(
  "bigquery snowflake mssql tsql oracle clickhouse duckdb soql graphql cypher " +
    "databricks spark trino athena redshift kql",
);

type Says = (...words: readonly string[]) => boolean;

function dialectOf(says: Says): SqlDialect | undefined {
  if (says("mysql", "mariadb")) return "mysql";
  if (says("sqlite", "sqlite3")) return "sqlite";
  return says("postgres", "postgresql") ? "postgres" : undefined;
}

/** The words decide only where they leave no other reading: what says both reads and writes takes any. */
function profileOf(says: Says): SqlProfile {
  const reads = says("read", "reads", "readonly", "select");
  if (says("readonly") || (reads && says("only"))) return "read";
  if (says("create", "drop", "alter", "ddl", "schema", "migration", "raw", "any")) return "any";
  const writes = says("insert", "update", "delete", "change", "changes", "modify", "write", "dml");
  if (writes) return reads ? "any" : "dml";
  return reads ? "read" : "any";
}
