/**
 * What the generated modules in `wasm/` export, so that types are checked without them.
 * @module
 */

import type { GenericWasm, PostgresWasm } from "./sql_wasm.ts";

/** The wasm, deflated (raw), as base64. */
export declare const wasm: string;

/** In `wasm/libpg_query.js`. */
export declare function startLibpgQuery(compiled: WebAssembly.Module): PostgresWasm;

/** In `wasm/sqlparser.js`. */
export declare function startSqlparser(compiled: WebAssembly.Module): GenericWasm;
