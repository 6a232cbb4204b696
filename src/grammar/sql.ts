/**
 * SQL → facts: which statements stand in a text, and what is known of each. The parsers are wasm,
 * loaded with the first dialect that is asked for.
 * @module
 */

import type { SqlDialect } from "./sql_facts.ts";
import { parseGeneric } from "./sql_generic.ts";
import { parsePostgres } from "./sql_postgres.ts";
import { type SqlParser, supervised } from "./sql_supervised.ts";
import { loadGenericWasm, loadPostgresWasm } from "./sql_wasm.ts";

export type {
  SqlCall,
  SqlDialect,
  SqlEffect,
  SqlFacts,
  SqlFault,
  SqlStatement,
} from "./sql_facts.ts";

export type { SqlParser } from "./sql_supervised.ts";

/**
 * Gives the parser of a dialect, loading it when it is asked for first. Everybody gets the same one:
 * each holds megabytes, and reads one text at a time.
 *
 * @throws {AegisError} `sql-parser-missing` when the parsers have not been built in.
 */
export function loadSql(dialect: SqlDialect): Promise<SqlParser> {
  let loading = loaded.get(dialect);
  if (loading === undefined) {
    loading = load(dialect);
    loaded.set(dialect, loading);
    // What could not be loaded is tried again; whoever waits for it is told.
    loading.catch(() => loaded.delete(dialect));
  }
  return loading;
}

const loaded = new Map<SqlDialect, Promise<SqlParser>>();

async function load(dialect: SqlDialect): Promise<SqlParser> {
  switch (dialect) {
    case "postgres": {
      const start = await loadPostgresWasm();
      return supervised(dialect, {
        start,
        heldBytes: ({ HEAPU8 }) => HEAPU8.length,
        parse: parsePostgres,
      });
    }
    case "mysql":
    case "sqlite": {
      const start = await loadGenericWasm();
      return supervised(dialect, {
        start,
        heldBytes: ({ memory }) => memory.buffer.byteLength,
        parse: (text, wasm) => parseGeneric(text, { dialect, wasm }),
      });
    }
  }
}
