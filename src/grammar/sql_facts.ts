/**
 * What can be read off a SQL text. No word here says what is allowed.
 * @module
 */

/** The grammars that can be read. */
export type SqlDialect = "postgres" | "mysql" | "sqlite";

/** Statements that need no more said than what they are. */
export type SqlSimpleVerb =
  | "select"
  | "values"
  | "show"
  | "describe"
  | "insert"
  /** MySQL's and SQLite's `REPLACE INTO`, which deletes what is in the way. */
  | "replace"
  | "merge"
  | "truncate"
  | "drop"
  | "create"
  | "alter"
  /** BEGIN, COMMIT, ROLLBACK, SAVEPOINT and the like. */
  | "transaction"
  | "set"
  | "call"
  | "do"
  | "copy"
  | "lock"
  | "other";

/** What a statement does first of all. */
export type SqlVerb =
  | { readonly kind: SqlSimpleVerb }
  /** `canMiss`: whether it has a WHERE that can be false for some row; a constant is none. */
  | { readonly kind: "update" | "delete"; readonly canMiss: boolean }
  | { readonly kind: "explain"; readonly of: SqlStatement }
  /** `name` is lower-cased, without its schema. */
  | { readonly kind: "pragma"; readonly name: string; readonly assigns: boolean };

/** A statement that stands inside another one, such as a data-changing CTE. */
export type SqlChange = "insert" | "update" | "delete" | "replace" | "merge";

/** What a known function does besides computing. */
export type SqlEffect =
  /** Reads or writes files of the server, large objects included. */
  | "file"
  | "network"
  /** Runs code or SQL that it is given as text. */
  | "exec"
  | "sleep"
  | "sequence"
  /** Changes settings or the state of the session. */
  | "setting"
  | "lock"
  /** Changes data, tables, other sessions or the server. */
  | "administration";

/** A function that is called by name. */
export interface SqlCall {
  /** Lower-cased; undefined where the name stands alone. */
  readonly schema: string | undefined;
  /** Lower-cased. */
  readonly name: string;
  /** Undefined when nothing is known against it; a user's own function may do anything. */
  readonly effect: SqlEffect | undefined;
}

/** One statement. */
export interface SqlStatement {
  readonly verb: SqlVerb;
  /** Statements inside it that change data, wherever they stand. */
  readonly changes: readonly SqlChange[];
  /** `SELECT … INTO` a table, a variable or a file. */
  readonly selectsInto: boolean;
  /** `FOR UPDATE`, `FOR SHARE`, `LOCK IN SHARE MODE`. */
  readonly locksRows: boolean;
  /** `INTO OUTFILE` and `INTO DUMPFILE`. */
  readonly writesFile: boolean;
  /** Each name once, in no order. */
  readonly calls: readonly SqlCall[];
  /**
   * Names that may be tables, lower-cased where they are not quoted, with their schema; each once.
   * Common tables of a WITH are among them, and in MySQL and SQLite what else follows a FROM.
   */
  readonly tables: readonly string[];
}

/** A text that parses. */
export interface SqlFacts {
  readonly ok: true;
  readonly dialect: SqlDialect;
  /** Empty for a text of nothing but comments and semicolons. */
  readonly statements: readonly SqlStatement[];
}

/** A text that was not read, so that nothing is known of it. */
export interface SqlFault {
  readonly ok: false;
  readonly dialect: SqlDialect;
  readonly fault:
    /** Does not parse; a NUL and a lone surrogate never do. */
    | "syntax"
    /** Longer than `maxSqlChars`. */
    | "too_long"
    /** More tokens, statements or nesting than is read. */
    | "too_complex"
    /** A comment that MySQL or MariaDB runs, `/*! … *\/`, in whichever dialect. */
    | "executable_comment"
    /** The parser failed on it, and has been replaced. */
    | "parser_failed";
}

/** Why a text was not read. */
export type SqlFaultCode = SqlFault["fault"];

/** Bounds of one SQL text; beyond them it is a fault. */
export const SQL_BOUNDS = {
  /** UTF-16 units. */
  maxSqlChars: 64 * 1024,
  /** Both parsers take about 2 to 5 µs for one. */
  maxTokens: 8_000,
  maxStatements: 100,
  /** Open parentheses and brackets. */
  maxDepth: 100,
  /** UNION, EXCEPT and INTERSECT: a parser goes one call deeper for each. */
  maxSetOperations: 500,
} as const;
