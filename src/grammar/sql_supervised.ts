/**
 * A parser that may fail: its memory may be anything after it has thrown, so that it is replaced
 * before the next text, and the text that broke it counts as not read.
 * @module
 */

import type { SqlDialect, SqlFacts, SqlFault, SqlFaultCode } from "./sql_facts.ts";
import type { Starter } from "./sql_wasm.ts";

/** Reads texts of one dialect. */
export interface SqlParser {
  readonly dialect: SqlDialect;
  /** Never throws. A parser that fails is replaced, so that the next text is read by a whole one. */
  parse(text: string): SqlFacts | SqlFault;
}

/** What one parser is made of. */
export interface SqlEngine<Wasm> {
  readonly start: Starter<Wasm>;
  /** How much memory it holds, which never shrinks. */
  readonly heldBytes: (wasm: Wasm) => number;
  /** May throw whatever it wants. */
  readonly parse: (text: string, wasm: Wasm) => SqlFacts | SqlFaultCode;
}

/** A parser may grow by this much before it is replaced. */
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

/** A parser that starts an engine, and starts it anew when it failed or grew too large. */
export function supervised<Wasm>(
  dialect: SqlDialect,
  { start, heldBytes, parse }: SqlEngine<Wasm>,
): SqlParser {
  let wasm: Wasm | undefined = start();
  const maxBytes = heldBytes(wasm) + MAX_GROWTH_BYTES;
  return {
    dialect,
    parse(text) {
      try {
        wasm ??= start();
        const read = parse(text, wasm);
        if (heldBytes(wasm) > maxBytes) wasm = undefined;
        return typeof read === "string" ? { ok: false, dialect, fault: read } : read;
      } catch {
        // Whatever was thrown, the text was not read: that is the answer.
        wasm = undefined;
        return { ok: false, dialect, fault: "parser_failed" };
      }
    },
  };
}
