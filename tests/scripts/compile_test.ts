import { deepEqual, equal, match } from "node:assert/strict";
import { bundle, EARLY, hideLateImports, mendRequireBanner } from "../../scripts/compile.ts";

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

Deno.test("hideLateImports() leaves what a start needs to the module graph and nothing else", () => {
  const text =
    'a=()=>import("./wrap-2O7P3AR7.js");b=()=>import("./check-RLLHOGLX.js");import("node:fs")';
  equal(
    hideLateImports(text, ["wrap"]),
    'a=()=>import("./wrap-2O7P3AR7.js");b=()=>import(((u)=>u)("./check-RLLHOGLX.js"));import("node:fs")',
  );
});

Deno.test("bundle() makes a program whose graph holds only what a start needs, and whose commands all run", async () => {
  const outdir = await Deno.makeTempDir();
  try {
    const main = await bundle({ entry: "src/cli/main.ts", outdir, early: EARLY });
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", main] })
      .output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    const seen = modules.map(({ specifier }: { specifier: string }) => specifier).join(" ");
    for (const name of EARLY) match(seen, new RegExp(`/${name}-`));
    equal(/\/(check|explain|verify|test_command|help|filesystem)-/.test(seen), false, seen);
    for (const args of [["--help"], ["verify"], ["check", "policies/version1.yaml"]]) {
      const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", main, ...args] });
      const { code, stderr } = await child.output();
      equal(code, 0, new TextDecoder().decode(stderr));
    }
  } finally {
    await Deno.remove(outdir, { recursive: true });
  }
});
