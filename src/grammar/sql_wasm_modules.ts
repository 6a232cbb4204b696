/**
 * What the generated modules in `wasm/` export, so that types are checked without them.
 * @module
 */

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

/** The wasm, deflated (raw), as base64. */
export declare const wasm: string;

/** In `wasm/libpg_query.js`. */
export declare function startLibpgQuery(compiled: WebAssembly.Module): PostgresWasm;

/** In `wasm/sqlparser.js`. */
export declare function startSqlparser(compiled: WebAssembly.Module): GenericWasm;
