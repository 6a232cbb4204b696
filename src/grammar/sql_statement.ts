/**
 * Tokens of one statement → facts, for the dialects whose parser is asked only whether a text
 * parses: MySQL and SQLite. Where it is in doubt it says more than there may be, never less.
 * @module
 */

import { canMiss } from "./sql_condition.ts";
import { readCondition } from "./sql_expression.ts";
import type {
  SqlCall,
  SqlChange,
  SqlDialect,
  SqlSimpleVerb,
  SqlStatement,
  SqlVerb,
} from "./sql_facts.ts";
import { effectOf } from "./sql_functions.ts";
import type { SqlToken } from "./sql_lexer.ts";

/** Reads the tokens of one statement, without its semicolon; there is at least one. */
export function readStatement(tokens: readonly SqlToken[], dialect: SqlDialect): SqlStatement {
  const verb = verbOf(tokens, dialect);
  return {
    verb,
    changes: verb.kind === "explain" ? [] : changesInside(tokens),
    selectsInto: !CHANGES_INTO.has(verb.kind) && indexOfWord(tokens, "into") >= 0,
    locksRows: locks(tokens),
    writesFile: follows(tokens, "into", FILES),
    calls: callsIn(tokens, dialect),
    tables: tablesIn(tokens),
  };
}

const CHANGES_INTO: ReadonlySet<string> = new Set(["insert", "replace", "merge", "explain"]);
const FILES: ReadonlySet<string> = new Set(["outfile", "dumpfile"]);

const SIMPLE: ReadonlyMap<string, SqlSimpleVerb> = new Map([
  ...["select", "values", "show", "replace", "merge", "truncate", "drop", "create", "alter", "set"],
  ...["call", "do", "copy", "lock", "insert"],
].map((word) => [word, word as SqlSimpleVerb]));

const TRANSACTION: ReadonlySet<string> = new Set([
  ...["begin", "start", "commit", "rollback", "savepoint", "release", "end", "xa"],
]);

function verbOf(tokens: readonly SqlToken[], dialect: SqlDialect): SqlVerb {
  let at = 0;
  while (isSign(tokens[at], "(")) at++;
  const first = wordAt(tokens, at);
  if (first === "with") {
    const main = afterCommonTables(tokens, at);
    return main === undefined ? { kind: "other" } : verbOf(tokens.slice(main), dialect);
  }
  if (first === "update" || first === "delete") {
    return { kind: first, canMiss: hasWhere(tokens.slice(at), dialect) };
  }
  if (first === "table" && dialect === "mysql") return { kind: "select" };
  if (first === "rename") return { kind: "alter" };
  if (first === "explain" || first === "describe" || first === "desc") {
    return explained(tokens.slice(at + 1), dialect);
  }
  if (first === "pragma") return pragma(tokens.slice(at + 1));
  if (TRANSACTION.has(first)) return { kind: "transaction" };
  return { kind: SIMPLE.get(first) ?? "other" };
}

/** Where the statement goes on after `WITH a AS (…), b AS (…)`. */
function afterCommonTables(tokens: readonly SqlToken[], from: number): number | undefined {
  let depth = 0;
  for (let at = from + 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (isSign(token, "(")) depth++;
    else if (isSign(token, ")")) depth--;
    else if (depth === 0 && STARTS.has(wordAt(tokens, at)) && isSign(tokens[at - 1], ")")) {
      return at;
    }
    if (depth === 0 && isSign(token, ")") && isSign(tokens[at + 1], "(")) return at + 1;
  }
  return undefined;
}

const STARTS: ReadonlySet<string> = new Set(
  ["select", "values", "insert", "update", "delete", "replace", "merge", "table"],
);

/** After EXPLAIN, DESCRIBE or DESC: a statement, or the name of a table. */
function explained(tokens: readonly SqlToken[], dialect: SqlDialect): SqlVerb {
  const at = tokens.findIndex((token, index) =>
    isSign(token, "(") || STARTS.has(wordAt(tokens, index)) || wordAt(tokens, index) === "with" ||
    OTHER_STARTS.has(wordAt(tokens, index))
  );
  if (at >= 0) return { kind: "explain", of: readStatement(tokens.slice(at), dialect) };
  const shape = tokens.map(({ type, text }) => type === "punctuation" ? text : type[0]).join("");
  // DESCRIBE shop.orders column
  return {
    kind: dialect === "mysql" && /^[wq](?:\.[wq])?[wqs]?$/.test(shape) ? "describe" : "other",
  };
}

