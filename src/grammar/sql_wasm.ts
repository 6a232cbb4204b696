/**
 * The two parsers that are built in as wasm, and what they look like once started. The modules they
 * come in are made by `scripts/make_wasm.ts` (libpg-query and @guanmingchiu/sqlparser-ts) and
 * imported when a text is to be read for the first time; until then they cost nothing.
 * @module
 */

import { AegisError } from "../base/error.ts";
import type { GenericWasm, PostgresWasm } from "./sql_wasm_modules.ts";

/** Starts one more parser; starting takes some milliseconds and no wait. */
export type Starter<Parser> = () => Parser;

/** Loads PostgreSQL's parser. */
export async function loadPostgresWasm(): Promise<Starter<PostgresWasm>> {
  const { wasm, startLibpgQuery } = await built(() =>
    // @ts-types="./sql_wasm_modules.ts"
    import("./wasm/libpg_query.js")
  );
  const compiled = await compile(wasm);
  return () => startLibpgQuery(compiled);
}

/** Loads the parser of the other dialects. */
export async function loadGenericWasm(): Promise<Starter<GenericWasm>> {
  const { wasm, startSqlparser } = await built(() =>
    // @ts-types="./sql_wasm_modules.ts"
    import("./wasm/sqlparser.js")
  );
  const compiled = await compile(wasm);
  return () => startSqlparser(compiled);
}

async function built<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new AegisError("sql-parser-missing", "Cannot load the SQL parser: run deno task wasm", {
      cause,
    });
  }
}

async function compile(base64: string): Promise<WebAssembly.Module> {
  const deflated = new Blob([Uint8Array.fromBase64(base64)]).stream();
  const inflated = deflated.pipeThrough(new DecompressionStream("deflate-raw"));
  return await WebAssembly.compile(await new Response(inflated).arrayBuffer());
}
