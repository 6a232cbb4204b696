/**
 * MySQL and SQLite. Our lexer reads the text by the server's own rules; its tokens, written out
 * again one by one, are what sqlparser-rs is asked about. So no two readers can disagree on where
 * a literal or a comment ends, and the facts are read off the tokens that were found to parse.
 * @module
 */

import { SQL_BOUNDS, type SqlFacts, type SqlFaultCode } from "./sql_facts.ts";
import { readSqlTokens, type SqlToken } from "./sql_lexer.ts";
import { respell } from "./sql_respell.ts";
import { readStatement } from "./sql_statement.ts";
import type { GenericWasm } from "./sql_wasm_modules.ts";

/** What the text parses to, or why it does not; throws when the parser broke. */
export function parseGeneric(
  text: string,
  { dialect, wasm }: { readonly dialect: "mysql" | "sqlite"; readonly wasm: GenericWasm },
): SqlFacts | SqlFaultCode {
  const tokens = readSqlTokens(text, dialect);
  if (typeof tokens === "string") return tokens;
  const statements = split(tokens);
  if (statements.length > SQL_BOUNDS.maxStatements) return "too_complex";
  const unsure = statements.filter((statement) => !isKnown(statement, dialect));
  const rest = unsure.map((statement) => respell(statement, dialect)).join(";\n");
  if (rest !== "" && !validates(rest, { dialect, wasm })) return "syntax";
  return {
    ok: true,
    dialect,
    statements: statements.map((statement) => readStatement(statement, dialect)),
  };
}

function split(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.type === "punctuation" && token.text === ";") statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter(({ length }) => length > 0);
}

function validates(
  text: string,
  { dialect, wasm }: { readonly dialect: "mysql" | "sqlite"; readonly wasm: GenericWasm },
): boolean {
  try {
    return wasm.validate(dialect, text);
  } catch (error) {
    // wasm-bindgen throws an object that is no Error for what the parser says; all else broke it.
    if (isSyntaxFault(error)) return false;
    throw error;
  }
}

function isSyntaxFault(error: unknown): boolean {
  return typeof error === "object" && error !== null && !(error instanceof Error) &&
    "message" in error && typeof error.message === "string" &&
    error.message.startsWith("sql parser error");
}

/** Small statements that sqlparser-rs does not know, or knows only some forms of. */
function isKnown(statement: readonly SqlToken[], dialect: "mysql" | "sqlite"): boolean {
  const [first] = statement;
  if (first?.type !== "word") return false;
  if (dialect === "sqlite") return first.text === "pragma" && isPragma(statement);
  if (first.text === "show") return isShow(statement);
  return DESCRIBES.has(first.text) && isDescribe(statement);
}

const DESCRIBES: ReadonlySet<string> = new Set(["describe", "desc", "explain"]);

/** `PRAGMA [schema.]name [= value | (value)]` */
function isPragma(statement: readonly SqlToken[]): boolean {
  return /^w[wq](?:\.[wq])?(?:=[+-]?[wqsn]|\([+-]?[wqsn]\))?$/.test(shapeOf(statement));
}

/** `SHOW …` of what MySQL lists, whatever LIKE or WHERE it is narrowed by. */
function isShow(statement: readonly SqlToken[]): boolean {
  const words = statement.map(({ type, text }) => type === "word" ? text : "");
  const [subject] = words.slice(1, 4).filter((word) => !SHOW_ADVERBS.has(word));
  return SHOWN.has(subject ?? "") && !words.includes("into");
}

const SHOW_ADVERBS: ReadonlySet<string> = new Set(
  ["full", "global", "session", "local", "extended", "storage", "all"],
);
const SHOWN: ReadonlySet<string> = new Set([
  ...["binary", "binlog", "character", "collation", "columns", "create", "databases", "engine"],
  ...["engines", "errors", "events", "fields", "function", "grants", "index", "indexes", "keys"],
  ...["master", "open", "plugins", "privileges", "procedure", "processlist", "profile"],
  ...["profiles", "relaylog", "replica", "replicas", "schemas", "slave", "status", "table"],
  ...["tables", "triggers", "variables", "warnings", "count"],
]);

/** `DESCRIBE [schema.]table [column | 'pattern']` */
function isDescribe(statement: readonly SqlToken[]): boolean {
  return /^w[wq](?:\.[wq])?[wqs]?$/.test(shapeOf(statement)) && statement[1]?.text !== "select";
}

/** One letter for each token (word, quoted, string, number, parameter), signs as they are. */
function shapeOf(statement: readonly SqlToken[]): string {
  // Longer ones have no shape that anybody looks for.
  return statement.slice(0, 16)
    .map(({ type, text }) => type === "punctuation" ? text : type[0] ?? "").join("");
}