const OTHER_STARTS: ReadonlySet<string> = new Set(
  ["create", "drop", "alter", "truncate", "call", "do", "set", "for"],
);

function pragma(tokens: readonly SqlToken[]): SqlVerb {
  const at = isSign(tokens[1], ".") ? 2 : 0;
  return {
    kind: "pragma",
    name: tokens[at]?.text.toLowerCase() ?? "",
    assigns: tokens.some((token) => isSign(token, "=")),
  };
}

/** Whether an UPDATE or DELETE has a WHERE of its own that can be false. */
function hasWhere(tokens: readonly SqlToken[], dialect: SqlDialect): boolean {
  let depth = 0;
  let from = -1;
  let to = tokens.length;
  for (const [at, token] of tokens.entries()) {
    if (isSign(token, "(")) depth++;
    else if (isSign(token, ")")) depth--;
    else if (depth === 0 && from < 0 && wordAt(tokens, at) === "where") from = at + 1;
    else if (depth === 0 && from >= 0 && AFTER_WHERE.has(wordAt(tokens, at))) {
      to = at;
      break;
    }
  }
  if (from < 0) return false;
  const table = onlyTable(tokens.slice(0, from - 1));
  return canMiss(readCondition(tokens.slice(from, to), { dialect, table }));
}

/** The table of an UPDATE or DELETE that names one alone, from what stands before its WHERE. */
function onlyTable(head: readonly SqlToken[]): string | undefined {
  const isUpdate = wordAt(head, 0) === "update";
  const set = indexOfWord(head, "set");
  const named = isUpdate ? head.slice(0, set) : head;
  const joins = named.some((token, at) => isSign(token, ",") || JOINS.has(wordAt(named, at)));
  const more = isUpdate ? indexOfWord(head.slice(set), "from") >= 0 : indexOfWord(head, "from") > 2;
  if (joins || more) return undefined;
  return tablesIn(named)[0]?.split(".").at(-1);
}

const JOINS: ReadonlySet<string> = new Set(["join", "using"]);

const AFTER_WHERE: ReadonlySet<string> = new Set(["order", "limit", "returning"]);

/** INSERT, UPDATE, DELETE, REPLACE or MERGE where a statement may begin, other than at the start. */
function changesInside(tokens: readonly SqlToken[]): readonly SqlChange[] {
  const found = new Set<SqlChange>();
  for (let at = 1; at < tokens.length; at++) {
    const change = CHANGES.find((word) => word === wordAt(tokens, at));
    if (change !== undefined && isSign(tokens[at - 1], "(") && !isSign(tokens[at + 1], "(")) {
      found.add(change);
    }
  }
  return [...found];
}

const CHANGES: readonly SqlChange[] = ["insert", "update", "delete", "replace", "merge"];

function locks(tokens: readonly SqlToken[]): boolean {
  return follows(tokens, "for", LOCKS) || follows(tokens, "lock", IN);
}

const LOCKS: ReadonlySet<string> = new Set(["update", "share", "no", "key"]);
const IN: ReadonlySet<string> = new Set(["in"]);

/** Words before a parenthesis that are no functions. */
const NO_FUNCTIONS: ReadonlySet<string> = new Set([
  ...["in", "values", "value", "over", "as", "and", "or", "not", "on", "using", "from", "join"],
  ...["where", "select", "exists", "any", "all", "some", "union", "except", "intersect", "by"],
  ...["having", "when", "then", "else", "between", "like", "is", "with", "into", "table", "set"],
  ...["limit", "offset", "key", "index", "filter", "partition", "distinct", "returning", "against"],
]);

