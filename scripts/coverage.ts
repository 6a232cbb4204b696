/**
 * Prints what the last run of the tests covered, and fails under the thresholds of deno.json or
 * when no test loads a file: `deno task coverage`.
 *
 * Processes that the tests start count too: `deno test --coverage` hands its folder down in the
 * environment, and every Deno below it that ends by itself leaves a profile there.
 * @module
 */

import { readSourceTree } from "./rooms/source_tree.ts";

/** Where the tests leave their profiles. */
const PROFILES = "coverage/raw";

if (import.meta.main) Deno.exit(await reportCoverage());

async function reportCoverage(): Promise<number> {
  await dropBrokenProfiles();
  const root = new URL("../", import.meta.url).href;
  const escaped = root.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const select = [PROFILES, `--include=^${escaped}(src/|mod\\.ts)`];
  const { code, stdout: table } = await deno(["coverage", ...select]);
  console.log(table);
  const { stdout: lcov } = await deno(["coverage", "--lcov", ...select]);
  const unloaded = await neverLoaded(lcov);
  for (const path of unloaded) console.error(`${path}: no test loads this file`);
  return code === 0 && unloaded.length === 0 ? 0 : 1;
}

/** A process that was killed while it wrote leaves half a profile, and one of those stops the report. */
async function dropBrokenProfiles(): Promise<void> {
  for await (const { name } of Deno.readDir(PROFILES)) {
    if (!name.endsWith(".json")) continue;
    const path = `${PROFILES}/${name}`;
    try {
      JSON.parse(await Deno.readTextFile(path));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      await Deno.remove(path);
    }
  }
}

async function deno(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string }> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    stderr: "inherit",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

/** Files that leave something at run time and are in no profile. */
async function neverLoaded(lcov: string): Promise<readonly string[]> {
  const loaded = new Set(
    [...lcov.matchAll(/^SF:(.*)$/gm)].map(([, path = ""]) => path.replaceAll("\\", "/")),
  );
  const files = await readSourceTree(".");
  return files.filter(({ path, text }) =>
    path !== "mod.ts" &&
    /^(?:export )?(?:async |abstract )*(?:function|class|const|let)\b/m.test(text) &&
    ![...loaded].some((seen) => seen.endsWith(`/${path}`))
  ).map(({ path }) => path);
}
