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
  const { code } = await deno(["coverage", ...select], "inherit");
  const { stdout } = await deno(["coverage", "--lcov", ...select], "piped");
  const unloaded = await neverLoaded(new TextDecoder().decode(stdout));
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
  stdout: "inherit" | "piped",
): Promise<{ readonly code: number; readonly stdout: Uint8Array }> {
  const child = new Deno.Command(Deno.execPath(), { args: [...args], stdout, stderr: "inherit" });
  const { code, stdout: bytes } = await child.spawn().output();
  return { code, stdout: stdout === "piped" ? bytes : new Uint8Array() };
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
