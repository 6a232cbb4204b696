/**
 * Builds what people install: `deno task compile [--bundle-only] [--target TRIPLE] [--outdir DIR]`.
 *
 * First a split bundle, in which every dynamic import stays lazy, then one program of it and the
 * Deno runtime. That runtime comes from `DENORT_BIN`, from Deno's cache or from its download site;
 * without any of them the bundle is what is left, and the exit code is 1.
 * @module
 */

import { parseArgs } from "node:util";

/** Where a bundle goes and what it is made of. */
export interface BundleOptions {
  /** The main module. */
  readonly entry: string;
  /** What scripts it holds are removed first. */
  readonly outdir: string;
  /** Modules imported lazily that every start needs, by their file name without its ending. */
  readonly early?: readonly string[];
}

/** What a run of the shim imports lazily but always: while the server starts. */
export const EARLY = ["wrap", "load", "open_sink"] as const;

/** Bundles an entry and everything it imports; gives the path of the main file. */
export async function bundle({ entry, outdir, early = [] }: BundleOptions): Promise<string> {
  await emptyOfScripts(outdir);
  const flags = ["--platform", "deno", "--minify", "--code-splitting", "--outdir", outdir];
  const { code, stderr } = await deno(["bundle", "--quiet", ...flags, entry]);
  if (code !== 0) throw new Error(`Cannot bundle "${entry}": ${stderr}`);
  for await (const { name } of Deno.readDir(outdir)) {
    if (!name.endsWith(".js")) continue;
    const text = await Deno.readTextFile(`${outdir}/${name}`);
    const mended = hideLateImports(mendRequireBanner(text), early);
    if (mended !== text) await Deno.writeTextFile(`${outdir}/${name}`, mended);
  }
  return `${outdir}/${entry.replace(/^.*\//, "").replace(/\.ts$/, ".js")}`;
}

/**
 * Puts off the `createRequire` that a CommonJS package brings into a shared chunk: imported, it
 * costs every start about 24 ms.
 */
export function mendRequireBanner(text: string): string {
  const banner =
    /import\s*\{\s*createRequire as (\w+)\s*\}\s*from\s*"node:module";\s*(?:var|let|const) (\w+)\s*=\s*\1\(import\.meta\.url\);/;
  return text.replace(
    banner,
    (_, made: string, name: string) =>
      `var ${made},${name}=(id)=>(${made}??=globalThis.process.getBuiltinModule("node:module")` +
      `.createRequire(import.meta.url))(id);`,
  );
}

/**
 * Hides dynamic imports from Deno's module graph, which reads every file it can see before it runs
 * the first: forty that a run never touches cost a fifth of its start. Those of `early` stay seen.
 */
export function hideLateImports(text: string, early: readonly string[]): string {
  return text.replace(
    /\bimport\("\.\/([\w-]+)-[0-9A-Z]{8}\.js"\)/g,
    (seen, name: string) => early.includes(name) ? seen : seen.replace(/"(.*)"/, '((u)=>u)("$1")'),
  );
}

/** Takes away the files of the build before, and nothing else. */
async function emptyOfScripts(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(".js")) await Deno.remove(`${folder}/${name}`);
  }
}

async function deno(
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Asks a built program for its version, which the source must agree with. */
async function checkVersion(built: readonly string[]): Promise<void> {
  const [command = "", ...args] = [...built, "--version"];
  const { code, stdout } = await new Deno.Command(command, { args, stderr: "inherit" }).output();
  const said = new TextDecoder().decode(stdout);
  const wanted = await deno(["run", "-A", "src/cli/main.ts", "--version"]);
  if (code !== 0 || said !== wanted.stdout) {
    throw new Error(`Cannot trust "${built.at(-1)}": it calls itself "${said.trim()}"`);
  }
  console.log(`${said.trim()}: ${built.at(-1)}`);
}

async function folderBytes(path: string): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir(path)) {
    bytes += (await Deno.stat(`${path}/${name}`)).size;
  }
  return bytes;
}

async function build(): Promise<number> {
  const { values } = parseArgs({
    args: [...Deno.args],
    options: {
      "bundle-only": { type: "boolean", default: false },
      outdir: { type: "string", default: "dist" },
      target: { type: "string" },
    },
  });
  const main = await bundle({ entry: "src/cli/main.ts", outdir: values.outdir, early: EARLY });
  const kib = Math.ceil(await folderBytes(values.outdir) / 1024);
  await checkVersion([Deno.execPath(), "run", "-A", main]);
  console.log(`bundle: ${kib} KiB, starts with ${main}`);
  if (values["bundle-only"]) return 0;

  const suffix = values.target === undefined ? "" : `-${values.target}`;
  const program = `${values.outdir}/mcp-aegis${suffix}`;
  const target = values.target === undefined ? [] : ["--target", values.target];
  // The code cache of a compiled program is a file that another user of the machine can own.
  const flags = ["--quiet", "-A", "--no-prompt", "--no-code-cache", "--output", program, ...target];
  for await (const { name } of Deno.readDir(values.outdir)) {
    if (name.endsWith(".js")) flags.push("--include", `${values.outdir}/${name}`);
  }
  const { code, stderr } = await deno(["compile", ...flags, main]);
  if (code !== 0) {
    console.error(`Cannot compile: ${stderr.split("Stack backtrace:")[0]?.trim()}`);
    console.error(`Set DENORT_BIN to a denort of Deno ${Deno.version.deno} to compile without`);
    console.error(`a download; the bundle in ${values.outdir} is complete and runs with Deno`);
    return 1;
  }
  if (values.target === undefined) await checkVersion([program]);
  else console.log(`compiled: ${program}`);
  return 0;
}

if (import.meta.main) Deno.exit(await build());
