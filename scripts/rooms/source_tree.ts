/**
 * Reads the files of a project and the imports that Deno sees in them.
 * @module
 */

import { GENERATED } from "./table.ts";

/** One import of a file. */
export interface Import {
  /** As it stands in the file. */
  readonly specifier: string;
  /** A path from the root for a file of the project, else the resolved specifier (`npm:…`, `node:…`). */
  readonly target: string;
  /** Counted from 1. */
  readonly line: number;
  /** True for `import type` and `export type`, which leave nothing at run time. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/** One file of the project. */
export interface SourceFile {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Reads `mod.ts` and everything under `src/`, whether an import reaches it or not. */
export async function readSourceTree(root: string): Promise<readonly SourceFile[]> {
  const base = await Deno.realPath(root);
  const paths = await sourcePaths(base);
  const graph = await moduleGraph(base, paths);
  return await Promise.all(paths.map(async (path) => ({
    path,
    text: await Deno.readTextFile(`${base}/${path}`),
    imports: importsOf(graph.get(`file://${base}/${path}`), base),
  })));
}

async function sourcePaths(base: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const walk = async (folder: string) => {
    for await (const entry of Deno.readDir(`${base}/${folder}`)) {
      const path = `${folder}/${entry.name}`;
      if (path === GENERATED) continue;
      if (entry.isDirectory) await walk(path);
      else if (/\.[cm]?[jt]sx?$/.test(entry.name)) paths.push(path);
    }
  };
  await walk("src");
  for await (const entry of Deno.readDir(base)) {
    if (entry.isFile && entry.name === "mod.ts") paths.push("mod.ts");
  }
  return paths.sort();
}

/** The parts of `deno info --json` that are read here. */
interface InfoModule {
  readonly specifier: string;
  readonly dependencies?: readonly InfoDependency[];
}
interface InfoDependency {
  readonly specifier: string;
  readonly code?: InfoTarget;
  readonly type?: InfoTarget;
  readonly isDynamic?: boolean;
}
interface InfoTarget {
  readonly specifier?: string;
  readonly span?: { readonly start: { readonly line: number } };
}

/** One `deno info` over a module that imports every file, so that unreachable files are seen too. */
async function moduleGraph(
  base: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, InfoModule>> {
  const scratch = await Deno.makeTempDir({ prefix: "rooms-" });
  try {
    const entry = `${scratch}/everything.ts`;
    const lines = paths.map((path) => `import ${JSON.stringify(`file://${base}/${path}`)};\n`);
    await Deno.writeTextFile(entry, lines.join(""));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-npm", "--config", `${base}/deno.json`, entry],
      env: { NO_COLOR: "1" },
    }).output();
    if (code !== 0) {
      throw new Error(`Cannot read the module graph: ${new TextDecoder().decode(stderr)}`);
    }
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
      readonly modules: readonly InfoModule[];
    };
    return new Map(modules.map((module) => [module.specifier, module]));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

function importsOf(module: InfoModule | undefined, base: string): readonly Import[] {
  const here = `file://${base}/`;
  return (module?.dependencies ?? []).flatMap(({ specifier, code, type, isDynamic }) => {
    const edge = (found: InfoTarget | undefined, typeOnly: boolean): Import => {
      const resolved = found?.specifier ?? specifier;
      return {
        specifier,
        target: resolved.startsWith(here) ? resolved.slice(here.length) : resolved,
        line: (found?.span?.start.line ?? 0) + 1,
        typeOnly,
        dynamic: isDynamic === true,
      };
    };
    if (code === undefined) return [edge(type, true)];
    // `@ts-types` names a file of its own for the types.
    const typed = type?.specifier !== undefined && type.specifier !== code.specifier;
    return typed ? [edge(code, false), edge(type, true)] : [edge(code, false)];
  });
}
