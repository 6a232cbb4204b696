/**
 * SQL → facts: which statements stand in a text, and what is known of each. The parsers are wasm,
 * loaded with the first dialect that is asked for.
 * @module
 */

import type { SqlDialect, SqlFacts, SqlFault, SqlFaultCode } from "./sql_facts.ts";
import { parseGeneric } from "./sql_generic.ts";
import { parsePostgres } from "./sql_postgres.ts";
import { loadGenericWasm, loadPostgresWasm, type Starter } from "./sql_wasm.ts";

export type {
  SqlCall,
  SqlDialect,
  SqlEffect,
  SqlFacts,
  SqlFault,
  SqlStatement,
} from "./sql_facts.ts";

/** Reads texts of one dialect. */
export interface SqlParser {
  readonly dialect: SqlDialect;
  /** Never throws. A parser that fails is replaced, so that the next text is read by a whole one. */
  parse(text: string): SqlFacts | SqlFault;
}

/**
 * Loads the parser of a dialect; one of each is enough for a process.
 *
 * @throws {AegisError} `sql-parser-missing` when the parsers have not been built in.
 */
export async function loadSql(dialect: SqlDialect): Promise<SqlParser> {
  switch (dialect) {
    case "postgres": {
      const start = await loadPostgresWasm();
      return parserOf(dialect, {
        start,
        heldBytes: ({ HEAPU8 }) => HEAPU8.length,
        parse: parsePostgres,
      });
    }
    case "mysql":
    case "sqlite": {
      const start = await loadGenericWasm();
      return parserOf(dialect, {
        start,
        heldBytes: ({ memory }) => memory.buffer.byteLength,
        parse: (text, wasm) => parseGeneric(text, { dialect, wasm }),
      });
    }
  }
}

/** What one parser is made of. */
interface Engine<Wasm> {
  readonly start: Starter<Wasm>;
  readonly heldBytes: (wasm: Wasm) => number;
  readonly parse: (text: string, wasm: Wasm) => SqlFacts | SqlFaultCode;
}

function parserOf<Wasm>(
  dialect: SqlDialect,
  { start, heldBytes, parse }: Engine<Wasm>,
): SqlParser {
  let wasm: Wasm | undefined = start();
  const maxBytes = 2 * heldBytes(wasm) + 64 * 1024 * 1024;
  return {
    dialect,
    parse(text) {
      try {
        wasm ??= start();
        const read = parse(text, wasm);
        // Memory of a wasm never shrinks.
        if (heldBytes(wasm) > maxBytes) wasm = undefined;
        return typeof read === "string" ? { ok: false, dialect, fault: read } : read;
      } catch {
        // Whatever it was, the text was not read, and the memory of this wasm may be anything.
        wasm = undefined;
        return { ok: false, dialect, fault: "parser_failed" };
      }
    },
  };
}