function callsIn(tokens: readonly SqlToken[], dialect: SqlDialect): readonly SqlCall[] {
  const found = new Map<string, SqlCall>();
  for (const [at, token] of tokens.entries()) {
    const sequence = wordAt(tokens, at) === "next" && wordAt(tokens, at + 1) === "value" &&
      wordAt(tokens, at + 2) === "for";
    if (!sequence && !isSign(tokens[at + 1], "(")) continue;
    if (token.type === "word" ? NO_FUNCTIONS.has(token.text) : token.type !== "quoted") continue;
    const qualified = isSign(tokens[at - 1], ".");
    if (INTO.has(wordAt(tokens, at - (qualified ? 3 : 1)))) continue;
    const schema = qualified ? tokens[at - 2]?.text.toLowerCase() : undefined;
    const name = sequence ? "nextval" : token.text.toLowerCase();
    const key = JSON.stringify([schema, name]);
    if (!found.has(key)) {
      found.set(key, { schema, name, effect: effectOf({ schema, name }, dialect) });
    }
  }
  return [...found.values()];
}

/** After these stands a table, and a parenthesis after it holds columns. */
const INTO: ReadonlySet<string> = new Set(["into", "table"]);

/** Names after FROM, JOIN, INTO, UPDATE and TABLE, and after the commas of a FROM. */
function tablesIn(tokens: readonly SqlToken[]): readonly string[] {
  const found = new Set<string>();
  // Whether a comma brings a table, for each open parenthesis.
  const listing: boolean[] = [false];
  let expected = false;
  for (const at of tokens.keys()) {
    const isPlace: boolean = expected;
    expected = bringsTable(tokens, at) || (isSign(tokens[at], ",") && listing.at(-1) === true);
    if (isSign(tokens[at], "(")) {
      listing.push(isPlace);
      expected = isPlace;
    } else if (isSign(tokens[at], ")")) {
      if (listing.length > 1) listing.pop();
    } else if (expected) {
      listing[listing.length - 1] = true;
    } else if (AFTER_TABLES.has(wordAt(tokens, at))) {
      listing[listing.length - 1] = false;
    } else if (isPlace) {
      const name = pathAt(tokens, at);
      if (name !== undefined) found.add(name);
    }
  }
  return [...found];
}

function bringsTable(tokens: readonly SqlToken[], at: number): boolean {
  const word = wordAt(tokens, at);
  const isLock = word === "update" && wordAt(tokens, at - 1) === "for";
  return BEFORE_TABLE.has(word) && !isLock && !FILES.has(wordAt(tokens, at + 1));
}

const BEFORE_TABLE: ReadonlySet<string> = new Set(["from", "join", "into", "update", "table"]);
const AFTER_TABLES: ReadonlySet<string> = new Set([
  ...["where", "group", "having", "order", "limit", "set", "values", "select", "with", "window"],
  ...["union", "except", "intersect", "returning"],
]);

/** A name with its schema: `shop.orders`. */
function pathAt(tokens: readonly SqlToken[], from: number): string | undefined {
  let name = nameAt(tokens, from);
  for (let at = from + 1; name !== undefined && isSign(tokens[at], "."); at += 2) {
    name = `${name}.${nameAt(tokens, at + 1) ?? ""}`;
  }
  return name;
}

function nameAt(tokens: readonly SqlToken[], at: number): string | undefined {
  const token = tokens[at];
  return token?.type === "word" || token?.type === "quoted" ? token.text : undefined;
}

/** Whether the word stands somewhere with one of the others right after it. */
function follows(
  tokens: readonly SqlToken[],
  word: string,
  next: ReadonlySet<string>,
): boolean {
  return tokens.some((_, at) => wordAt(tokens, at) === word && next.has(wordAt(tokens, at + 1)));
}

function indexOfWord(tokens: readonly SqlToken[], word: string): number {
  return tokens.findIndex((_, at) => wordAt(tokens, at) === word);
}

/** The keyword at a place: a word that no dot makes part of a name. */
function wordAt(tokens: readonly SqlToken[], at: number): string {
  const token = tokens[at];
  return token?.type === "word" && !isSign(tokens[at - 1], ".") ? token.text : "";
}

function isSign(token: SqlToken | undefined, sign: string): boolean {
  return token?.type === "punctuation" && token.text === sign;
}
