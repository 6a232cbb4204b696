/**
 * Finds the decision tables that `mcp-aegis test` shall run.
 * @module
 */

import { usageError } from "./exit.ts";

const TABLE = /\.cases\.(?:ya?ml|json)$/;
const POLICY = /\.(?:ya?ml|json)$/;
const USUAL_PLACES = ["policies", "."];

/** Whether a path is named as a decision table is. */
export function isTable(path: string): boolean {
  return TABLE.test(path);
}

/**
 * The tables meant: a table itself, the one beside a policy, or all of a folder. Without words: those
 * of `./policies`, else those of the current folder.
 *
 * @throws {CliError} when there are none.
 */
export async function findTables(words: readonly string[]): Promise<readonly string[]> {
  const found = words.length === 0 ? await usualTables() : [];
  for (const word of words) {
    if (await isFolder(word)) found.push(...await tablesIn(word));
    else if (isTable(word)) found.push(word);
    else found.push(await besides(word));
  }
  if (found.length > 0) return found;
  throw usageError(
    words.length === 0
      ? "Cannot find a decision table in ./policies or in this folder"
      : `Cannot find a decision table in ${words.join(", ")}`,
    "A table is named NAME.cases.yaml and lists who asks for what and what must come of it",
  );
}

async function usualTables(): Promise<string[]> {
  for (const place of USUAL_PLACES) {
    const tables = await isFolder(place) ? await tablesIn(place) : [];
    if (tables.length > 0) return tables;
  }
  return [];
}

async function tablesIn(folder: string): Promise<string[]> {
  const tables: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && isTable(name)) {
      tables.push(folder === "." ? name : `${folder.replace(/[\\/]$/, "")}/${name}`);
    }
  }
  return tables.sort();
}

/** The table beside a policy. */
async function besides(policy: string): Promise<string> {
  const stem = policy.replace(POLICY, "");
  for (const ending of ["yaml", "yml", "json"]) {
    const table = `${stem}.cases.${ending}`;
    if (await exists(table)) return table;
  }
  throw usageError(
    `Cannot find the decision table of ${JSON.stringify(policy)}`,
    `It stands beside the policy: ${stem}.cases.yaml`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory ?? false;
}

async function exists(path: string): Promise<boolean> {
  return await statOf(path) !== undefined;
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined; // not there, or not ours to see: reading it says which
  }
}
