/**
 * Whether tokens begin a statement of SQL, by the words that its grammar wants in its first places.
 * @module
 */

import type { SqlToken, SqlTokens } from "./sql_fragment_tokens.ts";

/** One place of a statement's beginning. */
type Place =
  /** One of these words or signs. */
  | ReadonlySet<string>
  /** The name of something. */
  | "name"
  /** A string. */
  | "string"
  /** `@x`. */
  | "variable"
  /** The end of the text or of the statement. */
  | "end";

/** Whether the next tokens begin a statement that may stand behind a `;`. Looks, takes nothing. */
export function beginsStatement(tokens: SqlTokens): boolean {
  return (STATEMENTS.get(tokens.peek().text) ?? []).some((places) => fits(places, tokens));
}

/** Whether the next tokens begin a statement that T-SQL takes without a `;` before it. Looks, takes nothing. */
export function beginsBareStatement(tokens: SqlTokens): boolean {
  return BARE.has(tokens.peek().text) && beginsStatement(tokens);
}

function fits(places: readonly Place[], tokens: SqlTokens): boolean {
  return places.every((place, i) => fitsPlace(place, tokens.peek(i + 1)));
}

function fitsPlace(place: Place, { kind, text }: SqlToken): boolean {
  switch (place) {
    case "name":
      return kind === "word" || kind === "name" || kind === "quoted";
    case "string":
      return kind === "quoted";
    case "variable":
      return kind === "variable";
    case "end":
      return kind === "end" || kind === "unclosed" || text === ";";
    default:
      return place.has(text);
  }
}

const OBJECT = of(
  "TABLE DATABASE SCHEMA VIEW INDEX USER ROLE LOGIN FUNCTION PROCEDURE PROC TRIGGER SEQUENCE TYPE " +
    "DOMAIN EXTENSION TABLESPACE SYSTEM SERVER EVENT",
);
const CREATED = of(
  "OR UNIQUE TEMP TEMPORARY GLOBAL LOCAL UNLOGGED VIRTUAL MATERIALIZED AGGREGATE DEFINER FOREIGN",
);
const EQUALS = of("= :=");

const BARE = of("WAITFOR EXEC EXECUTE DECLARE");

/** What follows the first word of a statement, in each way it may go on. */
const STATEMENTS: ReadonlyMap<string, readonly (readonly Place[])[]> = new Map<
  string,
  readonly (readonly Place[])[]
>([
  ["INSERT", [[of("INTO IGNORE OVERWRITE"), "name"], ["name", of("( VALUES SELECT")]]],
  ["REPLACE", [[of("INTO"), "name"]]],
  ["UPDATE", [["name", of("SET"), "name", of("= .")], ["name", of("."), "name", of("SET")]]],
  ["DELETE", [[of("FROM"), "name"]]],
  ["MERGE", [[of("INTO USING"), "name"]]],
  ["DROP", [[OBJECT, "name"], [of("MATERIALIZED FOREIGN"), OBJECT]]],
  ["CREATE", [[OBJECT, "name"], [CREATED, "name"]]],
  ["ALTER", [[OBJECT, "name"]]],
  ["TRUNCATE", [[of("TABLE"), "name"], ["name", "end"]]],
  ["RENAME", [[of("TABLE USER"), "name"]]],
  ["EXEC", [["name", "string"], ["name", of("(")], ["name", of(".")], ["name", "end"], [of("(")]]],
  ["EXECUTE", [
    ["name", "string"],
    ["name", of(".")],
    ["name", "end"],
    [of("IMMEDIATE"), "string"],
    [of("(")],
  ]],
  ["CALL", [["name", of("(")]]],
  ["WAITFOR", [[of("DELAY TIME")]]],
  ["SHUTDOWN", [["end"], [of("WITH")]]],
  ["DECLARE", [["variable"]]],
  ["SET", [["variable", EQUALS], ["name", EQUALS], ["name", of("TO")], [
    of("ROLE"),
    "name",
    "end",
  ]]],
  ["BEGIN", [["end"], [of("TRANSACTION TRAN WORK DECLARE")]]],
  ["COMMIT", [["end"]]],
  ["ROLLBACK", [["end"]]],
  ["GRANT", [["name", of("ON , TO")], [of("ALL"), of("ON PRIVILEGES")]]],
  ["REVOKE", [["name", of("ON , FROM")], [of("ALL"), of("ON PRIVILEGES")]]],
  ["COPY", [["name", of("FROM TO (")], [of("("), of("SELECT")]]],
  ["LOAD", [[of("DATA XML"), "name"], ["string"]]],
  ["ATTACH", [[of("DATABASE"), "string"], ["string", of("AS")]]],
  ["PRAGMA", [["name", of("= ( ."), "name"], ["name", "end"]]],
  ["LOCK", [[of("TABLE TABLES"), "name"]]],
  ["WITH", [["name", of("AS"), of("(")]]],
  ["VALUES", [[of("(")]]],
  ["BACKUP", [[of("DATABASE LOG"), "name"]]],
  ["RESTORE", [[of("DATABASE LOG"), "name"]]],
  ["DO", [["string"]]],
  ["HANDLER", [["name", of("OPEN READ")]]],
  ["PREPARE", [["name", of("FROM AS (")]]],
  ["VACUUM", [["end"]]],
]);

function of(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
