/**
 * What the lock costs: `deno task bench [--quick] [--rounds N] [--only verdict|path] [--json FILE]`.
 *
 * The verdict alone runs under `deno bench`. The whole path runs under the proxy benchmark that
 * stands beside the project (`--harness DIR`), from a client over the shim to a null server,
 * next to floors that do less; without that benchmark, or without Node and a C compiler, this part
 * says so and is left out.
 * @module
 */

import { parseArgs } from "node:util";
import { caseFile, CASES } from "./bench/path_cases.ts";
import { pathTable } from "./bench/path_table.ts";
import { bundle, EARLY } from "./compile.ts";

interface BenchOptions {
  readonly quick: boolean;
  readonly rounds: string;
  readonly harness: string;
  readonly json: string | undefined;
}

async function benchVerdict(): Promise<number> {
  console.log("The verdict alone\n");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["bench", "-A", "--quiet", "scripts/bench/"],
    stdin: "null",
  }).spawn();
  return (await child.status).code;
}

async function benchPath(options: BenchOptions): Promise<number> {
  const missing = await missingForPath(options.harness);
  if (missing !== undefined) {
    console.log(`\nThe whole path is not measured: ${missing}`);
    return 0;
  }
  console.log(`\nThe whole path, ${options.rounds} rounds; the rounds are told on stderr\n`);
  const folder = await Deno.makeTempDir({ prefix: "aegis-bench-" });
  try {
    const cases = `${folder}/cases.json`;
    const json = `${folder}/result.json`;
    const here = (path: string) => new URL(path, import.meta.url).pathname;
    await Deno.writeTextFile(
      cases,
      caseFile({
        deno: Deno.execPath(),
        bundled: await bundle({
          entry: "src/cli/main.ts",
          outdir: `${folder}/dist`,
          early: EARLY,
        }),
        source: here("../src/cli/main.ts"),
        floor: here("./bench/floor_reserialise.ts"),
      }),
    );
    const short = options.quick ? ["--phase", "300", "--colds", "2"] : [];
    const names = Object.values(CASES).filter((name) => name !== CASES.direct).join(",");
    const child = new Deno.Command("node", {
      args: [
        ...[`${options.harness}/run.mjs`, "--mode", "stdio", "--cases", cases, "--only", names],
        ...["--paired", "--rounds", options.rounds, "--json", json, ...short],
      ],
      // Each case has a HOME of its own; the modules must not be fetched or compiled again in it.
      env: { DENO: Deno.execPath(), DENO_DIR: await denoDir() },
      stdin: "null",
      stdout: "null",
    }).spawn();
    const { code, signal } = await child.status;
    if (code !== 0) {
      console.error(`The whole path is not measured: the benchmark ended with ${signal ?? code}`);
      return code;
    }
    const result = await Deno.readTextFile(json);
    if (options.json !== undefined) await Deno.writeTextFile(options.json, result);
    console.log(pathTable(JSON.parse(result)));
    return 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function missingForPath(harness: string): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "it reads /proc, which only Linux has";
  try {
    await Deno.stat(`${harness}/run.mjs`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `no benchmark in ${harness}`;
    throw error;
  }
  for (const program of ["node", "cc"]) {
    try {
      await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return `no ${program}`;
      throw error;
    }
  }
  return undefined;
}

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

async function bench(): Promise<number> {
  const { values } = parseArgs({
    args: [...Deno.args],
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      harness: { type: "string", default: "../shared/bench" },
      json: { type: "string" },
    },
  });
  const { quick, only, harness, json } = values;
  const rounds = values.rounds ?? (quick ? "2" : "5");
  const verdict = only === "path" ? 0 : await benchVerdict();
  const path = only === "verdict" ? 0 : await benchPath({ quick, rounds, harness, json });
  return verdict || path;
}

if (import.meta.main) Deno.exit(await bench());
