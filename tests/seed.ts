/**
 * Read before every test file: the random tests start from one seed, so that a run says the same
 * every time. `AEGIS_TEST_SEED` takes another one, or `random` for one of their own each.
 * @module
 */

import fc from "fast-check";

const SEED = 20_261_125;

const wanted = Deno.env.get("AEGIS_TEST_SEED") ?? String(SEED);
if (wanted !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
