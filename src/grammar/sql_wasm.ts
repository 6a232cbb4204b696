/**
 * The two parsers that are built in as wasm, and what they look like once started. The modules they
 * come in are made by `scripts/make_wasm.ts` (libpg-query and @guanmingchiu/sqlparser-ts) and
 * imported when a text is to be read for the first time; until then they cost nothing.
 * @module
 */

import { AegisError } from "../base/error.ts";

/** Emscripten's view of PostgreSQL's own parser. */
export interface PostgresWasm {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _wasm_parse_query_raw(text: number): number;
  _wasm_free_parse_result(result: number): void;
  getValue(pointer: number, type: "i32"): number;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, bytes: number): void;
  UTF8ToString(pointer: number): string;
}

/** sqlparser-rs, which is asked only whether a text parses. */
export interface GenericWasm {
  readonly memory: WebAssembly.Memory;
  /** True, or throws what is wrong: a text for a syntax error, anything else when it broke. */
  validate(dialect: "mysql" | "sqlite", text: string): boolean;
}

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
