/**
 * Which action a SQL text is: for tools that run what they are given.
 * @module
 */

import type { SqlChange, SqlEffect, SqlFacts, SqlFault, SqlStatement } from "./sql_facts.ts";

/** From the mildest to the gravest. */
export type SqlAction = "read" | "write" | "delete" | "execute";

/**
 * The gravest action of all statements, of what stands inside them, and of the functions they call.
 * What cannot be read, an empty text and every statement of no known kind is `execute`. A function
 * nobody knows is taken to compute only.
 */
export function actionOfSql(facts: SqlFacts | SqlFault): SqlAction {
  if (!facts.ok || facts.statements.length === 0) return "execute";
  return gravest(facts.statements.map(actionOf));
}

const GRAVITY: readonly SqlAction[] = ["read", "write", "delete", "execute"];

function gravest(actions: readonly SqlAction[]): SqlAction {
  return actions.reduce<SqlAction>(
    (worst, action) => GRAVITY.indexOf(action) > GRAVITY.indexOf(worst) ? action : worst,
    "read",
  );
}

function actionOf(statement: SqlStatement): SqlAction {
  const { verb, changes, selectsInto, writesFile, locksRows, calls } = statement;
  return gravest([
    verb.kind === "explain" ? actionOf(verb.of) : actionOfVerb(verb),
    ...changes.map(actionOfChange),
    // A row lock holds up those who write.
    selectsInto || locksRows ? "write" : "read",
    writesFile ? "execute" : "read",
    ...calls.map(({ effect }) => effect === undefined ? "read" : actionOfEffect(effect)),
  ]);
}

function actionOfVerb(
  verb: Exclude<SqlStatement["verb"], { readonly kind: "explain" }>,
): SqlAction {
  switch (verb.kind) {
    case "select":
    case "values":
    case "show":
    case "describe":
      return "read";
    case "pragma":
      return READING_PRAGMAS.has(verb.name) && !verb.assigns ? "read" : "execute";
    case "insert":
    case "update":
    case "replace":
    case "merge":
    case "delete":
      return actionOfChange(verb.kind);
    case "drop":
    case "truncate":
      return "delete";
    case "create":
    case "alter":
    case "transaction":
    case "set":
    case "call":
    case "do":
    case "copy":
    case "lock":
    case "other":
      return "execute";
  }
}

/** Pragmas of SQLite that list a part of the schema, whatever they are given. */
export const READING_PRAGMAS: ReadonlySet<string> = new Set([
  ...["table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo"],
  ...["foreign_key_list"],
]);

function actionOfChange(change: SqlChange): SqlAction {
  switch (change) {
    case "insert":
    case "update":
    case "replace":
    case "merge":
      return "write";
    case "delete":
      return "delete";
  }
}

function actionOfEffect(effect: SqlEffect): SqlAction {
  switch (effect) {
    case "sequence":
      return "write";
    case "file":
    case "network":
    case "exec":
    case "sleep":
    case "setting":
    case "lock":
    case "administration":
      return "execute";
  }
}
