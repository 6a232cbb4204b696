/**
 * Who says what a statement does, loaded for the statements that a policy leaves the decision to.
 * @module
 */

import type { SqlDialect } from "../access/inspection.ts";
import type { SqlParser } from "../grammar/sql.ts";
import type { ActionReaders, ReadableStatement } from "./statement.ts";

/**
 * Loads the readers of some statements.
 *
 * @throws When a parser cannot be loaded: a policy that cannot be applied must not start.
 */
export async function loadReaders(
  statements: readonly ReadableStatement[],
): Promise<ActionReaders> {
  const sql = statements.filter(({ from }) => from === "sql");
  const hasCommands = statements.some(({ from }) => from === "command");
  return {
    ...(sql.length === 0
      ? {}
      : { sql: await sqlReader(new Set(sql.map(({ dialect }) => dialect))) }),
    ...(hasCommands ? { command: await commandReader() } : {}),
  };
}

async function sqlReader(
  dialects: ReadonlySet<SqlDialect>,
): Promise<NonNullable<ActionReaders["sql"]>> {
  const { loadSql } = await import("../grammar/sql.ts");
  const { actionOfSql } = await import("../grammar/sql_action.ts");
  const parsers = new Map<SqlDialect, SqlParser>();
  for (const dialect of dialects) parsers.set(dialect, await loadSql(dialect));
  return (text, dialect) => {
    const parser = parsers.get(dialect);
    return parser === undefined ? "execute" : actionOfSql(parser.parse(text));
  };
}

async function commandReader(): Promise<NonNullable<ActionReaders["command"]>> {
  const { parseBash } = await import("../grammar/bash.ts");
  const { actionOfCommand } = await import("../grammar/command_action.ts");
  return (text) => actionOfCommand(parseBash(text));
}
