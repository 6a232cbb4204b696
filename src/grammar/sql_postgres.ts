/**
 * PostgreSQL, read by its own parser (libpg-query).
 * @module
 */

import { canMiss } from "./sql_condition.ts";
import {
  SQL_BOUNDS,
  type SqlCall,
  type SqlChange,
  type SqlFacts,
  type SqlFaultCode,
  type SqlSimpleVerb,
  type SqlStatement,
  type SqlVerb,
} from "./sql_facts.ts";
import { effectOf } from "./sql_functions.ts";
import { readSqlTokens } from "./sql_lexer.ts";
import { readPgCondition } from "./sql_postgres_condition.ts";
import {
  isPgObject,
  listOf,
  namesOf,
  nodeOf,
  type PgNode,
  type PgObject,
  walk,
} from "./sql_postgres_tree.ts";
import type { PostgresWasm } from "./sql_wasm_modules.ts";

/** What the text parses to, or why it does not; throws when the parser broke. */
export function parsePostgres(text: string, wasm: PostgresWasm): SqlFacts | SqlFaultCode {
  // Only for the bounds: what stands in the text is for PostgreSQL's own lexer to say.
  const tokens = readSqlTokens(text, "postgres");
  if (typeof tokens === "string") return tokens;
  const tree = parseTree(text, wasm);
  if (tree === undefined) return "syntax";
  const statements = listOf(isPgObject(tree) ? tree["stmts"] : undefined);
  if (statements.length > SQL_BOUNDS.maxStatements) return "too_complex";
  return {
    ok: true,
    dialect: "postgres",
    statements: statements.map((raw) => statementOf(isPgObject(raw) ? raw["stmt"] : undefined)),
  };
}

/** The tree of `pg_query`, undefined for a syntax error. */
function parseTree(text: string, wasm: PostgresWasm): unknown {
  const bytes = wasm.lengthBytesUTF8(text) + 1;
  const query = wasm._malloc(bytes);
  wasm.stringToUTF8(text, query, bytes);
  const result = wasm._wasm_parse_query_raw(query);
  if (query === 0 || result === 0) throw new Error("Cannot parse: the parser is out of memory");
  // PgQueryParseResult: { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
  const tree = wasm.getValue(result, "i32");
  const failed = wasm.getValue(result + 8, "i32") !== 0 || tree === 0;
  const json = failed ? undefined : wasm.UTF8ToString(tree);
  wasm._free(query);
  wasm._wasm_free_parse_result(result);
  return json === undefined ? undefined : JSON.parse(json);
}

function statementOf(raw: unknown): SqlStatement {
  const node = nodeOf(raw) ?? { type: "", fields: {} };
  const verb = verbOf(node);
  const changes = new Set<SqlChange>();
  const calls = new Map<string, SqlCall>();
  const tables = new Set<string>();
  let selectsInto = false;
  let locksRows = false;
  walk(node.fields, (key, value, object) => {
    switch (key) {
      case "intoClause":
        selectsInto = true;
        break;
      case "lockingClause":
        locksRows = true;
        break;
      case "commandType":
        if (value === "CMD_DELETE") changes.add("delete");
        break;
      case "relname":
        tables.add(tableName(object));
        break;
      case "funcname":
      case "indirection":
        for (const call of callsOf(key, value)) {
          calls.set(JSON.stringify([call.schema, call.name]), call);
        }
        break;
      case "InsertStmt":
      case "UpdateStmt":
      case "DeleteStmt":
      case "MergeStmt":
        // What EXPLAIN explains is told by its verb.
        if (verb.kind !== "explain") changes.add(CHANGES[key]);
        break;
    }
  });
  return {
    verb,
    changes: [...changes],
    selectsInto,
    locksRows,
    writesFile: false,
    calls: [...calls.values()],
    tables: [...tables],
  };
}

const CHANGES = {
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
} as const;

const SIMPLE: ReadonlyMap<string, SqlSimpleVerb> = new Map([
  ["InsertStmt", "insert"],
  ["MergeStmt", "merge"],
  ["VariableShowStmt", "show"],
  ["VariableSetStmt", "set"],
  ["TruncateStmt", "truncate"],
  ["TransactionStmt", "transaction"],
  ["CallStmt", "call"],
  ["DoStmt", "do"],
  ["CopyStmt", "copy"],
  ["LockStmt", "lock"],
  ["RenameStmt", "alter"],
  ["CreateStmt", "create"],
  ["ViewStmt", "create"],
  ["IndexStmt", "create"],
]);

function verbOf({ type, fields }: PgNode): SqlVerb {
  switch (type) {
    case "SelectStmt":
      return { kind: "valuesLists" in fields ? "values" : "select" };
    case "UpdateStmt":
    case "DeleteStmt": {
      const relation = fields["relation"];
      const several = "fromClause" in fields || "usingClause" in fields;
      const table = isPgObject(relation) && !several ? String(relation["relname"]) : undefined;
      const where = fields["whereClause"];
      return {
        kind: type === "UpdateStmt" ? "update" : "delete",
        canMiss: where !== undefined && canMiss(readPgCondition(where, table)),
      };
    }
    case "ExplainStmt":
      return { kind: "explain", of: statementOf(fields["query"]) };
    default: {
      const family = /^(Drop|Alter|Create)/.exec(type)?.[1]?.toLowerCase();
      return { kind: SIMPLE.get(type) ?? FAMILIES.get(family ?? "") ?? "other" };
    }
  }
}

const FAMILIES: ReadonlyMap<string, SqlSimpleVerb> = new Map([
  ["drop", "drop"],
  ["alter", "alter"],
  ["create", "create"],
]);

function tableName(object: PgObject): string {
  const schema = object["schemaname"];
  return typeof schema === "string" ? `${schema}.${object["relname"]}` : `${object["relname"]}`;
}

/** `f(x)`, and `(x).f`, which is the same where `x` has no such column. */
function callsOf(key: "funcname" | "indirection", value: unknown): readonly SqlCall[] {
  const names = namesOf(value);
  if (key === "funcname") return [callOf(names.at(-2), names.at(-1) ?? "")];
  return names.map((name) => callOf(undefined, name)).filter(({ effect }) => effect !== undefined);
}

function callOf(schemaName: string | undefined, written: string): SqlCall {
  const schema = schemaName?.toLowerCase();
  const name = written.toLowerCase();
  return { schema, name, effect: effectOf({ schema, name }, "postgres") };
}
