import { deepEqual, equal, match } from "node:assert/strict";
import { bundle, mendRequireBanner } from "../../scripts/compile.ts";

const BANNER = 'import{createRequire as __deno_internal_createRequire} from "node:module";' +
  "var m=__deno_internal_createRequire(import.meta.url);";

async function run(path: string): Promise<readonly [number, string]> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", path] })
    .output();
  return [code, new TextDecoder().decode(stdout)];
}

Deno.test("mendRequireBanner() puts the require off to its first use", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const touched = 'console.log(typeof m, m("node:path").basename("/a/b"));';
    const mended = mendRequireBanner(`"use strict";${BANNER}${touched}`);
    equal(mended.includes('from "node:module"'), false, mended);
    await Deno.writeTextFile(`${folder}/main.mjs`, mended);
    deepEqual(await run(`${folder}/main.mjs`), [0, "function b\n"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("mendRequireBanner() leaves a module without the banner as it is", () => {
  const text = 'import { createRequire } from "node:module";\nexport { createRequire };\n';
  equal(mendRequireBanner(text), text);
});

Deno.test("bundle() keeps dynamic imports in files of their own and takes the old build away", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/dist`);
    await Deno.writeTextFile(`${folder}/dist/old-chunk.js`, "");
    await Deno.writeTextFile(`${folder}/dist/notes.txt`, "mine");
    await Deno.writeTextFile(`${folder}/late.ts`, 'export const LATE: string = "late";\n');
    await Deno.writeTextFile(
      `${folder}/main.ts`,
      'if (import.meta.main) console.log((await import("./late.ts")).LATE);\n',
    );
    const main = await bundle({ entry: `${folder}/main.ts`, outdir: `${folder}/dist` });
    equal(main, `${folder}/dist/main.js`);
    const names = [...Deno.readDirSync(`${folder}/dist`)].map(({ name }) => name).sort();
    match(names.join(" "), /^late-\w+\.js main\.js notes\.txt$/);
    deepEqual(await run(main), [0, "late\n"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
