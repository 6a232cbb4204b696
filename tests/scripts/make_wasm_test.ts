import assert from "node:assert/strict";
import { makeWasm } from "../../scripts/make_wasm.ts";

const FILES = ["libpg_query.js", "sqlparser.js"];

async function inScratch(work: (folder: URL) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "wasm-" });
  try {
    await work(new URL(`file://${path}/made/`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function namesIn(folder: URL): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("makeWasm() writes what is missing or out of date, and nothing else", () =>
  inScratch(async (folder) => {
    assert.deepEqual(await makeWasm(folder), FILES);
    assert.deepEqual(await makeWasm(folder), []);
    const stale = new URL("sqlparser.js", folder);
    const text = await Deno.readTextFile(stale);
    await Deno.writeTextFile(stale, text.replace("@0.", "@0.0"));
    assert.deepEqual(await makeWasm(folder), ["sqlparser.js"]);
    assert.equal(await Deno.readTextFile(stale), text);
    assert.deepEqual(await namesIn(folder), FILES);
  }));

Deno.test("makeWasm() may run several times at once", () =>
  inScratch(async (folder) => {
    await Promise.all([makeWasm(folder), makeWasm(folder), makeWasm(folder)]);
    assert.deepEqual(await makeWasm(folder), []);
    assert.deepEqual(await namesIn(folder), FILES);
    for (const file of FILES) {
      const { wasm }: { readonly wasm: string } = await import(new URL(file, folder).href);
      const deflated = new Blob([Uint8Array.fromBase64(wasm)]).stream();
      const bytes = await new Response(
        deflated.pipeThrough(new DecompressionStream("deflate-raw")),
      ).arrayBuffer();
      assert(WebAssembly.validate(bytes));
    }
  }));
