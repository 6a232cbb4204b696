/**
 * What the lock costs: `deno task bench [--quick] [--rounds N] [--only verdict|path|http] [--json FILE]`.
 *
 * The verdict alone runs under `deno bench`. The whole path runs under the proxy benchmark that
 * stands beside the project (`--harness DIR`), from a client over the shim to a null server,
 * next to floors that do less; without that benchmark, or without Node and a C compiler, this part
 * says so and is left out.
 * @module
 */

import { parseArgs } from "node:util";
import { HTTP_CASES, httpCaseFile, httpTable } from "./bench/http_cases.ts";
import { caseFile, type CaseFiles, CASES } from "./bench/path_cases.ts";
import { type PathResult, pathTable } from "./bench/path_table.ts";
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

/** One mode of the proxy benchmark. */
interface Mode {
  readonly name: "stdio" | "http";
  readonly title: string;
  readonly cases: readonly string[];
  readonly flags: readonly string[];
  caseFile(files: CaseFiles): string | Promise<string>;
  table(result: PathResult): string;
}

const STDIO: Mode = {
  name: "stdio",
  title: "The whole path",
  cases: Object.values(CASES),
  flags: ["--paired"],
  caseFile,
  table: pathTable,
};

const HTTP: Mode = {
  name: "http",
  title: "The whole path over HTTP",
  cases: Object.values(HTTP_CASES),
  flags: ["--sessions", "1,64,256"],
  caseFile: httpCaseFile,
  table: httpTable,
};

async function benchPath(mode: Mode, options: BenchOptions): Promise<number> {
  const missing = await missingForPath(options.harness);
  if (missing !== undefined) {
    console.log(`\n${mode.title} is not measured: ${missing}`);
    return 0;
  }
  console.log(`\n${mode.title}, ${options.rounds} rounds; the rounds are told on stderr\n`);
  const folder = await Deno.makeTempDir({ prefix: "aegis-bench-" });
  try {
    const cases = `${folder}/cases.json`;
    const json = `${folder}/result.json`;
    const here = (path: string) => new URL(path, import.meta.url).pathname;
    await Deno.writeTextFile(
      cases,
      await mode.caseFile({
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
    const names = mode.cases.filter((name) => name !== CASES.direct).join(",");
    const child = new Deno.Command("node", {
      args: [
        ...[`${options.harness}/run.mjs`, "--mode", mode.name, "--cases", cases],
        ...["--only", names, "--rounds", options.rounds, "--json", json, ...mode.flags, ...short],
      ],
      // Each case has a HOME of its own; the modules must not be fetched or compiled again in it.
      env: { DENO: Deno.execPath(), DENO_DIR: await denoDir() },
      stdin: "null",
      stdout: "null",
    }).spawn();
    const { code, signal } = await child.status;
    if (code !== 0) {
      console.error(`${mode.title} is not measured: the benchmark ended with ${signal ?? code}`);
      return code;
    }
    const result = await Deno.readTextFile(json);
    if (options.json !== undefined) await Deno.writeTextFile(options.json, result);
    console.log(mode.table(JSON.parse(result)));
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
  const wants = (part: string) => only === undefined || only === part;
  const options = { quick, rounds, harness, json };
  const codes = [
    wants("verdict") ? await benchVerdict() : 0,
    wants("path") ? await benchPath(STDIO, options) : 0,
    wants("http") ? await benchPath(HTTP, options) : 0,
  ];
  return codes.find((code) => code !== 0) ?? 0;
}

if (import.meta.main) Deno.exit(await bench());
