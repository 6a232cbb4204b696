/**
 * The official conformance suite, directly and through the proxy:
 * `deno task conformance [--direct] [--only server|client] [--proxy COMMAND] [--json]`.
 *
 * Every check must say through the proxy what it says directly, and directly nothing may fail that
 * is in scope: else the exit code is 1. `--proxy` takes a command line in which `{upstream}`,
 * `{policy}`, `{port}`, `{principal}` and `{audit}` are filled in; without it `mcp-aegis serve` runs.
 * @module
 */

import { parseArgs } from "node:util";
import {
  type Count,
  count,
  differences,
  failures,
  type Row,
  total,
} from "./conformance/compare.ts";
import { compareClients, compareServers } from "./conformance/runs.ts";
import { PROXY } from "../tests/e2e/http_proxy.ts";

/** The rows as one object for programs. */
export function asJson(rows: readonly Row[]): string {
  return JSON.stringify(
    rows.map((row) => ({ ...row, differences: differences(row), failures: failures(row) })),
  );
}

/** The rows of one or more runs as text for people. */
export function asText(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ scenario }) => scenario.length));
  return [...new Set(rows.map(({ run }) => run))].flatMap((run) => {
    const own = rows.filter((row) => row.run === run);
    return ["", `${run}: ${sumOf(own)}`, ...own.flatMap((row) => linesOf(row, width))];
  }).join("\n");
}

function sumOf(rows: readonly Row[]): string {
  const sum = (inScope: boolean) => {
    const some = rows.filter(({ outOfScope }) => (outOfScope === undefined) === inScope);
    const through = some.flatMap(({ through }) => through === undefined ? [] : [through]);
    const ways = [total(some.map(({ direct }) => direct)), total(through)];
    return ways.slice(0, through.length > 0 ? 2 : 1).map(shown).join(" → ");
  };
  const others = rows.some(({ outOfScope }) => outOfScope !== undefined);
  return others ? `${sum(true)} (out of scope: ${sum(false)})` : sum(true);
}

function linesOf(row: Row, width: number): string[] {
  const ways = [row.direct, ...(row.through === undefined ? [] : [row.through])];
  const counts = ways.map((way) => shown(count(way))).join(" → ");
  const note = row.outOfScope === undefined ? "" : `  out of scope: ${row.outOfScope}`;
  return [
    `  ${row.scenario.padEnd(width)}  ${counts}${note}`,
    ...failures(row).map((id) => `    fails directly: ${id}`),
    ...differences(row).map((difference) => `    differs: ${difference}`),
  ];
}

/** Passed and failed checks. */
function shown({ passed, failed }: Count): string {
  return `${passed}/${failed}`;
}

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const { values: { direct, json, only, proxy } } = parseArgs({
    args: Deno.args,
    options: {
      direct: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      only: { type: "string" },
      proxy: { type: "string" },
    },
  });
  const through = direct ? undefined : proxy ?? PROXY;
  try {
    const rows: Row[] = [];
    if (only !== "client") rows.push(...await compareServers(through));
    if (only !== "server") rows.push(...await compareClients(through));
    console.log(json ? asJson(rows) : asText(rows));
    return rows.every((row) => differences(row).length + failures(row).length === 0) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
