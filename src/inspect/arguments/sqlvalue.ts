/**
 * Values that would not stay one value in the SQL statement of a careless server.
 * @module
 */

import type { SqlContinuation } from "../../grammar/sql_fragment.ts";
import { findSqlBreakout } from "../../grammar/sql_value.ts";
import type { Objection } from "../objection.ts";

/**
 * What is wrong with a value that a server puts into SQL, if anything: between quotes, or where a
 * number or an expression stands, it goes on with SQL.
 */
export function examineSqlvalue(value: string): Objection | undefined {
  const breakout = findSqlBreakout(value);
  if (breakout === undefined) return undefined;
  const { by, place } = breakout;
  const where = place === "bare" ? "goes on" : "closes its quotes and goes on";
  return { rule: `sqlvalue-${by}`, detail: `${where} with SQL: ${WORDS[by]}` };
}

const WORDS: Readonly<Record<SqlContinuation, string>> = {
  "set-operation": "a UNION or the like",
  "sub-select": "a sub-select",
  "statement": "a second statement",
  "operator": "an operator with operands",
  "clause": "a further clause",
  "comment": "a comment that cuts off the rest",
  "unreadable": "more of it than can be read",
};
