/**
 * The version of the program; a test holds it equal to `deno.json`.
 * @module
 */

/** The program's version. */
export const VERSION = "1.0.0-alpha.1";
