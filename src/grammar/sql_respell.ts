/**
 * Tokens of MySQL and SQLite → the text that sqlparser-rs is asked about. Comments are gone, names
 * and literals are harmless, and what it does not know is spelt as something of the same grammar
 * that it does. Only whether this text parses is ever used.
 * @module
 */

import type { SqlToken } from "./sql_lexer.ts";

/** Writes one statement. */
export function respell(statement: readonly SqlToken[], dialect: "mysql" | "sqlite"): string {
  const parts: string[] = [];
  const quote = dialect === "mysql" ? "`" : '"';
  for (const [at, token] of statement.entries()) {
    const text = spelt(statement, { at, dialect, quote });
    if (text === "") continue;
    const joins = token.text === "." || token.text === "(" || statement[at - 1]?.text === ".";
    parts.push(joins && token.type !== "string" ? text : ` ${text}`);
  }
  return parts.join("");
}

/** A token and its neighbours. */
interface Spot {
  readonly at: number;
  readonly dialect: "mysql" | "sqlite";
  readonly quote: string;
}

function spelt(statement: readonly SqlToken[], spot: Spot): string {
  const { at, dialect, quote } = spot;
  const { type, text } = statement[at] ?? { type: "punctuation", text: "" };
  switch (type) {
    case "string":
      // Neighbours are one literal; the name of a file goes with its INTO.
      return statement[at - 1]?.type === "string" || isFile(statement, at - 1) ? "" : "'s'";
    case "quoted":
      return `${quote}q${quote}`;
    case "parameter":
      return dialect === "mysql" && /^@@?[a-z0-9_$.]+$/i.test(text) ? text : "?";
    case "number":
      return text;
    case "punctuation":
      return SIGNS[dialect].get(text) ?? text;
    case "word":
      if (statement[at - 1]?.text === ".") return plain(text, quote);
      return (dialect === "mysql" ? mysqlWord : sqliteWord)(statement, at) ?? plain(text, quote);
  }
}

/** OUTFILE or DUMPFILE after INTO. */
function isFile(statement: readonly SqlToken[], at: number): boolean {
  const text = statement[at]?.text;
  return (text === "outfile" || text === "dumpfile") && statement[at - 1]?.text === "into";
}

/** One of the words of LOCK IN SHARE MODE. */
function isShareLock(statement: readonly SqlToken[], at: number): boolean {
  const place = SHARE_LOCK.indexOf(statement[at]?.text ?? "");
  return place >= 0 &&
    SHARE_LOCK.every((word, index) => statement[at - place + index]?.text === word);
}

const SHARE_LOCK = ["lock", "in", "share", "mode"];

const SIGNS: Readonly<Record<"mysql" | "sqlite", ReadonlyMap<string, string>>> = {
  mysql: new Map([["!", "NOT"], ["<<", "+"], [">>", "+"]]),
  sqlite: new Map([["<<", "+"], [">>", "+"]]),
};

/** A name with letters beyond ASCII is no keyword; quoted, no part of it can be taken for one. */
function plain(text: string, quote: string): string {
  return /^[a-z0-9_$]+$/.test(text) ? text : `${quote}q${quote}`;
}

/** Words that qualify something, and may be left out. */
const CHARSET = /^_(?:utf8|utf8mb3|utf8mb4|latin1|binary|ascii|ucs2|utf16|utf32|gbk|big5|sjis)$/;
const UNIT_RANGE = /^(?:day|hour|minute|second|year)_(?:hour|minute|second|microsecond|month)$/;

function mysqlWord(statement: readonly SqlToken[], at: number): string | undefined {
  const text = statement[at]?.text ?? "";
  const before = statement[at - 1]?.text;
  const next = statement[at + 1];
  if (at === 0 && text === "table") return "SELECT * FROM";
  if (isFile(statement, at) || (text === "into" && isFile(statement, at + 1))) return "";
  if (isShareLock(statement, at)) return "";
  if (text === "mod" && next?.text !== "(") return "%";
  if (text === "sounds" && next?.text === "like") return "";
  if (text === "with" && next?.text === "rollup") return "";
  if (text === "rollup" && before === "with") return "";
  if ((text === "extended" || text === "partitions") && at === 1) return "";
  if (UNIT_RANGE.test(text)) return "DAY";
  return CHARSET.test(text) && next?.type === "string" ? "" : undefined;
}

function sqliteWord(statement: readonly SqlToken[], at: number): string | undefined {
  const text = statement[at]?.text ?? "";
  const before = statement[at - 1]?.text;
  const next = statement[at + 1]?.text ?? "";
  if ((text === "glob" || text === "match") && at > 0 && next !== "(") return "LIKE";
  if (text === "not" && (next === "materialized" || next === "indexed")) return "";
  if (text === "materialized" && next === "(" && (before === "as" || before === "not")) return "";
  if (text === "indexed" && before === "not") return "";
  // t INDEXED BY i
  if (text === "indexed" && next === "by") return "";
  if (before === "by" && statement[at - 2]?.text === "indexed") return "";
  if (text === "by" && before === "indexed") return "";
  if (text === "isnull" && next !== "(") return "IS NULL";
  if (text === "notnull" && next !== "(") return "IS NOT NULL";
  if (text === "is" && !IS_KNOWN.has(next)) return "=";
  if (text === "is" && next === "not" && !IS_KNOWN.has(statement[at + 2]?.text ?? "")) return "<>";
  if (text === "not" && before === "is" && !IS_KNOWN.has(next)) return "";
  // x IN t
  return text === "in" && next !== "(" ? "=" : undefined;
}

const IS_KNOWN: ReadonlySet<string> = new Set(["null", "not", "true", "false", "distinct"]);
